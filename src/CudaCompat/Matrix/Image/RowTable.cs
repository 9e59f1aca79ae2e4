using System.Collections;

namespace CudaCompat.Matrix.Image;

/// <summary>Makes a row from its cells.</summary>
internal delegate T RowReader<out T>(ref CellReader cells);

/// <summary>The rows of one table of an image, each made when it is first asked for.</summary>
internal sealed class RowTable<T>(DataImage image, int count, int width, int offset, RowReader<T> read) : IReadOnlyList<T>
    where T : class
{
    private T?[]? _rows;

    public int Count => count;

    public T this[int index]
    {
        get
        {
            var rows = _rows ??= new T?[count];
            return rows[index] ??= Read(index);
        }
    }

    /// <summary>The rows with these numbers.</summary>
    public T[] Rows(ReadOnlySpan<int> numbers)
    {
        if (numbers.IsEmpty)
            return [];
        var rows = new T[numbers.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = this[numbers[i]];
        return rows;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T Read(int index)
    {
        var cells = new CellReader(image, offset + 4 * width * index);
        return read(ref cells);
    }
}
