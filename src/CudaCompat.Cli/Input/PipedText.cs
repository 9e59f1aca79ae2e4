namespace CudaCompat.Cli.Input;

/// <summary>
/// Text on a redirected standard input that no option asks for: <c>nvidia-smi | cudacompat plan</c>. A program that started the tool may hold the
/// other end open and never write, so nothing is waited for longer than it takes nvidia-smi to begin.
/// </summary>
internal static class PipedText
{
    private const int ChunkBytes = 81920;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The text; null where there is none.</summary>
    public static async Task<string?> ReadAsync(CancellationToken cancel)
    {
        if (!Console.IsInputRedirected)
            return null;
#pragma warning disable CA2000 // Standard input is the process's own, and a read of it may still be under way when this returns.
        var input = Console.OpenStandardInput();
#pragma warning restore CA2000
        var chunk = new byte[ChunkBytes];
        var first = Task.Run(() => Begin(input, chunk), cancel);
        if (await Task.WhenAny(first, Task.Delay(Patience, cancel)).ConfigureAwait(false) != first)
        {
            await Console.Error.WriteLineAsync($"cudacompat: nothing came on standard input within {Patience.TotalSeconds:0} s, so this machine is meant.").ConfigureAwait(false);
            return null;
        }

        var read = await first.ConfigureAwait(false);
        if (read == 0)
            return null;
        var text = TextInput.Read("standard input", input, chunk.AsSpan(0, read));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static int Begin(Stream input, byte[] chunk)
    {
        try
        {
            return input.Read(chunk);
        }
        catch (IOException)
        {
            return 0; // a closed descriptor is no text
        }
    }
}
