using System.Globalization;

namespace CudaCompat.Data.Parsing;

/// <summary>Lines of a text document with their numbers, white space collapsed as browsers do.</summary>
internal static class TextLines
{
    /// <summary>"line 12".</summary>
    public static string Place(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line}");

    /// <summary>Every line, numbered from 1, with runs of white space collapsed and the ends trimmed; empty lines included.</summary>
    public static IEnumerable<(int Number, string Text)> Of(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            yield return (i + 1, Collapse(lines[i]));
    }

    /// <summary>Collapses every run of white space, the no-break space included.</summary>
    public static string Collapse(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The cells of a line drawn with bars, trimmed.</summary>
    public static string[] Cells(string line) => line.Split('|', StringSplitOptions.TrimEntries);
}
