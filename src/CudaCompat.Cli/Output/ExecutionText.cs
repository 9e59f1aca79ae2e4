using CudaCompat.Execution;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Output;

/// <summary>What a run or a verification came to, as people read it.</summary>
internal static class ExecutionText
{
    public static void Write(TextWriter writer, ExecutionReport report, Paint paint)
    {
        for (var i = 0; i < report.Steps.Count; i++)
        {
            var step = report.Steps[i];
            // A toolkit is dozens of archives: what would be fetched for one component is one line.
            var fetches = report.Steps.Skip(i).TakeWhile(s => s is { Kind: "download", Outcome: StepOutcome.WouldRun } && s.Component == step.Component).Count();
            if (fetches > 1)
            {
                Lines.Write(writer, paint.Dim($"  {Name(step.Outcome),-9}"), 11, $"{step.Component} {step.Version}: would fetch {fetches} files (--json names each)");
                i += fetches - 1;
                continue;
            }

            var mark = step.Outcome == StepOutcome.Failed ? paint.Bad("  failed   ") : paint.Dim($"  {Name(step.Outcome),-9}");
            Lines.Write(writer, mark, 11, $"{step.Component}{(step.Version is { } version ? " " + version : "")}: {step.Message}{(step.ExitCode is { } code ? $" (exit code {code})" : "")}");
            foreach (var line in step.LastLines)
                writer.WriteLine("             " + line);
        }

        foreach (var note in report.Notes)
            Lines.Write(writer, "  - ", 4, note);
        writer.WriteLine();
        writer.WriteLine(report.Outcome switch
        {
            ExecutionOutcome.Finished => paint.Good("Done."),
            ExecutionOutcome.DryRun => "Dry run: nothing was changed.",
            ExecutionOutcome.RolledBack => paint.Good("Undone."),
            ExecutionOutcome.NotAgreed => paint.Warn("Nothing was changed: a step needs an agreement."),
            ExecutionOutcome.Cancelled => paint.Warn("Cancelled."),
            _ => paint.Bad("A step failed."),
        });
        if (report.Next is { } next)
            Lines.Write(writer, "  next: ", 8, next);
        if (report.Outcome != ExecutionOutcome.DryRun)
            writer.WriteLine(paint.Dim($"  journal: {report.Journal}"));
    }

    public static void Write(TextWriter writer, VerificationReport report, Paint paint)
    {
        foreach (var check in report.Checks)
        {
            var mark = check.Status switch
            {
                VerificationStatus.Passed => paint.Good("  ok         "),
                VerificationStatus.Failed => paint.Bad("  failed     "),
                _ => paint.Dim("  not there  "),
            };
            Lines.Write(writer, mark, 13, $"{check.Name}: {check.Message}");
            if (check.Cause is { } cause)
                Lines.Write(writer, "             because ", 21, cause);
            if (check.Next is { } next)
                Lines.Write(writer, "             next ", 18, next);
        }

        writer.WriteLine();
        writer.WriteLine(!report.Succeeded ? paint.Bad("Not proved: a check failed.") : report.Proved ? paint.Good("Proved.") : paint.Warn("Nothing to prove was found."));
    }

    private static string Name(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "done",
        StepOutcome.AlreadyDone => "was done",
        StepOutcome.WouldRun => "would do",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
