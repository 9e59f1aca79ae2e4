namespace CudaCompat.Cli.Output;

/// <summary>Sentences folded to the width of the terminal, hanging under their mark.</summary>
internal static class Lines
{
    private const int DefaultWidth = 80;

    public static int Width
    {
        get
        {
            if (Console.IsOutputRedirected)
                return DefaultWidth;
            try
            {
                return Math.Clamp(Console.WindowWidth, 40, 140);
            }
            catch (IOException)
            {
                return DefaultWidth;
            }
        }
    }

    /// <summary>Writes <paramref name="text"/> after <paramref name="mark"/> (of <paramref name="markWidth"/> columns), folded at blanks.</summary>
    public static void Write(TextWriter writer, string mark, int markWidth, string text)
    {
        var width = Math.Max(20, Width - markWidth);
        var indent = new string(' ', markWidth);
        var first = true;
        foreach (var paragraph in text.Split('\n'))
        {
            var rest = paragraph.AsSpan().TrimEnd();
            do
            {
                var cut = rest.Length <= width ? rest.Length : rest[..(width + 1)].LastIndexOf(' ');
                if (cut <= 0)
                {
                    // A word longer than the line (a URL) is not broken.
                    cut = rest.IndexOf(' ');
                    if (cut < 0)
                        cut = rest.Length;
                }

                writer.Write(first ? mark : indent);
                writer.WriteLine(rest[..cut]);
                rest = rest[cut..].TrimStart();
                first = false;
            }
            while (!rest.IsEmpty);
        }
    }
}
