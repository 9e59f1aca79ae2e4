using CudaCompat.Matrix.Image;

namespace CudaCompat.Matrix;

/// <summary>A long list of which a plan needs the few rows of one key; the others are not made.</summary>
internal sealed class RowFile<T>
    where T : class
{
    private readonly RowTable<T>? _table;
    private readonly RowIndex? _index;
    private readonly Lazy<IReadOnlyList<T>> _all;
    private readonly Lazy<ILookup<string, T>>? _byKey;

    /// <summary>Rows of an image.</summary>
    public RowFile(RowTable<T> table, RowIndex index)
    {
        _table = table;
        _index = index;
        _all = new Lazy<IReadOnlyList<T>>(table);
    }

    /// <summary>Rows of a file, all read when the first is asked for.</summary>
    public RowFile(Func<IReadOnlyList<T>> all, Func<T, IEnumerable<string>> keys)
    {
        _all = new Lazy<IReadOnlyList<T>>(all);
        _byKey = new Lazy<ILookup<string, T>>(() => All.SelectMany(row => keys(row).Select(key => (key, row))).ToLookup(r => r.key, r => r.row, StringComparer.Ordinal));
    }

    /// <summary>Every row.</summary>
    public IReadOnlyList<T> All => _all.Value;

    /// <summary>The rows of a key, in the order of the file.</summary>
    public T[] Of(string key) => _table is not null ? _table.Rows(_index![key]) : [.. _byKey!.Value[key]];
}
