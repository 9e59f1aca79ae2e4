using System.Buffers.Binary;
using System.Text;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing;

/// <summary>Reads MessagePack, as far as conda's shards use it: nil, booleans, numbers, texts, bytes, lists and maps by text.</summary>
internal sealed class MessagePack
{
    private const int Deepest = 32;
    private readonly string _file;
    private readonly byte[] _bytes;
    private int _at;

    private MessagePack(string file, byte[] bytes) => (_file, _bytes) = (file, bytes);

    /// <summary>Reads one value, which must be all there is. Maps become dictionaries, lists arrays of objects, numbers long or double.</summary>
    public static object? Parse(string file, byte[] bytes)
    {
        var reader = new MessagePack(file, bytes);
        var value = reader.Value(0);
        return reader._at == bytes.Length ? value : throw reader.Bad("there is more after the end");
    }

    private object? Value(int depth)
    {
        if (depth > Deepest)
            throw Bad("too deep");
        var mark = Take(1)[0];
        return mark switch
        {
            <= 0x7f => (long)mark,
            <= 0x8f => Map(mark & 0x0f, depth),
            <= 0x9f => List(mark & 0x0f, depth),
            <= 0xbf => Text(mark & 0x1f),
            0xc0 => null,
            0xc2 => false,
            0xc3 => true,
            0xc4 => Take(Take(1)[0]).ToArray(),
            0xc5 => Take(Two()).ToArray(),
            0xc6 => Take(Four()).ToArray(),
            0xca => (double)BinaryPrimitives.ReadSingleBigEndian(Take(4)),
            0xcb => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            0xcc => (long)Take(1)[0],
            0xcd => (long)BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xce => (long)BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xcf or 0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            0xd0 => (long)(sbyte)Take(1)[0],
            0xd1 => (long)BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xd2 => (long)BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xd9 => Text(Take(1)[0]),
            0xda => Text(Two()),
            0xdb => Text(Four()),
            0xdc => List(Two(), depth),
            0xdd => List(Four(), depth),
            0xde => Map(Two(), depth),
            0xdf => Map(Four(), depth),
            >= 0xe0 => (long)(sbyte)mark,
            _ => throw Bad($"type 0x{mark:x2} is not known"),
        };
    }

    private Dictionary<string, object?> Map(int count, int depth)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            if (Value(depth + 1) is not string key || !map.TryAdd(key, Value(depth + 1)))
                throw Bad("a key is no text, or stands twice");
        }

        return map;
    }

    private object?[] List(int count, int depth)
    {
        if (count > _bytes.Length - _at)
            throw Bad("it is cut");
        var list = new object?[count];
        for (var i = 0; i < count; i++)
            list[i] = Value(depth + 1);
        return list;
    }

    private string Text(int length) => Encoding.UTF8.GetString(Take(length));

    private int Two() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    private int Four() => BinaryPrimitives.ReadUInt32BigEndian(Take(4)) is var length && length <= int.MaxValue ? (int)length : throw Bad("it is too long");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw Bad("it is cut");
        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }

    private SourceFormatException Bad(string problem) => new(_file, $"byte {_at}", $"no MessagePack: {problem}.");
}
