using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>A verdict as people read it.</summary>
internal static class CheckText
{
    public static void Write(TextWriter writer, CheckResult result, DriverInfo machine, bool color, CompatibilityMatrix matrix)
    {
        var paint = new Paint(color);
        writer.WriteLine(paint.Strong("Machine"));
        MachineText.Write(writer, machine, matrix, color);
        writer.WriteLine();
        var name = result.Subject;
        writer.WriteLine(result.Verdict switch
        {
            CheckVerdict.Compatible => paint.Good($"Compatible: {name} works here."),
            CheckVerdict.Incompatible => paint.Bad($"Incompatible: {name} does not work here."),
            _ => paint.Warn($"Unknown: the data cannot decide whether {name} works here."),
        });
        FindingsText.Findings(writer, result.Findings, paint);
        FindingsText.Remedies(writer, result.Remedies, paint, "What would make it work (each alone)");
        writer.WriteLine();
        writer.WriteLine(paint.Dim($"Data of {result.DataVersion}. Evidence of a fact: cudacompat data where KEY."));
    }
}
