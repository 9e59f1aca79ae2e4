using System.Text;

namespace CudaCompat.Processes;

/// <summary>Keeps all of a small output and the last lines of any output, so that memory stays flat whatever a program prints.</summary>
internal sealed class OutputTail(int lines = 40, int characters = 1 << 20)
{
    private readonly Queue<string> _tail = new();
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _tail];
        }
    }

    /// <summary>The whole output, cut after the first characters that the limit allows.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public void Add(string line)
    {
        lock (_gate)
        {
            if (_text.Length + line.Length < characters)
                _text.Append(line).Append('\n');
            _tail.Enqueue(line.Length > 2000 ? line[..2000] : line);
            if (_tail.Count > lines)
                _tail.Dequeue();
        }
    }
}
