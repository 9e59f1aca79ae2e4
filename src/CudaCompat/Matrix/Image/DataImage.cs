using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CudaCompat.Matrix.Image;

/// <summary>
/// An image in memory. Nothing is decoded before it is asked for, and then once: strings and arrays are shared between the rows that name
/// them. Safe to share between threads: two that decode the same thing make equal ones, and one of them stays.
/// </summary>
internal sealed unsafe class DataImage
{
    // The embedded image is read where the executable is mapped; an image made from files lies in a pinned array, which is kept alive here.
    private readonly byte* _bytes;
    private readonly int _length;
    private readonly byte[]? _pinned;
    private readonly string _name;
    private readonly int _strings;
    private readonly int _text;
    private readonly int _arrays;
    private readonly string?[] _texts;
    private readonly Array?[] _arrayValues;

    private DataImage(string name, byte* bytes, int length, byte[]? pinned)
    {
        _name = name;
        _bytes = bytes;
        _length = length;
        _pinned = pinned;
        if (length < 4 * ImageFormat.HeaderCells || Cell(0) != ImageFormat.Magic)
            throw Damaged("it is not a data image");
        if (Cell(4) != ImageFormat.Version)
            throw new DataFormatException($"{name}: it has the layout {Cell(4)}; this library reads {ImageFormat.Version}.");
        _strings = OffsetOf(Section.Strings);
        _text = OffsetOf(Section.Text);
        _arrays = OffsetOf(Section.Arrays);
        _texts = new string?[CountOf(Section.Strings)];
        _arrayValues = new Array?[CountOf(Section.Arrays)];
    }

    /// <summary>An image in an array.</summary>
    public static DataImage Of(string name, ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return new DataImage(name, (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), pinned.Length, pinned);
    }

    /// <summary>An image in a stream; where the stream lies in memory for good, as a resource does, it is not copied.</summary>
    public static DataImage Of(string name, Stream stream)
    {
        if (stream is UnmanagedMemoryStream mapped)
            return new DataImage(name, mapped.PositionPointer, (int)mapped.Length, null);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Of(name, bytes);
    }

    private ReadOnlySpan<byte> Bytes => new(_bytes, _length);

    public int Cell(int offset) => BinaryPrimitives.ReadInt32LittleEndian(Bytes[offset..]);

    /// <summary>The string of a number; null for 0.</summary>
    public string? Text(int id)
    {
        if (id == ImageFormat.Null)
            return null;
        return _texts[id] ??= Decode(id);
    }

    /// <summary>The array of a number, its cells turned into values; null for 0.</summary>
    public T[]? Array<T>(int id, Func<DataImage, int, T> value)
    {
        if (id == ImageFormat.Null)
            return null;
        if (_arrayValues[id] is T[] known)
            return known;
        var cells = Numbers(id);
        var values = new T[cells.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(this, cells[i]);
        _arrayValues[id] = values;
        return values;
    }

    /// <summary>The cells of an array as they stand.</summary>
    public ReadOnlySpan<int> Numbers(int id)
    {
        var offset = Cell(_arrays + 4 * id);
        return MemoryMarshal.Cast<byte, int>(Bytes.Slice(offset + 4, 4 * Cell(offset)));
    }

    /// <summary>A table, its rows made by <paramref name="read"/> when they are asked for.</summary>
    public RowTable<T> Table<T>(string name, RowReader<T> read)
        where T : class
    {
        var tables = OffsetOf(Section.Tables);
        for (var i = 0; i < CountOf(Section.Tables); i++)
        {
            var at = tables + 4 * ImageFormat.TableCells * i;
            if (Text(Cell(at)) == name)
                return new RowTable<T>(this, Cell(at + 4), Cell(at + 8), Cell(at + 12), read);
        }

        throw Damaged($"it has no table '{name}'");
    }

    /// <summary>An index.</summary>
    public RowIndex Index(string name)
    {
        var indexes = OffsetOf(Section.Indexes);
        for (var i = 0; i < CountOf(Section.Indexes); i++)
        {
            var at = indexes + 4 * ImageFormat.IndexCells * i;
            if (Text(Cell(at)) == name)
                return new RowIndex(this, Cell(at + 4), Cell(at + 8));
        }

        throw Damaged($"it has no index '{name}'");
    }

    /// <summary>The bytes of a plain string.</summary>
    public ReadOnlySpan<byte> Utf8(int id) => Span(id, out _);

    public DataFormatException Damaged(string what) => new($"{_name}: {what}.");

    private string Decode(int id)
    {
        var bytes = Span(id, out var kind);
        return kind switch
        {
            ImageFormat.Hexadecimal => Convert.ToHexStringLower(bytes),
            ImageFormat.Joined => string.Concat(Text(BinaryPrimitives.ReadInt32LittleEndian(bytes)), Encoding.UTF8.GetString(bytes[4..])),
            _ => Encoding.UTF8.GetString(bytes),
        };
    }

    private ReadOnlySpan<byte> Span(int id, out uint kind)
    {
        var start = (uint)Cell(_strings + 4 * id);
        var end = (uint)Cell(_strings + 4 * id + 4) & ~ImageFormat.KindMask;
        kind = start & ImageFormat.KindMask;
        start &= ~ImageFormat.KindMask;
        return Bytes.Slice(_text + (int)start, (int)(end - start));
    }

    private int OffsetOf(Section section) => Cell(4 * (2 + 2 * (int)section));

    private int CountOf(Section section) => Cell(4 * (3 + 2 * (int)section));
}
