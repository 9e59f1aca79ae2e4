namespace CudaCompat.Cli.Commands;

/// <summary>Lines of bytes from a stream in a buffer that grows only to the longest line allowed.</summary>
internal sealed class LineReader(Stream stream, int longest) : IDisposable
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _done;

    /// <summary>The next line, valid until the next call; false at the end.</summary>
    public bool Next(out ReadOnlyMemory<byte> line, out bool tooLong)
    {
        tooLong = false;
        var searched = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = tooLong ? default : _buffer.AsMemory(_start, searched + newline - _start);
                _start = searched + newline + 1;
                return true;
            }

            if (tooLong || _end - _start > longest)
            {
                // The rest of the line is passed over without being kept.
                tooLong = true;
                _start = _end = 0;
            }

            searched = _end - _start;
            if (_done || !Fill())
            {
                line = tooLong ? default : _buffer.AsMemory(_start, _end - _start);
                var any = tooLong || _end > _start;
                _start = _end = 0;
                return any;
            }

            searched += _start;
        }
    }

    public void Dispose() => stream.Dispose();

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _done = read == 0;
        _end += read;
        return read > 0;
    }
}
