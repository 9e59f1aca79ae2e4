using System.Text;

namespace CudaCompat.Processes;

/// <summary>
/// What a program prints on one stream: its beginning up to a limit, so that memory stays flat whatever comes, and its lines as they are
/// complete. A line without an end is cut.
/// </summary>
internal sealed class OutputText(int most, OutputTail tail)
{
    private const int LongestLine = 2000;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private readonly Lock _gate = new();

    /// <summary>True where more came than is kept.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The beginning of it, every line with the end that Unix writes.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
        }
    }

    /// <summary>Takes in what came next.</summary>
    public void Add(ReadOnlySpan<char> characters)
    {
        var room = most - _text.Length;
        IsOver |= characters.Length > room;
        lock (_gate)
            _text.Append(characters[..Math.Clamp(room, 0, characters.Length)]);
        while (characters.IndexOf('\n') is >= 0 and var end)
        {
            Extend(characters[..end]);
            EndLine();
            characters = characters[(end + 1)..];
        }

        Extend(characters);
    }

    /// <summary>Tells the last line where it has no end.</summary>
    public void Finish()
    {
        if (_line.Length > 0)
            EndLine();
    }

    private void Extend(ReadOnlySpan<char> characters) => _line.Append(characters[..Math.Clamp(LongestLine - _line.Length, 0, characters.Length)]);

    private void EndLine()
    {
        tail.Add(_line.ToString().TrimEnd('\r'));
        _line.Clear();
    }
}
