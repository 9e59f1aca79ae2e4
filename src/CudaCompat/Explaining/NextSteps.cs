using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Explaining;

/// <summary>What to type on this machine: builds are solved by the resolver, the rest is the sentence of the table.</summary>
internal sealed class NextSteps(CauseTable table, CompatibilityMatrix matrix, DriverInfo? machine)
{
    private const string Redistributable = "winget install --id Microsoft.VCRedist.2015+.x64 --exact";
    private const string BuildTools = "winget install --id Microsoft.VisualStudio.2022.BuildTools --override \"--passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\"";

    private bool IsWindows => machine?.OperatingSystem == OperatingSystemFamily.Windows;

    private PackageVersion? Torch => machine?.Installed?.Torch;

    /// <summary>The steps for a cause, the best first.</summary>
    public IReadOnlyList<NextStep> Of(JudgedCause cause)
    {
        var kind = table.Kind(cause.Kind);
        var own = cause.Kind == cause.Hit.Row.Kind ? cause.Hit.Row.Next : null;
        var words = CauseJudge.Sentence(own ?? kind.Next, cause.Hit);
        var steps = new List<NextStep>();
        switch (kind.Remedy)
        {
            case "build":
                steps.AddRange(Build(cause.Kind == "known-bad-release" ? null : Torch));
                break;
            case "companions":
                steps.AddRange(Companions());
                break;
            case "driver":
                steps.AddRange(Driver());
                break;
            case "reinstall" when Torch is { } torch && cause.Hit.Line.Contains("torch", StringComparison.OrdinalIgnoreCase):
                steps.AddRange(Pinned(torch, "puts this torch and what belongs to it back", " --force-reinstall --no-cache-dir"));
                break;
            case "toolkit" when Torch is { } torch && CudaTag.TryParse(torch.Label, out var tag) && tag.Cuda is { } cuda:
                steps.Add(new NextStep { Command = $"cudacompat plan --components toolkit --toolkit {cuda}", Message = $"torch {torch} was built with CUDA {cuda}; this tells the toolkit of that version." });
                break;
            case "vc-runtime" when machine is null || IsWindows:
                steps.Add(new NextStep { Command = Redistributable, Message = "Installs the newest Visual C++ runtime of Microsoft." });
                break;
            case "compiler" when IsWindows:
                steps.Add(new NextStep { Command = BuildTools, Message = "Installs the C++ compiler of Visual Studio's Build Tools." });
                break;
            case "compiler" when machine is { OperatingSystem: OperatingSystemFamily.Linux or OperatingSystemFamily.Wsl }:
                steps.Add(new NextStep { Command = "sudo apt-get install build-essential", Message = "Installs gcc and g++ (Debian and Ubuntu; elsewhere the group of development tools)." });
                break;
            case "venv":
                steps.Add(new NextStep { Command = "python3 -m venv .venv && . .venv/bin/activate", Message = "Makes a virtual environment and enters it; install there." });
                break;
            case "numpy" when Torch is { } torch && torch.Release.CompareTo(DottedVersion.Parse("2.3")) < 0:
                steps.Add(new NextStep { Command = "python -m pip install \"numpy<2\"", Message = $"torch {torch} was built before NumPy 2." });
                break;
        }

        if (cause.Hit.Row.Next is not null || steps.Count == 0 || kind.Remedy is "text")
            steps.Add(new NextStep { Message = words });
        return steps;
    }

    // The same torch where a build of it runs here, else the newest that does.
    private IEnumerable<NextStep> Build(PackageVersion? torch)
    {
        if (!IsKnown)
        {
            yield return new NextStep { Command = "cudacompat plan", Message = "On the machine itself this names the newest build that runs there, with the command." };
            yield break;
        }

        if (torch is { } wanted && Plan(VersionSpec.Exactly(wanted.WithoutLabel), out _) is { } same)
            yield return Step(same, "");
        else if (Plan(null, out var refusal) is { } newest)
            yield return Step(newest, "");
        else if (refusal is { Remedies: [var remedy, ..] })
            yield return new NextStep { Message = remedy.Message };
    }

    private IEnumerable<NextStep> Companions()
    {
        if (Torch is { } torch)
            return Pinned(torch, "brings torch's own companions", "");
        return Build(null);
    }

    private IEnumerable<NextStep> Pinned(PackageVersion torch, string what, string flags)
    {
        if (machine is not null && Plan(VersionSpec.Exactly(torch), out _) is { Commands: [var command, ..] } plan)
        {
            yield return new NextStep { Command = command + flags, Message = $"This {what}: {Names(plan.Stack)}." };
            yield break;
        }

        foreach (var step in Build(torch))
            yield return step;
    }

    private IEnumerable<NextStep> Driver()
    {
        if (machine is not null && Torch is { } torch && CudaTag.TryParse(torch.Label, out var tag) && !tag.IsCpu)
        {
            var check = Resolver.Check(machine, new StackDocument { Torch = torch.WithoutLabel, CudaTag = tag }, matrix);
            foreach (var remedy in check.Remedies.Where(r => r.Change == "driver").Take(1))
                yield return new NextStep { Message = remedy.Message };
        }

        if (machine is { Driver: not null } or { MaxCuda: not null } && Plan(null, out _) is { } plan)
            yield return Step(plan, " on the driver as it is");
    }

    private bool IsKnown => machine is not null && (machine.Driver is not null || machine.MaxCuda is not null || machine.Gpus is not null);

    private static NextStep Step(InstallPlan plan, string where) =>
        new() { Command = plan.Commands is [var command, ..] ? command : null, Message = $"{Names(plan.Stack)} run{(plan.Stack.Torchvision is null && plan.Stack.Torchaudio is null ? "s" : "")} here{where}." };

    private static string Names(StackDocument stack)
    {
        var tag = stack.CudaTag is { } cuda ? $"+{cuda}" : "";
        string?[] names = [stack.Torch is { } torch ? $"torch {torch}{tag}" : null, stack.Torchvision is { } vision ? $"torchvision {vision}" : null, stack.Torchaudio is { } audio ? $"torchaudio {audio}" : null];
        return string.Join(", ", names.Where(n => n is not null));
    }

    private InstallPlan? Plan(VersionSpec? torch, out PlanResult? result)
    {
        result = null;
        if (machine is null)
            return null;
        foreach (string[] components in (string[][])[["torch", "torchvision", "torchaudio"], ["torch", "torchvision"]])
        {
            try
            {
                result = Resolver.TryPlan(machine, new PlanRequest { Torch = torch, Components = components }, matrix);
            }
            catch (BadRequestException)
            {
                return null; // a torch that the data does not have
            }

            if (result.Plan is { } plan)
                return plan;
        }

        return null;
    }
}
