using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>The list of builds as people read it: a release a line, its CUDA builds beside it, each with a mark and, where it does not run, the reason in a word.</summary>
internal static class ListText
{
    private const int Columns = 80;
    private const int MostReasons = 6;

    // The rule in the word of somebody who looks for the reason.
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["gpu-not-in-build"] = "GPU",
        ["libraries-too-old-for-gpu"] = "GPU",
        ["driver-too-old"] = "driver",
        ["driver-drops-gpu"] = "driver",
        ["ptx-needs-newer-driver"] = "driver",
        ["forward-compat-unavailable"] = "driver",
        ["python-unsupported"] = "Python",
        ["glibc-too-old"] = "glibc",
        ["cpu-only-build"] = "no GPU",
        ["no-nvidia-gpu"] = "no GPU",
        ["platform-not-covered"] = "system",
        ["os-unsupported"] = "system",
    };

    public static void Write(TextWriter writer, TorchList list, DriverInfo machine, CompatibilityMatrix matrix, Paint paint, bool markdown)
    {
        var builds = list.Document.Builds;
        if (builds.Count == 0)
        {
            writer.WriteLine("No build of torch is listed for this: try --all, another --packaging, or leave --torch and --cuda out.");
            return;
        }

        writer.WriteLine(PlanAnswer.Machine(machine, matrix));
        writer.WriteLine();
        if (markdown)
        {
            writer.WriteLine("| torch | runs | does not |");
            writer.WriteLine("|---|---|---|");
        }

        foreach (var release in builds.GroupBy(b => b.Torch))
        {
            if (markdown)
            {
                var runs = string.Join(", ", release.Where(b => b.Verdict == CheckVerdict.Compatible).Select(b => b.CudaTag));
                var not = string.Join(", ", release.Where(b => b.Verdict != CheckVerdict.Compatible).Select(b => $"{b.CudaTag} ({Word(b)})"));
                writer.WriteLine($"| {release.Key} | {runs} | {not} |");
            }
            else
            {
                Release(writer, release.Key, [.. release], paint);
            }
        }

        if (!markdown)
            Reasons(writer, builds, paint);
    }

    private static void Release(TextWriter writer, string torch, ListedBuild[] builds, Paint paint)
    {
        var width = 0;
        writer.Write($"{torch,-10}");
        width = 10;
        foreach (var build in builds)
        {
            var plain = build.Verdict == CheckVerdict.Compatible ? $"{build.CudaTag} ok" : $"{build.CudaTag} {(build.Verdict == CheckVerdict.Unknown ? "?" : "no:")} {Word(build)}";
            if (width + plain.Length + 3 > Columns && width > 10)
            {
                writer.WriteLine();
                writer.Write(new string(' ', 10));
                width = 10;
            }

            writer.Write((width > 10 ? "   " : "") + (build.Verdict switch { CheckVerdict.Compatible => paint.Good(plain), CheckVerdict.Unknown => paint.Warn(plain), _ => paint.Dim(plain) }));
            width += plain.Length + 3;
        }

        writer.WriteLine();
    }

    private static void Reasons(TextWriter writer, IReadOnlyList<ListedBuild> builds, Paint paint)
    {
        var first = builds.Where(b => b.Rule is not null).GroupBy(Word).Select(g => g.First()).Take(MostReasons).ToArray();
        if (first.Length == 0)
            return;
        writer.WriteLine();
        foreach (var build in first)
            Lines.Write(writer, paint.Dim($"{Word(build),-8} "), 9, build.Message ?? "");
    }

    private static string Word(ListedBuild build) => build.Rule is { } rule ? Words.GetValueOrDefault(rule, rule) : "";
}
