using System.Buffers.Binary;

namespace CudaCompat.Execution.Archives;

/// <summary>
/// Reads from the end of an .xz file how many bytes it holds, without unpacking it: footer, index, stream by stream backwards.
/// Format: https://tukaani.org/xz/xz-file-format.txt, sections 2.1.2 and 4.
/// </summary>
internal static class XzIndex
{
    private const int FooterSize = 12;
    private const int HeaderSize = 12;

    /// <summary>The unpacked size; null where the file does not end as an .xz file does (it is damaged, the decoder will say how).</summary>
    public static long? UnpackedSize(Stream file)
    {
        try
        {
            long end = file.Length, total = 0;
            while (end > 0)
            {
                end = SkipPadding(file, end);
                var (start, size) = ReadStream(file, end);
                if (start < 0)
                    return null;
                total = checked(total + size);
                end = start;
            }

            return total;
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            return null;
        }
    }

    private static long SkipPadding(Stream file, long end)
    {
        Span<byte> four = stackalloc byte[4];
        while (end >= 4)
        {
            file.Position = end - 4;
            file.ReadExactly(four);
            if (BinaryPrimitives.ReadUInt32LittleEndian(four) != 0)
                break;
            end -= 4;
        }

        return end;
    }

    // The start of the stream that ends at end, and what it holds; start is -1 where there is no such stream.
    private static (long Start, long Size) ReadStream(Stream file, long end)
    {
        if (end < HeaderSize + FooterSize)
            return (-1, 0);
        Span<byte> footer = stackalloc byte[FooterSize];
        file.Position = end - FooterSize;
        file.ReadExactly(footer);
        if (!footer[10..].SequenceEqual("YZ"u8))
            return (-1, 0);
        var indexSize = ((long)BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1) * 4;
        var indexStart = end - FooterSize - indexSize;
        if (indexStart < HeaderSize || indexSize > 64 << 20)
            return (-1, 0);
        var index = new byte[indexSize];
        file.Position = indexStart;
        file.ReadExactly(index);
        if (index[0] != 0)
            return (-1, 0);
        var position = 1;
        var records = ReadNumber(index, ref position);
        long packed = 0, unpacked = 0;
        for (long i = 0; i < records; i++)
        {
            packed = checked(packed + ((ReadNumber(index, ref position) + 3) & ~3L));
            unpacked = checked(unpacked + ReadNumber(index, ref position));
        }

        return (indexStart - packed - HeaderSize, unpacked);
    }

    private static long ReadNumber(byte[] bytes, ref int position)
    {
        long number = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            if (position >= bytes.Length)
                throw new EndOfStreamException();
            var next = bytes[position++];
            number |= (long)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return number;
        }

        throw new OverflowException();
    }
}
