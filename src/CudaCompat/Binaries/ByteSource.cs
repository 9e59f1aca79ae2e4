using Microsoft.Win32.SafeHandles;

namespace CudaCompat.Binaries;

/// <summary>
/// Bytes that are read where they are asked for: a file of gigabytes costs what is looked at. Reading behind the end gives fewer bytes,
/// never an error.
/// </summary>
internal abstract class ByteSource
{
    public abstract long Length { get; }

    /// <summary>Reads from a place; the number of bytes that were there.</summary>
    public int Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset >= Length)
            return 0;
        return ReadInside(offset, into[..(int)Math.Min(into.Length, Length - offset)]);
    }

    /// <summary>True where the whole of the span could be read.</summary>
    public bool Fill(long offset, Span<byte> into) => Read(offset, into) == into.Length;

    protected abstract int ReadInside(long offset, Span<byte> into);
}

/// <summary>The bytes of an open file.</summary>
internal sealed class FileSource(SafeFileHandle file) : ByteSource
{
    public override long Length { get; } = RandomAccess.GetLength(file);

    protected override int ReadInside(long offset, Span<byte> into)
    {
        var read = 0;
        while (read < into.Length && RandomAccess.Read(file, into[read..], offset + read) is var more and > 0)
            read += more;
        return read;
    }
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public override long Length => bytes.Length;

    protected override int ReadInside(long offset, Span<byte> into)
    {
        bytes.Span.Slice((int)offset, into.Length).CopyTo(into);
        return into.Length;
    }
}

/// <summary>A stretch of bytes as a stream, for unpackers.</summary>
internal sealed class SourceStream(ByteSource source, long offset, long length) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(offset + _at, buffer[..(int)Math.Min(buffer.Length, length - _at)]);
        _at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
