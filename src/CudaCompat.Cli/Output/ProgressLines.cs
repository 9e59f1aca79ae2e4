using System.Collections.Concurrent;
using CudaCompat.Execution;

namespace CudaCompat.Cli.Output;

/// <summary>What a run does, as lines on standard error: one a step, and for downloads one every few seconds.</summary>
internal sealed class ProgressLines(TextWriter writer) : IProgress<ExecutionEvent>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public void Report(ExecutionEvent value)
    {
        var line = value switch
        {
            StepStarted s => $"[{s.Index + 1}] {s.Description}",
            StepEnded { Report.Outcome: StepOutcome.Failed } e => $"[{e.Report.Index + 1}] failed: {e.Report.Message}",
            DownloadAdvanced d when Due(d) => $"    {d.FileName}: {d.Bytes / 1e6:0.0}{(d.TotalBytes is { } total ? $" of {total / 1e6:0.0}" : "")} MB, {d.BytesPerSecond / 1e6:0.0} MB/s{(d.Remaining is { } left ? $", {left:hh\\:mm\\:ss} left" : "")}",
            DownloadRetried r => $"    {r.FileName}: {r.Reason}; again in {r.Delay.TotalSeconds:0} s",
            ProgramPrinted p => $"    {p.Line}",
            Noted n => $"    {n.Message}",
            _ => null,
        };
        if (line is null)
            return;
        lock (_lock)
            writer.WriteLine(line);
    }

    private bool Due(DownloadAdvanced download)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (download.Bytes != download.TotalBytes && _last.TryGetValue(download.FileName, out var before) && now - before < Pause)
            return false;
        _last[download.FileName] = now;
        return true;
    }
}
