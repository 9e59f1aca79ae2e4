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

    /// <summary>True where there is a row of this key.</summary>
    bool Has(string key);

    /// <summary>The file, sorted.</summary>
    byte[] ToBytes();

    /// <summary>Every source id that a row names.</summary>
    IEnumerable<string> SourceIds();

    /// <summary>Every row with its key and its sources, for checks that hold for any file.</summary>
    IEnumerable<(string Key, JsonObject Row)> Json();

    /// <summary>Adds the rows of a file as <see cref="ToBytes"/> writes it.</summary>
    void Load(byte[] file);

    /// <summary>Merges one row that a source says, and tells what it did.</summary>
    /// <param name="decides">True for what people wrote down.</param>
    /// <exception cref="SourceFormatException">It is no row of this file.</exception>
    RowChange Say(JsonElement row, string place, bool decides = false);

    /// <summary>What is here and was not, or was otherwise, in another set of the same subject.</summary>
    IEnumerable<RowChange> Since(IRowSet before);

    /// <summary>Takes all rows of another set of the same subject.</summary>
    void Take(IRowSet other);
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
    private IReadOnlyList<KeyValuePair<IComparable, T>>? _sorted;
    private IReadOnlyList<T>? _list;
    private HashSet<string>? _keys;

    /// <inheritdoc/>
    public string Subject => subject;

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _rows.Keys.Select(Text);

    private IReadOnlyList<KeyValuePair<IComparable, T>> Sorted => _sorted ??= [.. _rows.OrderBy(r => r.Key)];

    /// <inheritdoc/>
    public bool Has(string key) => (_keys ??= [.. Keys]).Contains(key);

    /// <summary>The rows, sorted.</summary>
    public IReadOnlyList<T> Rows => _list ??= [.. Sorted.Select(r => r.Value)];

    /// <summary>Adds a row; a second one under the same key is an error that names the key.</summary>
    public void Add(T row)
    {
        if (!_rows.TryAdd(key(row), row))
            throw new SourceFormatException(subject + DataFolder.Ending, "key " + key(row), "there are two rows of this key.");
        Changed();
    }

    /// <summary>The row with the key of <paramref name="row"/>, or null.</summary>
    public T? Same(T row) => _rows.GetValueOrDefault(key(row));

    /// <summary>Takes out every row.</summary>
    public void Clear() => Set(_rows.Clear);

    /// <summary>Takes out the row with the key of <paramref name="row"/>.</summary>
    public void Remove(T row) => Set(() => _rows.Remove(key(row)));

    /// <summary>Puts <paramref name="row"/> in the place of the row with its key.</summary>
    public void Replace(T row) => Set(() => _rows[key(row)] = row);

    /// <summary>The key of a row as reports and data/said/ write it.</summary>
    public string KeyOf(T row) => Text(key(row));

    /// <inheritdoc/>
    public byte[] ToBytes() => DataFile.Write(subject, Rows, json);

    /// <inheritdoc/>
    public IEnumerable<string> SourceIds() => _rows.Values.SelectMany(sources);

    /// <inheritdoc/>
    public IEnumerable<(string Key, JsonObject Row)> Json() => Sorted.Select(r => (Text(r.Key), Node(r.Value)));

    /// <inheritdoc/>
    public void Load(byte[] file)
    {
        foreach (var row in DataFile.Read(subject + DataFolder.Ending, file, json))
            Add(row);
    }

    /// <inheritdoc/>
    public void Take(IRowSet other)
    {
        foreach (var (key, row) in ((RowSet<T>)other)._rows)
            _rows.Add(key, row);
        Changed();
    }

    /// <inheritdoc/>
    public IEnumerable<RowChange> Since(IRowSet before)
    {
        var old = ((RowSet<T>)before)._rows;
        foreach (var (at, row) in Sorted)
        {
            if (!old.TryGetValue(at, out var was))
                yield return new RowChange(subject, Text(at), IsNew: true, []);
            else if (!ReferenceEquals(was, row) && Differences(Node(was), Node(row)).ToList() is { Count: > 0 } fields)
                yield return new RowChange(subject, Text(at), IsNew: false, fields);
        }
    }

    /// <inheritdoc/>
    public RowChange Say(JsonElement row, string place, bool decides = false)
    {
        try
        {
            var fresh = row.Deserialize(json)!;
            var at = key(fresh);
            if (!_rows.TryGetValue(at, out var known))
            {
                _rows.Add(at, fresh);
                Changed();
                return new RowChange(subject, Text(at), IsNew: true, []);
            }

            var merged = Node(known);
            var fields = RowMerge.Into(merged, Node(fresh), decides);
            if (fields.Any(f => !f.Kept))
                Replace(merged.Deserialize(json)!);
            return new RowChange(subject, Text(at), IsNew: false, fields);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new SourceFormatException(place, row.GetRawText(), e.Message, e);
        }
    }

    private static IEnumerable<FieldChange> Differences(JsonObject was, JsonObject now) => was.Select(f => f.Key).Union(now.Select(f => f.Key))
        .Where(f => !RowMerge.IsWord(f, was[f] ?? now[f]) && !JsonNode.DeepEquals(was[f], now[f]))
        .Select(f => new FieldChange(f, RowMerge.Text(was[f]), RowMerge.Text(now[f]), Kept: false));

    private void Set(Action change)
    {
        change();
        Changed();
    }

    private void Changed() => (_sorted, _list, _keys) = (null, null, null);

    private JsonObject Node(T row) => (JsonObject)JsonSerializer.SerializeToNode(row, json)!;

    private static string Text(IComparable key) => key is string text ? text : key.ToString()!.Trim('(', ')');
}
