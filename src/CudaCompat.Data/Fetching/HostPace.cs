namespace CudaCompat.Data.Fetching;

/// <summary>One request a host at a time, and a pause between two.</summary>
internal sealed class HostPace(TimeSpan pause, TimeProvider time)
{
    private readonly Dictionary<string, Gate> _gates = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits for the host's turn; the turn ends when the result is disposed.</summary>
    public async Task<IDisposable> TurnAsync(string host, CancellationToken cancellation)
    {
        Gate gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(host, out gate!))
                _gates.Add(host, gate = new Gate(time));
        }

        await gate.Lock.WaitAsync(cancellation);
        if (gate.Last is { } last && pause - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, cancellation);
        return gate;
    }

    private sealed class Gate(TimeProvider time) : IDisposable
    {
        public SemaphoreSlim Lock { get; } = new(1);

        public long? Last { get; private set; }

        public void Dispose()
        {
            Last = time.GetTimestamp();
            Lock.Release();
        }
    }
}
