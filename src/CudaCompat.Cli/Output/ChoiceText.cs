using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>A choice as people read it: the build to take, what else would run, and of each other the reason.</summary>
internal static class ChoiceText
{
    public static void Write(TextWriter writer, ChoiceResult choice, DriverInfo machine, CompatibilityMatrix matrix, Paint paint)
    {
        writer.WriteLine(PlanAnswer.Machine(machine, matrix));
        writer.WriteLine(choice.Verdict switch
        {
            ChoiceVerdict.Chosen => paint.Good($"-> {choice.Best} {How(choice.Builds[0])}"),
            ChoiceVerdict.Unknown => paint.Warn("Not known: a fact is missing that decides."),
            _ => paint.Bad("No build runs here as it is meant to."),
        });
        writer.WriteLine();
        foreach (var build in choice.Builds.Skip(choice.Best is null ? 0 : 1))
            Other(writer, build, paint);
        foreach (var finding in choice.Builds.Take(choice.Best is null ? 0 : 1).SelectMany(b => b.Findings))
            Lines.Write(writer, paint.Dim("  note "), 7, $"{finding.Message} [{finding.Rule}]");
        foreach (var finding in choice.Findings)
            Lines.Write(writer, paint.Dim("  note "), 7, $"{finding.Message} [{finding.Rule}]");
        if (choice.Remedies.Count == 0)
            return;
        writer.WriteLine();
        writer.WriteLine(choice.Best is null ? "What would help" : "What would make a better one run");
        foreach (var remedy in choice.Remedies)
            Lines.Write(writer, "  - ", 4, remedy.Message);
    }

    private static void Other(TextWriter writer, JudgedBuild build, Paint paint)
    {
        switch (build.Verdict)
        {
            case BuildVerdict.Runs:
                Lines.Write(writer, paint.Good("  runs "), 7, $"{build.Build} {How(build)}");
                break;
            case BuildVerdict.WithoutGpu:
                Lines.Write(writer, paint.Dim("  runs "), 7, $"{build.Build}, without CUDA");
                break;
            default:
                Lines.Write(writer, build.Verdict == BuildVerdict.Unknown
                    ? paint.Warn("  ?    ") : paint.Bad("  no   "), 7, $"{build.Message} [{build.Rule}]");
                foreach (var more in build.Findings.Where(f => f.Severity == Severity.Error && f.Message != build.Message))
                    Lines.Write(writer, "       ", 7, $"{more.Message} [{more.Rule}]");
                break;
        }
    }

    private static string How(JudgedBuild build) => string.Join(", ", new[]
    {
        build.Code switch
        {
            DeviceCode.Native => "by native code",
            DeviceCode.Ptx => "by PTX that the driver compiles at first use",
            _ => build.Build.Cuda is null ? "without CUDA" : null,
        },
        build.Compatibility == "minor" ? "minor-version compatibility" : null,
    }.OfType<string>());
}
