using System.Collections.Concurrent;
using CudaCompat.Execution;

namespace CudaCompat.Cli.Output;

/// <summary>What a run does, as lines on standard error: one a step, and for downloads one every few seconds.</summary>
internal sealed class ProgressLines(TextWriter writer, bool verbose) : IProgress<ExecutionEvent>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public void Report(ExecutionEvent value)
    {
        if (value is ProgramPrinted && !verbose)
            return; // in the journal's log, and told where a step fails
        if (value is DownloadAdvanced download && !Due(download) || LineOf(value) is not { } line)
            return;
        lock (_lock)
            writer.WriteLine(line);
    }

    /// <summary>An event in words; null for those that tell a person nothing.</summary>
    public static string? LineOf(ExecutionEvent value) => value switch
    {
        StepStarted s => $"[{s.Index + 1}] {s.Description}",
        StepEnded { Report.Outcome: StepOutcome.AlreadyDone } e => $"[{e.Report.Index + 1}] was done: {e.Report.Message}",
        StepEnded { Report.Outcome: StepOutcome.Failed } e => $"[{e.Report.Index + 1}] failed: {e.Report.Message}",
        DownloadAdvanced d => $"    {d.FileName}: {ByteCount.Text(d.Bytes)}{(d.TotalBytes is { } total ? $" of {ByteCount.Text(total)}" : "")}, {ByteCount.Text((long)d.BytesPerSecond)}/s{(d.Remaining is { } left ? $", {left:hh\\:mm\\:ss} left" : "")}",
        DownloadRetried r => $"    {r.FileName}: {r.Reason}; again in {r.Delay.TotalSeconds:0} s",
        ProgramPrinted p => $"    {p.Line}",
        Noted n => $"    {n.Message}",
        _ => null,
    };

    private bool Due(DownloadAdvanced download)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (download.Bytes != download.TotalBytes && _last.TryGetValue(download.FileName, out var before) && now - before < Pause)
            return false;
        _last[download.FileName] = now;
        return true;
    }
}
