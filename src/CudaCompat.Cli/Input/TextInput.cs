namespace CudaCompat.Cli.Input;

/// <summary>Text from a file or from standard input.</summary>
internal static class TextInput
{
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>Reads a whole file, or standard input for "-".</summary>
    /// <exception cref="UsageException">It cannot be read, or is larger than 16 MiB; the message names the option.</exception>
    public static string Read(string option, string file)
    {
        try
        {
            using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var buffer = new MemoryStream();
            var chunk = new byte[81920];
            int read;
            while ((read = stream.Read(chunk)) > 0)
            {
                buffer.Write(chunk, 0, read);
                if (buffer.Length > MostBytes)
                    throw new UsageException($"{option}: more than {MostBytes / 1024 / 1024} MiB.");
            }

            buffer.Position = 0;
            using var reader = new StreamReader(buffer, System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    /// <summary>A text cut to what a message can show.</summary>
    public static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
