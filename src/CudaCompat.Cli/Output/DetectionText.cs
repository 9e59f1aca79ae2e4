using CudaCompat.Detection;

namespace CudaCompat.Cli.Output;

/// <summary>Where the facts of a machine come from, as people read it.</summary>
internal static class DetectionText
{
    public static void Facts(TextWriter writer, DetectionReport report, Paint paint)
    {
        writer.WriteLine();
        writer.WriteLine(paint.Strong("Where this comes from"));
        foreach (var fact in report.Facts.Where(f => f.Believed))
            Lines.Write(writer, paint.Dim($"  {fact.Field,-22} "), 25, $"{fact.Value}  ({fact.Source})");
        Disagreements(writer, report, paint);
        if (report.Failures.Count > 0)
        {
            writer.WriteLine();
            foreach (var failure in report.Failures)
                Lines.Write(writer, paint.Warn("  problem  "), 11, $"{failure.Message} Next: {failure.Next} [{failure.Kind}]");
        }
    }

    public static void Disagreements(TextWriter writer, DetectionReport report, Paint paint)
    {
        foreach (var disagreement in report.Disagreements)
            Lines.Write(writer, paint.Warn("  differs  "), 11, $"{disagreement.Field}: {string.Join(" against ", disagreement.Values.Select(v => $"{v.Value} ({v.Source})"))}; the first is believed: {disagreement.Why}");
    }
}
