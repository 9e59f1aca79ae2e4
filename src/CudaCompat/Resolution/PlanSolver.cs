using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Remedies;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>The decision on a request, in facts: what is chosen and what was found, or why nothing is.</summary>
internal sealed record PlanOutcome
{
    public required PlanVerdict Verdict { get; init; }

    public Choice? Choice { get; init; }

    public IReadOnlyList<Cause> Causes { get; init; } = [];

    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    public IReadOnlyList<(string Candidate, Cause Cause)> WhyNotNewer { get; init; } = [];
}

/// <summary>Solves a request on a machine. Pure: the same matrix, machine and request give the same outcome.</summary>
internal static class PlanSolver
{
    public static PlanOutcome Solve(MachineFacts machine, Wish wish)
    {
        // Without a GPU the CPU build is taken, unless CUDA is what was asked for.
        var wantsCuda = wish.Tag is not { IsCpu: true } && (machine.Gpus is not { Length: 0 } || wish.Tag is not null || !wish.Torch);
        if (PlatformRule.Of(machine, wantsCuda) is { } platform)
            return Refused(machine, wish, [platform], PlanRemedies.ForPlatform(machine, wish));
        if (wantsCuda && Undecided(machine, wish) is { } undecided)
            return new PlanOutcome { Verdict = PlanVerdict.Unknown, Causes = [undecided, .. MachineRule.Of(machine, wish.Torch)] };
        if (Newer(machine, wish) is { } newer)
            return new PlanOutcome { Verdict = PlanVerdict.Unknown, Causes = [newer, .. MachineRule.Of(machine, wish.Torch)] };
        if (wantsCuda && machine.Gpus?.FirstOrDefault(g => g.Alternatives.Length > 1) is { } twoChips)
            return OfTwoChips(machine, wish, twoChips);
        if (Chooser.Choose(machine, wish) is not { } choice)
            return Refused(machine, wish, RefusalCauses.Of(machine, wish), PlanRemedies.ForRefusal(machine, wish));
        var causes = StackJudge.Judge(machine, StackOf(choice, wish), wish.Policy);
        if (machine.Gpus is { Length: 0 })
        {
            // A CUDA build was asked for all the same, for another machine perhaps: that is no error in a plan.
            causes.RemoveAll(c => c is NoNvidiaGpu);
            causes.Add(new NoNvidiaGpu { Subject = "machine", Severity = choice.Build?.Cuda is null ? Severity.Info : Severity.Warning });
        }

        return new PlanOutcome
        {
            Verdict = PlanVerdict.Planned,
            Choice = choice,
            Causes = causes,
            Remedies = PlanRemedies.ForPlan(machine, wish, choice),
            WhyNotNewer = WhyNotNewerFinder.Of(machine, wish, choice),
        };
    }

    /// <summary>The choice as the document that <c>Check</c> reads.</summary>
    public static StackDocument StackOf(Choice choice, Wish wish) => new()
    {
        Torch = choice.Build?.Version,
        CudaTag = choice.Build?.Tag,
        Torchvision = choice.Torchvision?.Row.Version,
        Torchaudio = choice.Torchaudio?.Row.Version,
        Toolkit = choice.Toolkit,
        Cudnn = choice.Cudnn?.Version,
        Packaging = choice.Build is null ? null : wish.Packaging,
        Compiles = wish.Compiles,
    };

    private static PlanOutcome Refused(MachineFacts machine, Wish wish, IReadOnlyList<Cause> causes, IReadOnlyList<Remedy> remedies) => new()
    {
        Verdict = causes.All(c => c.Undecided) ? PlanVerdict.Unknown : PlanVerdict.Refused,
        Causes = [.. causes, .. MachineRule.Of(machine, wish.Torch)],
        Remedies = remedies,
    };

    private static Cause? Undecided(MachineFacts machine, Wish wish)
    {
        if (machine.NothingKnown && machine.Gpus is null)
            return new DriverUnknown { Subject = "machine", Severity = Severity.Info, Cuda = wish.Tag?.Cuda, Minimum = null, DriverOs = machine.Drivers.Os, Undecided = true };
        return machine.Gpus?.FirstOrDefault(g => g.Capability is null && g.Alternatives.Length < 2) is { } unknown
            ? new GpuUnknown { Subject = unknown.Name, Name = unknown.Name, Alternatives = [], Undecided = true, Severity = Severity.Info }
            : null;
    }

    private static NewerThanData? Newer(MachineFacts machine, Wish wish)
    {
        var matrix = machine.Matrix;
        if (wish.Torch && machine.Python is { } python && new PythonVersion(python.Major, python.Minor) > matrix.Builds.NewestPython)
            return Of("Python", python.ToString(), matrix.Builds.NewestPython.ToString());
        foreach (var (package, spec) in (ReadOnlySpan<(string, VersionSpec?)>)[("torch", wish.TorchSpec), ("torchvision", wish.TorchvisionSpec), ("torchaudio", wish.TorchaudioSpec)])
        {
            if (spec?.IsAbove(matrix.Builds.Newest[package].Release) == true)
                return Of(package, spec.ToString(), matrix.Builds.Newest[package].ToString());
        }

        if (wish.ToolkitSpec is { } toolkit && toolkit.IsAbove(DottedVersion.Parse(matrix.NewestToolkit.ToString())))
            return Of("toolkit", toolkit.ToString(), matrix.NewestToolkit.ToString());
        return wish.CudnnSpec is { } cudnn && cudnn.IsAbove(matrix.Cudnn.Releases[0].Version)
            ? Of("cuDNN", cudnn.ToString(), matrix.Cudnn.Releases[0].Version.ToString())
            : null;

        static NewerThanData Of(string component, string version, string newest) =>
            new() { Subject = $"{component} {version}", Component = component, NewestKnown = newest, Undecided = true, Severity = Severity.Info };
    }

    // A name that is two chips: the answer if both agree, else unknown.
    private static PlanOutcome OfTwoChips(MachineFacts machine, Wish wish, GpuFacts gpu)
    {
        PlanOutcome? first = null;
        foreach (var capability in gpu.Alternatives)
        {
            var outcome = Solve(machine.WithCapability(gpu, capability), wish);
            // What helps has to help whichever chip it is.
            first = first is null ? outcome : first with { Remedies = [.. first.Remedies.Intersect(outcome.Remedies)] };
            if (outcome.Verdict != first.Verdict || !IsSame(outcome.Choice, first.Choice))
                return new PlanOutcome { Verdict = PlanVerdict.Unknown, Causes = [new GpuUnknown { Subject = gpu.Name, Name = gpu.Name, Alternatives = gpu.Alternatives, Undecided = true, Severity = Severity.Info }, .. MachineRule.Of(machine, wish.Torch)] };
        }

        return first!;
    }

    private static bool IsSame(Choice? one, Choice? other) =>
        one?.Build == other?.Build && one?.Toolkit == other?.Toolkit && one?.Cudnn == other?.Cudnn && one?.Torchvision?.Row == other?.Torchvision?.Row && one?.Torchaudio?.Row == other?.Torchaudio?.Row;
}
