using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing;

/// <summary>A table of tab-separated values, read strictly: the known header, the same number of columns in every line.</summary>
internal static class TsvTable
{
    /// <summary>Splits text into cells.</summary>
    /// <returns>Line number and cells of every line after the header.</returns>
    public static IEnumerable<(int Line, string[] Cells)> Parse(string name, string text, IReadOnlyList<string> columns)
    {
        if (text.Length == 0 || text[^1] != '\n')
            throw new SourceFormatException(name, "end", "the last line has no line end: the file is cut.");
        var lines = text[..^1].Split('\n');
        if (!lines[0].TrimEnd('\r').Split('\t').SequenceEqual(columns))
            throw new SourceFormatException(name, "line 1", $"the columns are not {string.Join(", ", columns)}.");
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
                continue;
            var cells = line.Split('\t');
            if (cells.Length != columns.Count)
                throw new SourceFormatException(name, $"line {i + 1}", $"{cells.Length} columns, expected {columns.Count}.");
            yield return (i + 1, cells);
        }
    }
}
