using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Execution;
using CudaCompat.Matrix;

namespace CudaCompat.Cli.Output;

/// <summary>What the doctor found, would do and did, as people read it.</summary>
internal static class DoctorText
{
    public static void Write(TextWriter writer, DoctorReport report, DetectionReport detected, bool color, CompatibilityMatrix matrix)
    {
        var paint = new Paint(color);
        writer.WriteLine(paint.Strong("Machine"));
        MachineText.Write(writer, report.Machine, matrix, color);
        DetectionText.Disagreements(writer, detected, paint);
        writer.WriteLine();
        writer.WriteLine(report.Healthy ? paint.Good("Nothing wrong was found.") : paint.Bad("Something is wrong:"));
        FindingsText.Findings(writer, report.Findings, paint);
        FindingsText.Remedies(writer, [.. report.Remedies.Where(r => r.Change != "environment")], paint, "What mends it (each alone)"); // commands stand under their findings
    }

    /// <summary>What would be done, and what would not.</summary>
    public static void Repairs(TextWriter writer, RepairPlan repairs, Paint paint)
    {
        writer.WriteLine();
        if (repairs.Plan is null)
        {
            writer.WriteLine(repairs.Left.Count == 0 ? "There is nothing to mend." : paint.Warn("Nothing of it can be mended here; what you can do stands beside each finding."));
            return;
        }

        writer.WriteLine(paint.Strong("What is done to mend it"));
        foreach (var (command, i) in repairs.Commands.Select((c, i) => (c, i + 1)))
            writer.WriteLine($"  {i}. {command}");
        foreach (var finding in repairs.Left)
            Lines.Write(writer, "  - ", 4, $"Not done for you: {finding.Subject} [{finding.Rule}]{(finding.Command is { } command ? $": {command}" : "")}");
    }

    /// <summary>What came of it.</summary>
    public static void Mended(TextWriter writer, DoctorReport report, ExecutionReport run, Paint paint, bool terminal)
    {
        writer.WriteLine();
        ExecutionText.Write(writer, run, paint, terminal);
        writer.WriteLine(paint.Dim($"  to undo: cudacompat apply --rollback --journal {run.Journal}"));
        writer.WriteLine();
        foreach (var mended in report.Fix!.Mended)
            Lines.Write(writer, paint.Good("  mended   "), 11, $"{mended.Subject} [{mended.Rule}]");
        writer.WriteLine(report.Fix.Left.Count == 0 ? paint.Good("Nothing wrong is left.") : paint.Warn("What is left:"));
        FindingsText.Findings(writer, report.Fix.Left, paint);
    }
}
