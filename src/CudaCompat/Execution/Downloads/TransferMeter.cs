namespace CudaCompat.Execution.Downloads;

/// <summary>Speed and time left of one file, reported a few times a second.</summary>
internal sealed class TransferMeter(string fileName, IProgress<ExecutionEvent> events, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private long _since = clock.GetTimestamp();
    private long _bytesThen = -1;
    private long _bytes;
    private long? _total;
    private double _speed;

    /// <summary>Takes in how far the file is.</summary>
    public void Advance(long bytes, long? total)
    {
        (_bytes, _total) = (bytes, total);
        if (_bytesThen < 0 || bytes < _bytesThen)
            _bytesThen = bytes;
        var elapsed = clock.GetElapsedTime(_since);
        if (elapsed < Interval)
            return;
        var now = (bytes - _bytesThen) / elapsed.TotalSeconds;
        _speed = _speed == 0 ? now : (_speed * 0.7) + (now * 0.3);
        (_since, _bytesThen) = (clock.GetTimestamp(), bytes);
        Report();
    }

    /// <summary>Reports the end.</summary>
    public void Finish() => Report();

    private void Report()
    {
        TimeSpan? remaining = _total is { } total && _speed > 0 ? TimeSpan.FromSeconds(Math.Min((total - _bytes) / _speed, 1e7)) : null;
        events.Report(new DownloadAdvanced(fileName, _bytes, _total, _speed, remaining));
    }
}
