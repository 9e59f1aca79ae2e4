using System.Diagnostics;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Runs;

/// <summary>What a run has come to so far: how each step ended, what is to be done next, what a person should know.</summary>
internal sealed class RunRecord(InstallPlan plan, string folder, IProgress<ExecutionEvent>? events)
{
    private readonly StepReport?[] _reports = new StepReport?[plan.Steps.Count];
    private readonly Dictionary<int, string> _next = [];
    private readonly Stopwatch _run = Stopwatch.StartNew();

    /// <summary>What a person should know, one sentence each.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => _run.Elapsed;

    /// <summary>The first step that did not come to its end; null where all did.</summary>
    public StepReport? Broken => _reports.FirstOrDefault(r => r?.Outcome is StepOutcome.Failed or StepOutcome.Cancelled);

    /// <summary>The report of a step that ends now.</summary>
    public StepReport Ended(int index, TimeSpan started, StepOutcome outcome, string message)
    {
        var step = plan.Steps[index];
        return new StepReport(index, StepRunners.KindOf(step), step.Component, step.Version, outcome, _run.Elapsed - started, VisibleText.Of(SecretText.Mask(message)))
        {
            Started = started,
            Size = step.Size,
        };
    }

    /// <summary>Takes in how a step ended, and what to do next where it failed.</summary>
    public void End(StepReport report, string? next = null)
    {
        if (next is not null)
            _next[report.Index] = next;
        _reports[report.Index] = report;
        events?.Report(new StepEnded(report));
    }

    /// <summary>What to do next about a step that failed, as a sentence.</summary>
    public string NextOf(StepReport broken) => _next.TryGetValue(broken.Index, out var next) ? char.ToUpperInvariant(next[0]) + next[1..] : "";

    /// <summary>The report of the whole run; a step without one of its own was not reached.</summary>
    public ExecutionReport Report(ExecutionOutcome outcome, string? next) =>
        Of(outcome, next, [.. plan.Steps.Select((_, i) => _reports[i] ?? Ended(i, _run.Elapsed, StepOutcome.NotReached, "not reached") with { Duration = TimeSpan.Zero, Size = null })]);

    /// <summary>The report of a run that goes over some steps only.</summary>
    public ExecutionReport ReportOfReached(ExecutionOutcome outcome, string? next) => Of(outcome, next, [.. _reports.OfType<StepReport>()]);

    private ExecutionReport Of(ExecutionOutcome outcome, string? next, StepReport[] steps) => new(outcome, steps, folder, next, [.. Notes]);
}
