using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>Findings and remedies as people read them.</summary>
internal static class FindingsText
{
    public static void Findings(TextWriter writer, IEnumerable<Finding> findings, Paint paint)
    {
        foreach (var finding in findings)
        {
            var (mark, width) = finding.Severity switch
            {
                Severity.Error => (paint.Bad("  error    "), 11),
                Severity.Warning => (paint.Warn("  warning  "), 11),
                _ => (paint.Dim("  note     "), 11),
            };
            Lines.Write(writer, mark, width, finding.Message + " [" + finding.Rule + "]");
            if (finding.File is { } file)
                writer.WriteLine(paint.Dim("           " + file));
            if (finding.Command is { } command)
                writer.WriteLine("           " + paint.Strong(command)); // in one piece, to be copied
        }
    }

    public static void Remedies(TextWriter writer, IReadOnlyList<Remedy> remedies, Paint paint, string title)
    {
        if (remedies.Count == 0)
            return;
        writer.WriteLine();
        writer.WriteLine(paint.Strong(title));
        foreach (var remedy in remedies)
            Lines.Write(writer, "  - ", 4, remedy.Message);
    }
}
