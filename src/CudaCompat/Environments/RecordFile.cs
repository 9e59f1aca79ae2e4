using System.Globalization;
using System.Text;

namespace CudaCompat.Environments;

/// <summary>One line of a package's list of files.</summary>
/// <param name="Path">Relative to the folder of packages, with slashes.</param>
/// <param name="Size">In bytes; null where the list does not say.</param>
internal readonly record struct RecordEntry(string Path, long? Size)
{
    /// <summary>True for shared libraries and extension modules: what the loader takes, and what is too large to come whole by chance.</summary>
    public bool IsLibrary
    {
        get
        {
            var name = Path.AsSpan(Path.LastIndexOf('/') + 1);
            return name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal)
                || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".pyd", StringComparison.OrdinalIgnoreCase);
        }
    }

    public bool IsSource => Path.EndsWith(".py", StringComparison.Ordinal);
}

/// <summary>Reads RECORD, the list of what a package installed (path,hash,size; a path with a comma is quoted).</summary>
internal static class RecordFile
{
    /// <summary>The entries that are libraries or Python sources; headers, data and compiled caches are left out.</summary>
    public static List<RecordEntry> Read(string file)
    {
        var entries = new List<RecordEntry>();
        using var reader = new StreamReader(file, Encoding.UTF8, false, 1 << 16);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } entry && (entry.IsSource || entry.IsLibrary))
                entries.Add(entry);
        }

        return entries;
    }

    private static RecordEntry? Parse(string line)
    {
        var last = line.LastIndexOf(',');
        var hash = last > 0 ? line.LastIndexOf(',', last - 1) : -1;
        if (hash <= 0)
            return null;
        var path = line[..hash];
        if (path[0] == '"')
            path = path.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal);
        long? size = long.TryParse(line.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new RecordEntry(path, size);
    }
}
