using System.Diagnostics;
using CudaCompat.Processes;
using SharpCompress.Compressors.Xz;

namespace CudaCompat.Execution.Archives;

/// <summary>
/// Unpacks an .xz file as a stream: with the system's xz where it is on a trusted path (native and beside us, so about a third faster),
/// else with the managed decoder.
/// </summary>
internal sealed class XzDecoder : IDisposable
{
    private readonly Process? _process;

    private XzDecoder(Stream output, Process? process) => (Output, _process) = (output, process);

    public Stream Output { get; }

    public static XzDecoder Open(string path, TrustedPath? programs)
    {
        if (programs?.Find("xz") is not { } xz)
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
#pragma warning disable CA2000 // the decoder owns both streams
            return new XzDecoder(new XZStream(file), null);
#pragma warning restore CA2000
        }

        var info = new ProcessStartInfo(xz, ["--decompress", "--stdout", "--quiet", "--", path])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        info.Environment.Remove("XZ_OPT"); // the user's wishes are for other work
        info.Environment.Remove("XZ_DEFAULTS");
        var process = Process.Start(info) ?? throw new ProgramNotFoundException(xz, $"{xz} could not be started.");
        process.StandardInput.Close();
        return new XzDecoder(process.StandardOutput.BaseStream, process);
    }

    /// <summary>Why the file is damaged; null where it was unpacked to its end. To be asked once the output is read to its end.</summary>
    public async Task<string?> FailureAsync(CancellationToken cancellation)
    {
        if (_process is null)
            return null;
        var errors = await _process.StandardError.ReadToEndAsync(cancellation).ConfigureAwait(false);
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return _process.ExitCode == 0 ? null : $"xz: exit code {_process.ExitCode}, {EntryName.Printable(errors.Trim())}";
    }

    public void Dispose()
    {
        Output.Dispose();
        if (_process is null)
            return;
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        _process.Dispose();
    }
}
