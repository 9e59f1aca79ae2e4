using System.Globalization;

namespace CudaCompat.Execution.Runs;

/// <summary>The log of a run: everything that is told, and every line that its programs print, with the time. It never stops a run.</summary>
internal sealed class RunLog : IProgress<ExecutionEvent>, IDisposable
{
    private readonly IProgress<ExecutionEvent>? _next;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private StreamWriter? _file;

    /// <summary>The log in a journal's folder; what is reported goes on to <paramref name="next"/>.</summary>
    public RunLog(string journalFolder, IProgress<ExecutionEvent>? next, TimeProvider clock)
    {
        (_next, _clock) = (next, clock);
        try
        {
            _file = new StreamWriter(Path.Combine(journalFolder, "log.txt"), append: true) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _file = null;
        }
    }

    public void Report(ExecutionEvent value)
    {
        if (LineOf(value) is { } line)
        {
            lock (_gate)
            {
                try
                {
                    _file?.WriteLine($"{_clock.GetUtcNow().ToString("u", CultureInfo.InvariantCulture)} {line}");
                }
                catch (IOException)
                {
                    _file = null; // a full disk is told by what needs the space
                }
            }
        }

        _next?.Report(value);
    }

    public void Dispose() => _file?.Dispose();

    private static string? LineOf(ExecutionEvent value) => value switch
    {
        StepStarted s => $"step {s.Index + 1} begins: {s.Description}",
        StepEnded e => $"step {e.Report.Index + 1} {e.Report.Outcome}: {e.Report.Message}",
        ProgramPrinted p => "| " + p.Line,
        DownloadRetried r => $"{r.FileName}: {r.Reason}",
        ArchiveUnpacked a => $"{a.FileName}: {a.Entries} entries unpacked",
        Noted n => n.Message,
        _ => null,
    };
}
