namespace CudaCompat.Inspection;

/// <summary>
/// The beginning of what an LZ4 block holds (block format, without a frame). A block that is broken gives what was good of it.
/// </summary>
internal static class Lz4Block
{
    private const int ShortestMatch = 4, MoreFollows = 15;

    /// <summary>Unpacks until the block ends or the space is full; the number of bytes that are good.</summary>
    public static int Unpack(ReadOnlySpan<byte> block, Span<byte> into)
    {
        int at = 0, done = 0;
        while (at < block.Length && done < into.Length)
        {
            var token = block[at++];
            if (Length(block, ref at, token >> 4) is not (var literals and >= 0))
                return done;
            var copied = Math.Min(literals, Math.Min(block.Length - at, into.Length - done));
            block.Slice(at, copied).CopyTo(into[done..]);
            done += copied;
            at += copied;
            if (copied < literals || at + 2 > block.Length)
                return done;
            var distance = block[at] | block[at + 1] << 8;
            at += 2;
            if (distance == 0 || distance > done || Length(block, ref at, token & MoreFollows) is not (var length and >= 0))
                return done;
            // A match may reach into what it writes itself, so it is copied a byte at a time.
            for (var left = Math.Min((long)length + ShortestMatch, into.Length - done); left > 0; left--, done++)
                into[done] = into[done - distance];
        }

        return done;
    }

    private static int Length(ReadOnlySpan<byte> block, ref int at, int length)
    {
        if (length < MoreFollows)
            return length;
        byte more;
        do
        {
            if (at == block.Length || length > int.MaxValue - byte.MaxValue)
                return -1;
            more = block[at++];
            length += more;
        }
        while (more == byte.MaxValue);
        return length;
    }
}
