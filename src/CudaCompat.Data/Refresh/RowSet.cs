using System.Text.Json.Serialization.Metadata;
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

    /// <summary>The file, sorted.</summary>
    byte[] ToBytes();

    /// <summary>Every source id that a row names.</summary>
    IEnumerable<string> SourceIds();
}

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

    /// <summary>Puts <paramref name="row"/> in the place of the row with its key.</summary>
    public void Replace(T row) => _rows[key(row)] = row;

    /// <inheritdoc/>
    public byte[] ToBytes() => DataFile.Write(subject, Rows, json);

    /// <inheritdoc/>
    public IEnumerable<string> SourceIds() => _rows.Values.SelectMany(sources);
}
