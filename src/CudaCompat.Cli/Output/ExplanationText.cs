using CudaCompat.Explaining;

namespace CudaCompat.Cli.Output;

/// <summary>An explanation as people read it: at most twelve lines.</summary>
internal static class ExplanationText
{
    private const int LongestLine = 200;
    private const int MostSteps = 2;

    public static void Write(TextWriter writer, Explanation explanation, Paint paint)
    {
        if (explanation.Causes is not [var cause, ..])
        {
            writer.WriteLine("No cause is known for this text.");
            Lines.Write(writer, "  - ", 4, "Look at the whole machine and environment: cudacompat doctor");
            Lines.Write(writer, "  - ", 4, "Ask where the program comes from, and bring what this prints: cudacompat report");
            return;
        }

        Lines.Write(writer, paint.Bad(Sureness(cause.Certainty)), Sureness(cause.Certainty).Length, $"{cause.Message} [{cause.Kind}]");
        writer.WriteLine(paint.Dim($"  line {cause.LineNumber}: {Short(cause.Line)}"));
        foreach (var step in explanation.Next.Take(MostSteps))
        {
            Lines.Write(writer, "  - ", 4, step.Message);
            if (step.Command is { } command)
                writer.WriteLine("    " + paint.Strong(command));
        }

        var others = explanation.Causes.Skip(1).Select(c => c.Kind).Where(k => k != cause.Kind).Distinct().Take(3).ToArray();
        if (others.Length > 0 && cause.Certainty != Certainty.Certain)
            writer.WriteLine($"It could also be: {string.Join(", ", others)}.");
        if (cause.Evidence.Count > 0)
            writer.WriteLine(paint.Dim($"Settled in: {string.Join(", ", cause.Evidence.Take(3))}"));
    }

    private static string Sureness(Certainty certainty) => certainty switch
    {
        Certainty.Certain => "Cause: ",
        Certainty.Likely => "Likely: ",
        _ => "Possibly: ",
    };

    private static string Short(string line) => line.Length <= LongestLine ? line : line[..LongestLine] + "…";
}
