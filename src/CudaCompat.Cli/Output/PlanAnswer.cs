using System.Text.RegularExpressions;
using CudaCompat.Cli.Input;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Cli.Output;

/// <summary>
/// A plan in a dozen lines of 80 columns: the machine, the choice, the command to type, why not newer, what was assumed, and what would carry it out.
/// Everything else is behind <c>--why</c>.
/// </summary>
internal static partial class PlanAnswer
{
    private const int Columns = 80;
    private const int MostWarnings = 1;
    private const int MostReasons = 3;
    private const int MostReadings = 1;
    private const int MostRemedies = 4;
    private static readonly string[] LacksAFact = ["gpu-unknown", "glibc-too-old", "glibc-unknown", "python-unsupported", "python-unknown", "driver-unknown"];

    public static void Write(TextWriter writer, PlanResult result, DriverInfo machine, bool color, CompatibilityMatrix matrix, bool isHere)
    {
        var paint = new Paint(color);
        var told = Machine(machine, matrix);
        writer.WriteLine(Cut(told.Length <= Columns ? told : told.Replace(" (runs CUDA up to ", " (CUDA ", StringComparison.Ordinal)));
        if (result.Plan is { } plan)
            WritePlan(writer, result, plan, machine, paint, isHere);
        else
            WriteRefusal(writer, result, paint);
    }

    private static void WritePlan(TextWriter writer, PlanResult result, InstallPlan plan, DriverInfo machine, Paint paint, bool isHere)
    {
        writer.WriteLine(paint.Strong(Cut("-> " + Choice(plan))));
        writer.WriteLine();
        writer.WriteLine("  " + paint.Good(Command(plan, isHere)));
        // What torch needs and does not ask for itself: without this line it would not work.
        if (plan.Steps.OfType<TorchStep>().Any(s => s.Bounds is not null))
            writer.WriteLine("  " + paint.Good(Following(plan.Commands[1], isHere)));
        // The compiler comes as packages too; what has to be done beside them is told by --why and done by apply.
        if (plan.Steps.OfType<ToolkitStep>().Any(s => s.Pip is not null) && plan.Commands.Skip(1).FirstOrDefault(c => c.Contains(" install nvidia-", StringComparison.Ordinal)) is { } compiler)
            writer.WriteLine("  " + paint.Good(Following(compiler, isHere)));
        writer.WriteLine();
        foreach (var warning in result.Findings.Where(f => f.Severity == Severity.Warning).Take(MostWarnings))
            writer.WriteLine(paint.Warn(Cut("Mind: " + warning.Message)));
        if (plan.Request?.Torch is null && result.WhyNotNewer is [var newer, ..])
            writer.WriteLine(Cut(WhyNot(newer)));
        if (plan.Notes.FirstOrDefault(n => n.StartsWith(PlanBuilder.FromMirror, StringComparison.Ordinal)) is { } mirror)
            writer.WriteLine(Cut(mirror));
        if (machine.Gpus is null)
            writer.WriteLine(paint.Warn(Cut("Name your GPU (--gpu \"RTX 4090\") and this may be a newer one.")));
        if (Extras(plan) is { Length: > 0 } extras)
            writer.WriteLine(paint.Dim(Cut(extras)));
        foreach (var read in result.Findings.Where(f => f.Rule == "read-as").Take(MostReadings))
            writer.WriteLine(Cut(read.Message));
        if (Assumed(result.Findings) is { Length: > 0 } assumed)
            writer.WriteLine(paint.Dim(Cut(assumed)));
        writer.WriteLine(paint.Dim("The reasons, the steps, the sources: cudacompat plan --why"));
        writer.WriteLine($"Or let it be done, tested and undoable:  {paint.Strong("cudacompat apply")}");
    }

    private static void WriteRefusal(TextWriter writer, PlanResult result, Paint paint)
    {
        var deciding = result.Findings.Where(f => f.Severity == Severity.Error).ToArray();
        if (deciding.Length == 0)
            deciding = [.. result.Findings.Where((f, i) => i == 0 || f is { Rule: "gpu-unknown", Subject: "gpus" } && f.Message.Contains('\'', StringComparison.Ordinal)).Take(MostReasons)];
        var heading = result.Verdict == PlanVerdict.Unknown ? paint.Warn("No answer yet: ") : paint.Bad("No plan: ");
        var width = result.Verdict == PlanVerdict.Unknown ? 15 : 9;
        var first = true;
        foreach (var reason in deciding.Take(MostReasons))
        {
            Lines.Write(writer, first ? heading : new string(' ', width), width, reason.Message);
            first = false;
        }

        if (deciding.Length == 0)
            writer.WriteLine(heading);
        if (result.Remedies.Count > 0)
        {
            writer.WriteLine("What would help:");
            foreach (var remedy in result.Remedies.Take(MostRemedies))
                Lines.Write(writer, "  - ", 4, remedy.Message);
        }

        if (Assumed(result.Findings) is { Length: > 0 } assumed)
            writer.WriteLine(paint.Dim(Cut(assumed)));
        writer.WriteLine(paint.Dim("Every reason: cudacompat plan --why"));
    }

    /// <summary>The machine in one line.</summary>
    public static string Machine(DriverInfo machine, CompatibilityMatrix matrix)
    {
        var facts = MachineFacts.Of(matrix, machine);
        var parts = new List<string>
        {
            facts.AllGpus is null ? "GPU not known" : facts.AllGpus.Length == 0 ? "no NVIDIA GPU" : string.Join(" + ", facts.AllGpus.GroupBy(g => ShortName(g.Name)).Select(g => (g.Count() > 1 ? $"{g.Count()} x " : "") + g.Key)),
            (machine.Driver, machine.MaxCuda, facts.ReportedCuda) switch
            {
                ({ } driver, _, { } cuda) => $"driver {driver} (runs CUDA up to {cuda})",
                ({ } driver, _, null) => $"driver {driver}",
                (null, { } max, _) => $"a driver that runs CUDA up to {max}",
                _ => "driver not known",
            },
            Words.Os(machine.OperatingSystem) + (machine.Architecture == CpuArchitecture.Arm64 ? " aarch64" : ""),
        };
        if (machine.Python is { } python)
            parts.Add($"Python {python}");
        return string.Join(", ", parts);
    }

    // The maker's name says nothing on a line that must be short.
    private static string ShortName(string name) =>
        Words.Short(name).Replace("NVIDIA ", "", StringComparison.Ordinal).Replace("GeForce ", "", StringComparison.Ordinal);

    private static string Choice(InstallPlan plan)
    {
        var stack = plan.Stack;
        (string Name, string? Value)[] parts =
        [
            ("torch", stack.Torch is { } torch ? $"{torch} ({(stack.CudaTag is { Cuda: { } cuda } ? $"CUDA {cuda}" : "CPU")})" : null),
            ("torchvision", stack.Torchvision?.ToString()),
            ("torchaudio", stack.Torchaudio?.ToString()),
        ];
        var named = parts.Where(p => p.Value is not null).Select(p => $"{p.Name} {p.Value}").ToList();
        if (stack.Torch is null)
        {
            if (stack.Toolkit is { } toolkit)
                named.Add($"CUDA toolkit {toolkit}");
            if (stack.Cudnn is { } cudnn)
                named.Add($"cuDNN {cudnn}");
        }

        return string.Join(", ", named);
    }

    private static string Extras(InstallPlan plan)
    {
        if (plan.NotNeededByTorch.Count == 0)
            return "";
        (string Name, string? Value)[] parts = [("toolkit", plan.Stack.Toolkit?.ToString()), ("cuDNN", plan.Stack.Cudnn?.ToString())];
        return $"Not needed by PyTorch: {string.Join(", ", parts.Where(p => p.Value is not null).Select(p => $"{p.Name} {p.Value}"))} (to compile CUDA code).";
    }

    private static string Command(InstallPlan plan, bool isHere)
    {
        if (plan.Commands.Count == 0)
            return plan.Steps.OfType<DownloadStep>().ToArray() switch
            {
                [var only] => $"{only.Url}",
                { Length: > 1 } several => $"{several.Length} archives; as a script: cudacompat plan --format {(plan.Machine?.OperatingSystem == OperatingSystemFamily.Windows ? "powershell" : "bash")} ...",
                _ => "cudacompat apply",
            };
        var command = plan.Commands[0];
        return IsPip(command, isHere) ? PythonHere.OfThisMachine.Command(command) : command;
    }

    private static string Following(string command, bool isHere) => IsPip(command, isHere) ? PythonHere.OfThisMachine.Following(command) : command;

    private static bool IsPip(string command, bool isHere) => isHere && command.StartsWith("pip ", StringComparison.Ordinal);

    // The rule in few words where the sentence names the machine, which stands above.
    private static string WhyNot(WhyNotNewer newer) => (newer.Rule, NeededDriver().Match(newer.Message)) switch
    {
        (_, { Success: true } needed) => $"Not {newer.Candidate}: it needs driver {needed.Groups["v"].Value} or newer.",
        ("gpu-not-in-build", _) => $"Not {newer.Candidate}: it has no code for this GPU.",
        _ => newer.Message.StartsWith(newer.Candidate, StringComparison.Ordinal) ? $"Not {newer.Candidate}: it{newer.Message[newer.Candidate.Length..]}" : $"Not {newer.Candidate}: {newer.Message}",
    };

    private static string Assumed(IReadOnlyList<Finding> findings)
    {
        var missing = findings.Where(f => f.Severity == Severity.Info && LacksAFact.Contains(f.Rule)).Select(Fact).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var assumed = findings.Where(f => f.Rule == "machine-assumption").Select(f => AssumedWord().Match(f.Message)).Where(m => m.Success).Select(m => Named(m.Groups["w"].Value)).Distinct(StringComparer.Ordinal).ToArray();
        string[] parts =
        [
            .. assumed.Length > 0 ? (string[])["Assumed: " + string.Join(", ", assumed) + "."] : [],
            .. missing.Length > 0 ? (string[])["Not known, so not checked: " + string.Join(", ", missing) + "."] : [],
        ];
        return string.Join(" ", parts);
    }

    private static string? Fact(Finding finding) => finding.Subject switch
    {
        "glibc" => "glibc",
        "python" => "Python",
        _ => null,
    };

    private static string Named(string word) => word switch { "linux" => "Linux", "windows" => "Windows", "wsl" => "WSL", _ => word };

    [GeneratedRegex(@"needs (?:driver )?(?<v>\d{3}(?:\.[\d.]*\d)?) or newer", RegexOptions.CultureInvariant)]
    private static partial Regex NeededDriver();

    [GeneratedRegex(@"taken to be (?<w>[A-Za-z0-9_]+)|(?:;|known;) (?<w>[A-Za-z0-9_]+) is assumed|one for (?<w>[A-Za-z]+) alone", RegexOptions.CultureInvariant)]
    private static partial Regex AssumedWord();

    // Sentences are for --why: a line that does not fit is cut at a word.
    private static string Cut(string line)
    {
        if (line.Length <= Columns)
            return line;
        var at = line.LastIndexOf(' ', Columns - 4);
        return line[..(at > Columns / 2 ? at : Columns - 4)].TrimEnd(',', ';', ':', '.') + " ...";
    }
}
