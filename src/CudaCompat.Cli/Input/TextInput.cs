using CudaCompat.Detection.Text;

namespace CudaCompat.Cli.Input;

/// <summary>Text from a file or from standard input.</summary>
internal static class TextInput
{
    private const long MostBytes = 16 * 1024 * 1024;
    private const int ChunkBytes = 81920;

    /// <summary>Reads a whole file, or standard input for "-".</summary>
    /// <param name="option">What the text is of, for messages.</param>
    /// <param name="file">The file's name, or -.</param>
    /// <param name="wanted">What a person at a terminal is asked to paste.</param>
    /// <exception cref="UsageException">It cannot be read, or is larger than 16 MiB; the message names the option.</exception>
    public static string Read(string option, string file, string wanted = "the document")
    {
        try
        {
            if (file == "-" && !Console.IsInputRedirected)
                Console.Error.WriteLine($"Paste {wanted}, then press {(OperatingSystem.IsWindows() ? "Ctrl-Z and Enter" : "Ctrl-D on a line of its own")}. Ctrl-C stops.");
            using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            return Read(option, stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    /// <summary>Reads to the end of a stream.</summary>
    /// <param name="option">What the text is of, for messages.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="begun">What was read of it before.</param>
    /// <exception cref="UsageException">It is larger than 16 MiB.</exception>
    public static string Read(string option, Stream stream, ReadOnlySpan<byte> begun = default)
    {
        using var buffer = new MemoryStream();
        buffer.Write(begun);
        var chunk = new byte[ChunkBytes];
        int read;
        while ((read = stream.Read(chunk)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MostBytes)
                throw new UsageException($"{option}: more than {MostBytes / 1024 / 1024} MiB.");
        }

        return PastedBytes.Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>A text cut to what a message can show.</summary>
    public static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
