using CudaCompat.Execution;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Output;

/// <summary>What a run or a verification came to, as people read it.</summary>
internal static class ExecutionText
{
    private const int Margin = 22;

    public static void Write(TextWriter writer, ExecutionReport report, Paint paint)
    {
        if (report.Steps.Count > 0)
            writer.WriteLine(paint.Dim("  outcome     duration  step"));
        for (var i = 0; i < report.Steps.Count; i++)
        {
            var step = report.Steps[i];
            // A toolkit is dozens of archives: those that went alike are one line.
            var alike = report.Steps.Skip(i).TakeWhile(s => s.Kind == "download" && s.Component == step.Component && s.Outcome == step.Outcome && s.Outcome != StepOutcome.Failed).ToArray();
            if (alike.Length > 1)
            {
                var duration = alike.Max(s => s.Started + s.Duration) - alike.Min(s => s.Started);
                Lines.Write(writer, Mark(step.Outcome, duration, paint), Margin, $"{Subject(step)}: {alike.Length} files{(step.Outcome == StepOutcome.WouldRun ? " to fetch" : "")} (--json names each)");
                i += alike.Length - 1;
                continue;
            }

            Lines.Write(writer, Mark(step.Outcome, step.Duration, paint), Margin, $"{Subject(step)}: {step.Message}{(step.ExitCode is { } code ? $" (exit code {code})" : "")}");
            foreach (var line in step.LastLines)
                writer.WriteLine(new string(' ', Margin + 2) + line);
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

    private static string Subject(StepReport step) => step.Version is { } version ? $"{step.Component} {version}" : step.Component;

    private static string Mark(StepOutcome outcome, TimeSpan duration, Paint paint)
    {
        var text = $"  {Name(outcome),-11} {(outcome is StepOutcome.WouldRun or StepOutcome.NotReached ? "" : Time(duration)),7} ";
        return outcome == StepOutcome.Failed ? paint.Bad(text) : paint.Dim(text);
    }

    private static string Time(TimeSpan duration) => duration.TotalMinutes >= 1
        ? $"{(int)duration.TotalMinutes}:{duration.Seconds:00} min"
        : $"{duration.TotalSeconds:0.0} s";

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
        StepOutcome.NotReached => "not reached",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
