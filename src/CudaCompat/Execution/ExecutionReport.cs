namespace CudaCompat.Execution;

/// <summary>How a run ended.</summary>
public enum ExecutionOutcome
{
    /// <summary>All steps are done or were done before.</summary>
    Finished,

    /// <summary>A step failed; what it had changed is undone, the steps before it stand.</summary>
    Failed,

    /// <summary>The caller cancelled; what the step under way had changed is undone, the steps before it stand.</summary>
    Cancelled,

    /// <summary>Nothing was changed: it was a dry run.</summary>
    DryRun,

    /// <summary>Nothing was changed: a step needs an agreement that was not given.</summary>
    NotAgreed,

    /// <summary>The plan was undone.</summary>
    RolledBack,
}

/// <summary>How a step ended.</summary>
public enum StepOutcome
{
    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>It was done already; nothing was changed.</summary>
    AlreadyDone,

    /// <summary>A dry run: it would be carried out.</summary>
    WouldRun,

    /// <summary>It failed and is undone.</summary>
    Failed,

    /// <summary>It was cancelled and is undone.</summary>
    Cancelled,

    /// <summary>It was not reached.</summary>
    NotReached,

    /// <summary>A rollback undid it.</summary>
    Undone,
}

/// <summary>One line of the closing table.</summary>
/// <param name="Index">The place of the step in the plan, from 0.</param>
/// <param name="Kind">The kind of the step, as in the plan document.</param>
/// <param name="Component">What it is for.</param>
/// <param name="Version">The version it brings.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Message">What it did or would do, or why it failed.</param>
public sealed record StepReport(int Index, string Kind, string Component, string? Version, StepOutcome Outcome, TimeSpan Duration, string Message)
{
    /// <summary>When it began, counted from the start of the run; downloads begin while others go on.</summary>
    public TimeSpan Started { get; init; }

    /// <summary>The bytes of its file; null where it has none or no source says.</summary>
    public long? Size { get; init; }

    /// <summary>The exit code of the program that failed, if it was one.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines that program printed, secrets masked.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];
}

/// <summary>What a run did.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Steps">The steps in the plan's order.</param>
/// <param name="Journal">The folder of the journal; it is what resume and rollback want.</param>
/// <param name="Next">What to do next, null where nothing is to be done.</param>
/// <param name="Notes">What a person should know.</param>
public sealed record ExecutionReport(ExecutionOutcome Outcome, IReadOnlyList<StepReport> Steps, string Journal, string? Next, IReadOnlyList<string> Notes)
{
    /// <summary>True where the run did what was asked.</summary>
    public bool Succeeded => Outcome is ExecutionOutcome.Finished or ExecutionOutcome.DryRun or ExecutionOutcome.RolledBack;
}
