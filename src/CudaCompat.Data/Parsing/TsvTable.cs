using System.Globalization;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing;

/// <summary>A table of tab-separated values, read strictly: the known header, the same number of columns in every line, no duplicate line.</summary>
internal sealed class TsvTable : List<TsvRow>
{
    private TsvTable(IEnumerable<TsvRow> rows)
        : base(rows)
    {
    }

    /// <summary>Splits text into cells: pure, and what <see cref="Of"/> builds on.</summary>
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

    /// <summary>Reads a source file. <paramref name="key"/> names the columns (joined by a space) that identify a row; equal keys are an error. An empty key takes the whole line.</summary>
    public static TsvTable Of(SourceFile file, string key, IReadOnlyList<string> columns)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
            index.Add(columns[i], i);
        var keys = key.Length == 0 ? [.. Enumerable.Range(0, columns.Count)] : key.Split(' ').Select(k => index[k]).ToArray();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<TsvRow>();
        foreach (var (line, cells) in Parse(file.Path, file.Text, columns))
        {
            var id = string.Join(' ', keys.Select(k => cells[k]));
            if (!seen.TryAdd(id, line))
                throw new SourceFormatException(file.Path, $"line {line}", $"duplicate key '{id}', first in line {seen[id]}.");
            rows.Add(file.Count(new TsvRow(file, line, id, index, cells)));
        }

        return new TsvTable(rows);
    }
}

/// <summary>One line of a <see cref="TsvTable"/>.</summary>
internal sealed class TsvRow(SourceFile file, int line, string key, Dictionary<string, int> columns, string[] cells)
    : SourceRecord(file, string.Create(CultureInfo.InvariantCulture, $"line {line}"), key)
{
    /// <summary>The cell, perhaps empty.</summary>
    public string this[string column] => cells[columns[column]];

    /// <summary>The cell, null where empty.</summary>
    public string? Text(string column) => this[column] is { Length: > 0 } text ? text : null;

    /// <summary>The cell, which must not be empty.</summary>
    public string Required(string column) => Text(column) ?? throw Error($"column {column} is empty.");

    /// <summary>The cell as a version.</summary>
    public T Required<T>(string column)
        where T : struct, IVersionText<T>
    {
        var text = Required(column);
        return T.TryParse(text, out var value) ? value : throw Error($"column {column}: '{text}' is not a {typeof(T).Name}.");
    }

    /// <summary>The cell as a version, null where empty.</summary>
    public T? Optional<T>(string column)
        where T : struct, IVersionText<T> => Text(column) is null ? null : Required<T>(column);

    /// <summary>The cell as a whole number, null where empty.</summary>
    public long? Number(string column) => Text(column) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Error($"column {column}: '{text}' is not a whole number.");
}
