using System.Collections.Concurrent;
using CudaCompat.Execution;
using Spectre.Console;

namespace CudaCompat.Cli.Output;

/// <summary>What a run does, on a terminal: a line a step, and under them a bar for each file that is on its way.</summary>
internal sealed class LiveProgress : IProgress<ExecutionEvent>
{
    private readonly IAnsiConsole _console;
    private readonly ProgressContext _bars;
    private readonly ConcurrentDictionary<string, ProgressTask> _downloads = new(StringComparer.Ordinal);

    private readonly bool _verbose;
    private ProgressTask? _step;

    private LiveProgress(IAnsiConsole console, ProgressContext bars, bool verbose)
    {
        _console = console;
        _bars = bars;
        _verbose = verbose;
    }

    /// <summary>Runs <paramref name="work"/> with a display that is gone when it ends.</summary>
    public static Task<T> RunAsync<T>(TextWriter terminal, Func<IProgress<ExecutionEvent>, Task<T>> work, bool verbose)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
        return console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(bars => work(new LiveProgress(console, bars, verbose)));
    }

    public void Report(ExecutionEvent value)
    {
        if (value is StepEnded && _step is not null)
        {
            _step.StopTask();
            _step.Value = _step.MaxValue;
            _step = null;
        }

        if (value is DownloadAdvanced download)
            Advance(download);
        else if (value is ProgramPrinted printed && !_verbose)
            Show(printed.Line);
        else if (ProgressLines.LineOf(value) is { } line)
            _console.Write(new Text(line + Environment.NewLine));
    }

    // What a program prints is one line that comes and goes; the whole of it is in the journal's log.
    private void Show(string line)
    {
        if (_step is null)
        {
            _step = _bars.AddTask("…");
            _step.IsIndeterminate = true;
        }

        var text = line.Trim();
        if (text.Length > 0)
            _step.Description = Markup.Escape(text.Length <= 60 ? text : text[..59] + "…");
    }

    private void Advance(DownloadAdvanced download)
    {
        var bar = _downloads.GetOrAdd(download.FileName, static (name, bars) => bars.AddTask(Markup.Escape(Shortened(name))), _bars);
        bar.IsIndeterminate = download.TotalBytes is null;
        bar.MaxValue = download.TotalBytes ?? Math.Max(download.Bytes, 1);
        bar.Value = download.Bytes;
    }

    // The names of archives are long and differ at both ends.
    private static string Shortened(string name) => name.Length <= 30 ? name : string.Concat(name.AsSpan(0, 16), "…", name.AsSpan(name.Length - 13));
}
