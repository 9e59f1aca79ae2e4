using System.Text.Json.Serialization;
using CudaCompat.Resolution;

namespace CudaCompat.Diagnosis;

/// <summary>What came of mending what a doctor found.</summary>
[JsonConverter(typeof(RepairOutcomeNames))]
public enum RepairOutcome
{
    /// <summary>Every step was carried out.</summary>
    Mended,

    /// <summary>A step failed; what it had changed is undone, what came before stands and can be undone by the journal.</summary>
    Failed,

    /// <summary>Nothing of what was found can be mended by a step.</summary>
    NothingToDo,

    /// <summary>The steps were shown and nothing was changed.</summary>
    DryRun,
}

/// <summary>The document names of <see cref="RepairOutcome"/>.</summary>
internal sealed class RepairOutcomeNames() : Versions.NamedEnumConverter<RepairOutcome>(
    (RepairOutcome.Mended, "mended"), (RepairOutcome.Failed, "failed"), (RepairOutcome.NothingToDo, "nothing-to-do"), (RepairOutcome.DryRun, "dry-run"));

/// <summary>What <c>doctor --fix</c> did.</summary>
public sealed record RepairReport
{
    /// <summary>What came of it.</summary>
    public required RepairOutcome Outcome { get; init; }

    /// <summary>The steps as a person would type them.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>The journal of the run, by which it is undone; null where nothing was run.</summary>
    public string? Journal { get; init; }

    /// <summary>The findings that were there before and are not any more.</summary>
    public required IReadOnlyList<Finding> Mended { get; init; }

    /// <summary>The errors and warnings that are left, or that only a person can mend.</summary>
    public required IReadOnlyList<Finding> Left { get; init; }

    internal static RepairReport Of(RepairOutcome outcome, RepairPlan plan, string? journal, IReadOnlyList<Finding> left) => new()
    {
        Outcome = outcome,
        Commands = plan.Commands,
        Journal = journal,
        Mended = journal is null ? [] : [.. plan.Mends.Where(m => !left.Any(l => l.Rule == m.Rule && l.Subject == m.Subject))],
        Left = left,
    };
}
