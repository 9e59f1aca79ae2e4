using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CudaCompat.Data.Merging;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Refresh;

/// <summary>The rows of one file of data/.</summary>
internal interface IRowSet
{
    /// <summary>The file without its ending: "toolkits".</summary>
    string Subject { get; }

    /// <summary>How many rows.</summary>
    int Count { get; }

    /// <summary>The keys as text.</summary>
    IEnumerable<string> Keys { get; }

    /// <summary>The file, sorted.</summary>
    byte[] ToBytes();

    /// <summary>Every source id that a row names.</summary>
    IEnumerable<string> SourceIds();

    /// <summary>The source ids of every row, by its key.</summary>
    IReadOnlyDictionary<string, string[]> SourcesByKey();

    /// <summary>Every row with its key and its sources, for checks that hold for any file.</summary>
    IEnumerable<(string Key, JsonObject Row)> Json();

    /// <summary>Adds the rows of a file as <see cref="ToBytes"/> writes it.</summary>
    void Load(byte[] file);

    /// <summary>Merges the rows of the same subject, one by one, and says what each did; a row that told nothing is left out.</summary>
    IReadOnlyList<RowChange> Merge(IRowSet fresh);

    /// <summary>Merges one row that a source says.</summary>
    /// <exception cref="SourceFormatException">It is no row of this file.</exception>
    void Say(JsonObject row, string place);

    /// <summary>Takes the rows of <paramref name="fresh"/> that lie under these keys, merged into what is here.</summary>
    void Keep(IRowSet fresh, IReadOnlySet<string> keys);
}

/// <summary>What a merge did to one row.</summary>
/// <param name="Subject">The file.</param>
/// <param name="Key">The key as text.</param>
/// <param name="Fields">Empty for a row that is new.</param>
internal sealed record RowChange(string Subject, string Key, bool IsNew, IReadOnlyList<FieldChange> Fields);

/// <summary>The rows of one file of data/, each under a key of its own, written in the order of the keys.</summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class RowSet<T>(string subject, JsonTypeInfo<T> json, Func<T, IComparable> key, Func<T, string[]> sources) : IRowSet
    where T : class
{
    private readonly Dictionary<IComparable, T> _rows = [];

    /// <inheritdoc/>
    public string Subject => subject;

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _rows.Keys.Select(Text);

    /// <summary>The rows, sorted.</summary>
    public IReadOnlyList<T> Rows => [.. _rows.OrderBy(r => r.Key).Select(r => r.Value)];

    /// <summary>Adds a row; a second one under the same key is an error that names the key.</summary>
    public void Add(T row)
    {
        if (!_rows.TryAdd(key(row), row))
            throw new SourceFormatException(subject + DataFolder.Ending, "key " + key(row), "there are two rows of this key.");
    }

    /// <summary>The row with the key of <paramref name="row"/>, or null.</summary>
    public T? Same(T row) => _rows.GetValueOrDefault(key(row));

    /// <summary>Takes out every row.</summary>
    public void Clear() => _rows.Clear();

    /// <summary>Takes out the row with the key of <paramref name="row"/>.</summary>
    public void Remove(T row) => _rows.Remove(key(row));

    /// <summary>Puts <paramref name="row"/> in the place of the row with its key.</summary>
    public void Replace(T row) => _rows[key(row)] = row;

    /// <summary>The key of a row as reports and data/history/ write it.</summary>
    public string KeyOf(T row) => Text(key(row));

    /// <inheritdoc/>
    public byte[] ToBytes() => DataFile.Write(subject, Rows, json);

    /// <inheritdoc/>
    public IEnumerable<string> SourceIds() => _rows.Values.SelectMany(sources);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string[]> SourcesByKey() => _rows.ToDictionary(r => Text(r.Key), r => sources(r.Value), StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<(string Key, JsonObject Row)> Json() => _rows.OrderBy(r => r.Key).Select(r => (Text(r.Key), Node(r.Value)));

    /// <inheritdoc/>
    public void Load(byte[] file)
    {
        foreach (var row in DataFile.Read(subject + DataFolder.Ending, file, json))
            Add(row);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RowChange> Merge(IRowSet fresh) =>
        [.. ((RowSet<T>)fresh).Rows.Select(Merge).Where(c => c.IsNew || c.Fields.Count > 0)];

    /// <inheritdoc/>
    public void Keep(IRowSet fresh, IReadOnlySet<string> keys)
    {
        foreach (var row in ((RowSet<T>)fresh).Rows.Where(r => keys.Contains(KeyOf(r))))
            Merge(row);
    }

    /// <inheritdoc/>
    public void Say(JsonObject row, string place)
    {
        try
        {
            Merge(row.Deserialize(json)!);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new SourceFormatException(place, row.ToJsonString(), e.Message, e);
        }
    }

    private RowChange Merge(T row)
    {
        var at = key(row);
        if (!_rows.TryGetValue(at, out var known))
        {
            _rows.Add(at, row);
            return new RowChange(subject, Text(at), IsNew: true, []);
        }

        var merged = Node(known);
        var fields = RowMerge.Into(merged, Node(row));
        if (fields.Any(f => !f.Kept))
            _rows[at] = merged.Deserialize(json)!;
        return new RowChange(subject, Text(at), IsNew: false, fields);
    }

    private JsonObject Node(T row) => (JsonObject)JsonSerializer.SerializeToNode(row, json)!;

    private static string Text(IComparable key) => key is string text ? text : key.ToString()!.Trim('(', ')');
}
