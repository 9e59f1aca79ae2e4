using System.Buffers.Binary;
using System.Text;

namespace CudaCompat.Matrix.Image;

/// <summary>Collects tables and indexes and writes them as one image; the same rows give the same bytes.</summary>
internal sealed class ImageWriter
{
    private readonly List<byte[]> _strings = [[]];
    private readonly List<uint> _kinds = [ImageFormat.Plain];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int[]> _arrays = [[]];
    private readonly Dictionary<string, int> _arrayIds = new(StringComparer.Ordinal);
    private readonly List<(int Name, int Rows, int Width, List<int> Cells)> _tables = [];
    private readonly List<(int Name, List<int> Pairs)> _indexes = [];

    /// <summary>Adds a table whose rows <paramref name="write"/> puts into cells.</summary>
    public void Table<T>(string name, IEnumerable<T> rows, Action<CellWriter, T> write)
    {
        var cells = new List<int>();
        var count = 0;
        var width = 0;
        foreach (var row in rows)
        {
            var before = cells.Count;
            write(new CellWriter(this, cells), row);
            var written = cells.Count - before;
            if (count++ > 0 && written != width)
                throw new InvalidOperationException($"{name}: a row of {written} cells after rows of {width}.");
            width = written;
        }

        _tables.Add((Plain(name), count, width, cells));
    }

    /// <summary>Adds an index: each key stands for numbers, of rows or of anything else.</summary>
    public void Index(string name, IEnumerable<KeyValuePair<string, int[]>> entries)
    {
        var pairs = new List<int>();
        foreach (var (key, rows) in entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            pairs.Add(Plain(key));
            pairs.Add(Array("#", rows));
        }

        _indexes.Add((Plain(name), pairs));
    }

    /// <summary>The number of a string; 0 for null.</summary>
    public int Text(string? text)
    {
        if (text is null)
            return ImageFormat.Null;
        if (_ids.TryGetValue(text, out var id))
            return id;
        if (IsHexadecimal(text))
            return Add(text, Convert.FromHexString(text), ImageFormat.Hexadecimal);
        var slash = text.LastIndexOf('/') + 1;
        if (slash < 12 || slash == text.Length)
            return Plain(text);
        // Addresses share their folders: the bytes are the number of the part up to the last slash, and the rest.
        var folder = Plain(text[..slash]);
        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(text.AsSpan(slash))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, folder);
        Encoding.UTF8.GetBytes(text.AsSpan(slash), bytes.AsSpan(4));
        return Add(text, bytes, ImageFormat.Joined);
    }

    /// <summary>The number of an array of cells; equal ones of the same type are kept once.</summary>
    public int Array(string type, int[] cells)
    {
        var key = type + ":" + string.Join(',', cells);
        if (_arrayIds.TryGetValue(key, out var id))
            return id;
        _arrays.Add(cells);
        return _arrayIds[key] = _arrays.Count - 1;
    }

    /// <summary>The image.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        var header = new int[ImageFormat.HeaderCells];
        Write(stream, header);
        Begin(header, Section.Strings, stream, _strings.Count);
        var offset = 0u;
        for (var i = 0; i < _strings.Count; i++)
        {
            Write(stream, unchecked((int)(offset | _kinds[i])));
            offset += (uint)_strings[i].Length;
        }

        Write(stream, (int)offset);
        Begin(header, Section.Text, stream, (int)offset);
        foreach (var bytes in _strings)
            stream.Write(bytes);
        while (stream.Length % 4 != 0)
            stream.WriteByte(0);
        var first = stream.Length + 4 * _arrays.Count;
        Begin(header, Section.Arrays, stream, _arrays.Count);
        foreach (var array in _arrays)
        {
            Write(stream, (int)first);
            first += 4 * (1 + array.Length);
        }

        foreach (var array in _arrays)
            Write(stream, [array.Length, .. array]);
        first = stream.Length + 4 * ImageFormat.TableCells * _tables.Count;
        Begin(header, Section.Tables, stream, _tables.Count);
        foreach (var table in _tables)
        {
            Write(stream, [table.Name, table.Rows, table.Width, (int)first]);
            first += 4 * table.Cells.Count;
        }

        foreach (var table in _tables)
            Write(stream, [.. table.Cells]);
        first = stream.Length + 4 * ImageFormat.IndexCells * _indexes.Count;
        Begin(header, Section.Indexes, stream, _indexes.Count);
        foreach (var index in _indexes)
        {
            Write(stream, [index.Name, index.Pairs.Count / 2, (int)first]);
            first += 4 * index.Pairs.Count;
        }

        foreach (var index in _indexes)
            Write(stream, [.. index.Pairs]);
        header[0] = ImageFormat.Magic;
        header[1] = ImageFormat.Version;
        stream.Position = 0;
        Write(stream, header);
        return stream.ToArray();
    }

    // Keys of indexes and names are compared byte by byte, so they are always plain.
    private int Plain(string text)
    {
        if (_ids.TryGetValue(text, out var id) && _kinds[id] == ImageFormat.Plain)
            return id;
        return Add(text, Encoding.UTF8.GetBytes(text), ImageFormat.Plain);
    }

    private int Add(string text, byte[] bytes, uint kind)
    {
        _strings.Add(bytes);
        _kinds.Add(kind);
        return _ids[text] = _strings.Count - 1;
    }

    private static bool IsHexadecimal(string text) =>
        text.Length is >= 32 and <= 64 && text.Length % 2 == 0 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static void Begin(int[] header, Section section, MemoryStream stream, int count)
    {
        header[2 + 2 * (int)section] = (int)stream.Length;
        header[3 + 2 * (int)section] = count;
    }

    private static void Write(MemoryStream stream, params ReadOnlySpan<int> cells)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var cell in cells)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, cell);
            stream.Write(bytes);
        }
    }
}
