using System.Text;

namespace CudaCompat.Cli;

/// <summary>UTF-8 on every console while the tool runs: documents are UTF-8, and names outside a code page are not lost.</summary>
internal sealed class Utf8Terminal : IDisposable
{
    private readonly Encoding? _before;

    public Utf8Terminal()
    {
        // Elsewhere the runtime writes UTF-8 unless the locale says otherwise.
        if (Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage)
            return;
        try
        {
            _before = Console.OutputEncoding;
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            _before = null; // no console is there to be set
        }
    }

    public void Dispose()
    {
        if (_before is null || !OperatingSystem.IsWindows())
            return;
        Console.Out.Flush();
        Console.OutputEncoding = _before; // the console outlives the tool
    }
}
