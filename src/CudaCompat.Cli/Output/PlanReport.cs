using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>A plan, or a refusal, as people read it.</summary>
internal static class PlanReport
{
    public static void Write(TextWriter writer, PlanResult result, DriverInfo machine, bool color, CompatibilityMatrix matrix)
    {
        var paint = new Paint(color);
        writer.WriteLine(paint.Strong("Machine"));
        MachineText.Write(writer, machine, matrix, color);
        writer.WriteLine();
        if (result.Plan is { } plan)
            WritePlan(writer, result, plan, paint);
        else
            WriteRefusal(writer, result, paint);
        writer.WriteLine();
        writer.WriteLine(paint.Dim($"Data of {result.DataVersion}. Evidence of a fact: cudacompat data where KEY."));
    }

    private static void WritePlan(TextWriter writer, PlanResult result, InstallPlan plan, Paint paint)
    {
        writer.WriteLine(paint.Strong("Plan"));
        foreach (var (name, value) in Parts(plan))
            writer.WriteLine($"  {name,-12} {paint.Good(value)}");
        Lines.Write(writer, $"  {"runs by",-12} ", 15, How(plan));
        if (plan.NotNeededByTorch.Count > 0)
            Lines.Write(writer, paint.Dim("  "), 2, $"({string.Join(" and ", plan.NotNeededByTorch)}: not needed by PyTorch, whose packages bring their own CUDA and cuDNN.)");
        writer.WriteLine();
        writer.WriteLine(paint.Strong(plan.Commands.Count == 1 ? "Command" : "Commands"));
        foreach (var command in plan.Commands)
            writer.WriteLine("  " + command);
        if (plan.Environment.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine(paint.Strong("Environment"));
            foreach (var (name, value) in plan.Environment)
                writer.WriteLine($"  {name}={value}");
        }

        Downloads(writer, plan, paint);
        Section(writer, paint, "Why this, and why not newer", plan.Explanation.Split('\n'));
        Section(writer, paint, "To know", plan.Notes);
        if (result.Findings.Any(f => f.Severity != Severity.Info || f.Rule is not "machine-assumption"))
        {
            writer.WriteLine();
            writer.WriteLine(paint.Strong("Findings"));
            FindingsText.Findings(writer, result.Findings, paint);
        }

        FindingsText.Remedies(writer, result.Remedies, paint, "What would give a newer one");
    }

    private static void WriteRefusal(TextWriter writer, PlanResult result, Paint paint)
    {
        writer.WriteLine(result.Verdict == PlanVerdict.Unknown ? paint.Warn("No answer: the data cannot decide.") : paint.Bad("No plan: nothing runs here as asked."));
        FindingsText.Findings(writer, result.Findings, paint);
        FindingsText.Remedies(writer, result.Remedies, paint, "What would help");
    }

    private static void Downloads(TextWriter writer, InstallPlan plan, Paint paint)
    {
        var downloads = plan.Steps.OfType<DownloadStep>().ToArray();
        if (downloads.Length == 0)
            return;
        writer.WriteLine();
        writer.WriteLine(paint.Strong("Downloads") + paint.Dim(" (cudacompat plan --json has every URL and checksum)"));
        foreach (var group in downloads.GroupBy(d => d.Component))
        {
            var items = group.ToArray();
            var size = items.All(i => i.Size is not null) ? $", {items.Sum(i => i.Size!.Value) / 1e9:0.0} GB" : "";
            Lines.Write(writer, $"  {group.Key,-12} ", 15, items.Length == 1
                ? $"{items[0].FileName}{size}, from {FolderOf(items)}"
                : $"{items.Length} archives{size}, from {FolderOf(items)}");
        }
    }

    // The folder that all the files lie under.
    private static string FolderOf(DownloadStep[] items)
    {
        var common = items[0].Url ?? "";
        foreach (var url in items.Skip(1).Select(i => i.Url ?? ""))
            common = common[..common.AsSpan().CommonPrefixLength(url)];
        return common[..(common.LastIndexOf('/') + 1)];
    }

    private static IEnumerable<(string Name, string Value)> Parts(InstallPlan plan)
    {
        var stack = plan.Stack;
        var inferred = plan.KnownBy.Where(k => k.Value == Matrix.Rows.KnownBy.Inferred).Select(k => k.Key).ToHashSet(StringComparer.Ordinal);
        (string Name, string? Value)[] parts =
        [
            ("torch", stack.Torch is { } torch ? $"{torch}+{stack.CudaTag}" : null),
            ("torchvision", stack.Torchvision?.ToString()),
            ("torchaudio", stack.Torchaudio?.ToString()),
            ("toolkit", stack.Toolkit is { } toolkit ? $"CUDA {toolkit}" : null),
            ("cudnn", stack.Cudnn is { } cudnn ? $"cuDNN {cudnn}" : null),
        ];
        return parts.Where(p => p.Value is not null).Select(p => (p.Name, p.Value + (inferred.Contains(p.Name) ? "  (platform inferred)" : "")));
    }

    private static string How(InstallPlan plan) => plan.Compatibility switch
    {
        "minor" => "minor-version compatibility (the driver is of an older CUDA of the same major)",
        "forward" => "the forward-compatibility package",
        "cpu" => "the processor (CPU build)",
        _ => "the driver's own CUDA version",
    };

    private static void Section(TextWriter writer, Paint paint, string title, IReadOnlyCollection<string> sentences)
    {
        if (sentences.Count == 0 || sentences.All(string.IsNullOrWhiteSpace))
            return;
        writer.WriteLine();
        writer.WriteLine(paint.Strong(title));
        foreach (var sentence in sentences)
            Lines.Write(writer, "  - ", 4, sentence);
    }
}
