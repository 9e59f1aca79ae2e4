using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace CudaCompat.Matrix;

/// <summary>
/// A long data file of which a plan needs a few rows: the lines that begin with a key are read, the others are passed over. One row a line and
/// the key first is the shape of every file in data/. What was read stays, since the next plan mostly wants the same.
/// </summary>
internal sealed class RowFile<T>
{
    private static readonly IReadOnlyList<T> None = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<T>> _known = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<T>? _all;
    private readonly string _name;
    private readonly Lazy<byte[]> _bytes;
    private readonly JsonTypeInfo<T>? _type;

    /// <summary>Rows of a file, read when they are asked for.</summary>
    public RowFile(string name, Func<string, byte[]?> read, JsonTypeInfo<T> type)
    {
        _name = name;
        _type = type;
        _bytes = new Lazy<byte[]>(() => read(name) ?? throw new DataFormatException($"{name}: the file is missing."));
    }

    /// <summary>Rows that are there already.</summary>
    public RowFile(IReadOnlyList<T> rows)
    {
        _name = "";
        _all = rows;
        _bytes = new Lazy<byte[]>(() => []);
    }

    /// <summary>The rows whose line begins with <paramref name="prefix"/>; of rows that are there already all, so that the caller compares the key as well.</summary>
    /// <exception cref="DataFormatException">The file is missing, or a row of it is not in its shape.</exception>
    public IReadOnlyList<T> StartingWith(string prefix) => _all ?? _known.GetOrAdd(prefix, static (key, file) => file.Find(key), this);

    /// <summary>Every row.</summary>
    public IReadOnlyList<T> All() => _all ?? DataFile.Read(_name, _bytes.Value, _type!);

    private IReadOnlyList<T> Find(string prefix)
    {
        var key = Encoding.UTF8.GetBytes("\n" + prefix);
        ReadOnlySpan<byte> rest = _bytes.Value;
        using var lines = new MemoryStream();
        for (var at = rest.IndexOf(key); at >= 0; at = rest.IndexOf(key))
        {
            rest = rest[(at + 1)..];
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (lines.Length > 0)
                lines.WriteByte((byte)',');
            lines.Write(line.TrimEnd((byte)','));
            rest = end < 0 ? [] : rest[end..];
        }

        if (lines.Length == 0)
            return None;
        return DataFile.Read(_name, (byte[])[.. "{\"rows\": ["u8, .. lines.GetBuffer().AsSpan(0, (int)lines.Length), .. "]}"u8], _type!);
    }
}
