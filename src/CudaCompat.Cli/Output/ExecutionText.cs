using CudaCompat.Execution;
using CudaCompat.Verification;

namespace CudaCompat.Cli.Output;

/// <summary>What a run or a verification came to, as people read it.</summary>
internal static class ExecutionText
{
    /// <param name="writer">Where to.</param>
    /// <param name="report">The run.</param>
    /// <param name="paint">Colour.</param>
    /// <param name="terminal">True where the steps may stand in a table.</param>
    public static void Write(TextWriter writer, ExecutionReport report, Paint paint, bool terminal)
    {
        var lines = StepLines(report.Steps);
        if (terminal)
            StepTable.Write(writer, lines);
        foreach (var line in lines)
        {
            if (!terminal)
                Lines.Write(writer, line.Kind == StepOutcome.Failed ? paint.Bad("  failed       ") : paint.Dim($"  {line.Outcome,-13}"), 15, $"{line.Step}: {line.Message}{(line.Time.Length > 0 ? $" [{line.Time}]" : "")}");
            else if (line.LastLines.Count > 0)
                writer.WriteLine($"  {line.Step} printed last:");
            foreach (var last in line.LastLines)
                writer.WriteLine("                 " + last);
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
                VerificationStatus.NotTried => paint.Dim("  not tried  "),
                _ => paint.Dim("  not there  "),
            };
            Lines.Write(writer, mark, 13, $"{check.Name}: {check.Message}");
            if (check.Cause is { } cause)
                Lines.Write(writer, "             because ", 21, cause);
            if (check.Next is { } next)
                Lines.Write(writer, "             next ", 18, next);
        }

        writer.WriteLine();
        writer.WriteLine(!report.Succeeded ? paint.Bad(report.Summary) : report.Proved ? paint.Good(report.Summary) : paint.Warn(report.Summary));
    }

    private static List<StepLine> StepLines(IReadOnlyList<StepReport> steps)
    {
        var lines = new List<StepLine>();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var what = (step.Component == "stack" ? step.Kind : step.Component) + (step.Version is { } version ? " " + version : "");
            // A toolkit is dozens of archives: those that went alike are one line.
            var alike = steps.Skip(i).TakeWhile(s => s.Kind == "download" && s.Component == step.Component && s.Outcome == step.Outcome && s.Outcome != StepOutcome.Failed).ToArray();
            if (alike.Length > 1)
            {
                var duration = alike.Max(s => s.Started + s.Duration) - alike.Min(s => s.Started); // side by side
                var size = alike.All(s => s.Size is not null) ? $" of {ByteCount.Text(alike.Sum(s => s.Size!.Value))}" : "";
                lines.Add(new StepLine(step.Outcome, what, Name(step.Outcome), TimeOf(step with { Duration = duration }), $"{(step.Outcome == StepOutcome.WouldRun ? "would fetch " : "")}{alike.Length} files{size} (--json names each)", []));
                i += alike.Length - 1;
                continue;
            }

            lines.Add(new StepLine(step.Outcome, what, Name(step.Outcome), TimeOf(step), Told(step) + (step.ExitCode is { } code ? $" (exit code {code})" : ""), step.LastLines));
        }

        return lines;
    }

    // What the outcome already says is not said twice.
    private static string Told(StepReport step) => step.Outcome is StepOutcome.NotReached or StepOutcome.Undone or StepOutcome.Cancelled ? step.Kind : step.Message;

    private static string TimeOf(StepReport step) => step.Outcome is StepOutcome.WouldRun or StepOutcome.NotReached ? ""
        : step.Duration < TimeSpan.FromMinutes(1) ? $"{step.Duration.TotalSeconds:0.0} s" : $"{(int)step.Duration.TotalMinutes}:{step.Duration.Seconds:00} min";

    private static string Name(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "done",
        StepOutcome.AlreadyDone => "was done",
        StepOutcome.WouldRun => "would do",
        StepOutcome.NotReached => "not reached",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
