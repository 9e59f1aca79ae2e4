using System.Text;

namespace CudaCompat.Matrix.Image;

/// <summary>Sorted keys, each standing for some numbers; looked up by halving, without decoding a key.</summary>
internal sealed class RowIndex(DataImage image, int count, int offset)
{
    private const int LongestOnStack = 256;

    public int Count => count;

    /// <summary>The numbers of a key; none where the key is not there.</summary>
    public ReadOnlySpan<int> this[string key]
    {
        get
        {
            var place = Search(key);
            return place < 0 ? [] : At(place);
        }
    }

    /// <summary>The numbers of the key at a place.</summary>
    public ReadOnlySpan<int> At(int place) => image.Numbers(image.Cell(offset + 8 * place + 4));

    /// <summary>The key at a place.</summary>
    public string KeyAt(int place) => image.Text(image.Cell(offset + 8 * place))!;

    /// <summary>The place of a key, or the complement of the place where it would stand.</summary>
    public int Search(string key)
    {
        Span<byte> bytes = key.Length <= LongestOnStack / 3 ? stackalloc byte[LongestOnStack] : new byte[Encoding.UTF8.GetMaxByteCount(key.Length)];
        bytes = bytes[..Encoding.UTF8.GetBytes(key, bytes)];
        int low = 0, high = count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = image.Utf8(image.Cell(offset + 8 * middle)).SequenceCompareTo(bytes);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}
