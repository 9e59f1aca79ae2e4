namespace CudaCompat.Processes;

/// <summary>The last lines of what a program prints on all its streams, secrets masked; each is told as it comes.</summary>
internal sealed class OutputTail(Action<string>? onLine)
{
    private const int MostLines = 40;

    private readonly Queue<string> _lines = new();
    private readonly Lock _gate = new();

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    public void Add(string line)
    {
        var masked = SecretText.Mask(line);
        lock (_gate)
        {
            _lines.Enqueue(masked);
            if (_lines.Count > MostLines)
                _lines.Dequeue();
        }

        onLine?.Invoke(masked);
    }
}
