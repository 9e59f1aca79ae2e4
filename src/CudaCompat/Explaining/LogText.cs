using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace CudaCompat.Explaining;

/// <summary>Opens a log in whatever encoding a console wrote it: by its mark, by the zeros of UTF-16, as UTF-8 where it is that, else byte by byte.</summary>
internal static class LogText
{
    private const int Looked = 64 * 1024;

    public static TextReader Open(Stream stream)
    {
        var start = new byte[Looked];
        var length = stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
        return new StreamReader(new Rest(start.AsMemory(0, length), stream), EncodingOf(start.AsSpan(0, length)), detectEncodingFromByteOrderMarks: true, bufferSize: Looked);
    }

    private static Encoding EncodingOf(ReadOnlySpan<byte> start)
    {
        if (start is [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [0xef, 0xbb, 0xbf, ..])
            return Encoding.UTF8; // the mark decides
        var pairs = Math.Min(start.Length / 2, 512);
        var (low, high) = (0, 0);
        for (var i = 0; i < pairs; i++)
        {
            var pair = BinaryPrimitives.ReadUInt16LittleEndian(start[(2 * i)..]);
            low += pair is > 0 and < 0x100 ? 1 : 0;
            high += (pair & 0xff) == 0 && pair != 0 ? 1 : 0;
        }

        if (pairs > 4 && low * 4 > pairs * 3)
            return Encoding.Unicode;
        if (pairs > 4 && high * 4 > pairs * 3)
            return Encoding.BigEndianUnicode;
        var whole = start;
        for (var cut = 0; cut < 4 && whole.Length > 0; cut++, whole = whole[..^1]) // a character may be cut at the end
        {
            if (Utf8.IsValid(whole))
                return Encoding.UTF8;
        }

        return Encoding.Latin1;
    }

    /// <summary>The bytes that were looked at, then the rest of the stream.</summary>
    private sealed class Rest(ReadOnlyMemory<byte> start, Stream stream) : Stream
    {
        private ReadOnlyMemory<byte> _start = start;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_start.IsEmpty)
                return stream.Read(buffer);
            var count = Math.Min(buffer.Length, _start.Length);
            _start.Span[..count].CopyTo(buffer);
            _start = _start[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
