using System.Text.RegularExpressions;

namespace CudaCompat.Data.Refresh;

/// <summary>Where a captured document came from, as PROVENANCE.tsv beside it says.</summary>
/// <param name="Title">A title for people, null: the path serves.</param>
/// <param name="Url">The first public address named, or null.</param>
/// <param name="Date">yyyy-MM-dd or yyyy-MM, the last date named, or null.</param>
/// <param name="Note">What else is said.</param>
internal sealed partial record Provenance(string? Title, string? Url, string? Date, string? Note)
{
    public static readonly Provenance Unknown = new(null, null, null, null);

    /// <summary>Reads a PROVENANCE.tsv: the first column names a file, a folder ("x/") or a pattern with stars; the others say where it is from.</summary>
    public static Dictionary<string, Provenance> Parse(string file, string text)
    {
        var table = new Dictionary<string, Provenance>(StringComparer.Ordinal);
        var lines = text.Split('\n');
        var header = lines[0].TrimEnd('\r').Split('\t');
        if (header is not ["file", ..])
            throw new SourceFormatException(file, "line 1", "the header does not begin with 'file'.");
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
                continue;
            var cells = line.Split('\t');
            if (cells.Length > header.Length)
                throw new SourceFormatException(file, $"line {i + 1}", $"{cells.Length} columns, expected {header.Length}.");
            if (!table.TryAdd(cells[0], Read(header, cells)))
                throw new SourceFormatException(file, $"line {i + 1}", $"duplicate key '{cells[0]}'.");
        }

        return table;
    }

    private static Provenance Read(string[] header, string[] cells)
    {
        string? url = null, date = null;
        var notes = new List<string>();
        for (var i = 1; i < cells.Length; i++)
        {
            var cell = cells[i].Trim();
            if (cell.Length == 0)
                continue;
            if (header[i] == "date")
            {
                date = Dates().Matches(cell).Select(m => m.Value).Max(StringComparer.Ordinal);
                if (date != cell)
                    notes.Add("date: " + cell);
                continue;
            }

            if (url is null)
            {
                url = Address().Match(cell) is { Success: true } match ? match.Value.TrimEnd('.', ',', ')') : null;
                if (url == cell)
                    continue;
            }

            notes.Add(cell);
        }

        return new Provenance(null, url, date, notes.Count == 0 ? null : string.Join("; ", notes));
    }

    [GeneratedRegex(@"\b20\d\d-\d\d(?:-\d\d)?\b", RegexOptions.CultureInvariant)]
    private static partial Regex Dates();

    [GeneratedRegex(@"https?://[^\s;()]+", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
