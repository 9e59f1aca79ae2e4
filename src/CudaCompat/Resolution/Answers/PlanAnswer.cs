using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Alternatives;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Answers;

/// <summary>The decision on a request, in facts: what is chosen and what was found, or why nothing is. Pure: the same question gives the same answer.</summary>
internal sealed record PlanAnswer
{
    public required PlanVerdict Verdict { get; init; }

    public Candidate? Choice { get; init; }

    public IReadOnlyList<Cause> Causes { get; init; } = [];

    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    public IReadOnlyList<(string Candidate, Cause Cause)> WhyNotNewer { get; init; } = [];

    /// <summary>With no GPU named: the build that some GPU could have instead, where it is of a newer torch.</summary>
    public string? NewerWithGpu { get; init; }

    /// <summary>With a mirror, and a choice that only PyTorch's own index has: the newest that a mirror of the default index could serve.</summary>
    public string? OnDefaultIndex { get; init; }

    public static PlanAnswer To(Question question)
    {
        if ((PlatformRule.Of(question, question.WantsCuda, torch: null) ?? OtherMakerRule.Of(question)) is { } platform)
            return Refused(question, [platform], Alternatives.Remedies.ForPlatform(question));
        if (question.WantsCuda && ForwardLibraryRule.Of(question.Machine) is { Severity: Severity.Error } library)
            return Refused(question, [library], [.. OtherDrivers.Of(question)]);
        if (OfNoRelease(question) is { } own)
            return new PlanAnswer { Verdict = PlanVerdict.Unknown, Causes = [own, .. OfMachine(question)], Remedies = [.. Alternatives.Remedies.Single(question).Select(r => r.Remedy)] };
        if (Newer(question) is { } newer)
            return new PlanAnswer { Verdict = PlanVerdict.Unknown, Causes = [newer, .. OfMachine(question)] };
        if (question.WantsCuda && question.Machine.Gpus?.FirstOrDefault(g => g.Capability is null && g.Alternatives.Length < 2) is { } unknown)
            return new PlanAnswer { Verdict = PlanVerdict.Unknown, Causes = [GpuUnknown.Of(unknown), .. OfMachine(question)] };
        if (question.WantsCuda && Solver.SeveralChips(question) is { } gpu)
            return OfSeveralChips(question, gpu);
        if (Chooser.Choose(question) is not { } choice)
            return Refused(question, Refusal.Of(question), Alternatives.Remedies.ForRefusal(question));
        // What is asked could be had; whether it runs on a machine of which nothing is known is another matter.
        if (question.WantsCuda && question.Machine is { NothingKnown: true, Gpus: null })
            return new PlanAnswer { Verdict = PlanVerdict.Unknown, Causes = [new MachineUnknown { Subject = "machine", Severity = Severity.Info, Undecided = true }, .. OfMachine(question)] };
        return new PlanAnswer
        {
            Verdict = PlanVerdict.Planned,
            Choice = choice,
            Causes = RuleBook.All(question, choice),
            Remedies = OtherDrivers.ForNewer(question, choice),
            WhyNotNewer = WhyNotNewerFinder.Of(question, choice),
            OnDefaultIndex = question is { HasMirror: true, Packaging: Packaging.Pip, Index: null } && choice.Build is { Row.Default: false, Tag.IsCpu: false }
                ? Chooser.Choose(question with { Index = IndexChoice.Parse("default") })?.Build?.ToString() : null,
            NewerWithGpu = question is { Torch: true, WantsCuda: true, Machine.Gpus: null } ? NewestForSomeGpu(question, choice) : null,
        };
    }

    // A nightly, a candidate, a build of one's own: check judges it, and there are no files of which a plan could be made.
    private static PrereleaseNotListed? OfNoRelease(Question question) =>
        question.TorchSpec?.Exact is { } torch && (IsForeign(torch.Label) || torch.IsPrerelease && !question.Builds.Of(torch.WithoutLabel).Any())
            ? new PrereleaseNotListed { Subject = $"torch {torch}", Severity = Severity.Info, Undecided = true, IsNightly = torch.ToString().Contains(".dev", StringComparison.Ordinal), Tag = question.Tag }
            : null;

    private static bool IsForeign(string? label) => label is not null && !CudaTag.TryParse(label, out _);

    private static PlanAnswer Refused(Question question, IReadOnlyList<Cause> causes, IReadOnlyList<Remedy> remedies) => new()
    {
        Verdict = causes.All(c => c.Undecided) ? PlanVerdict.Unknown : PlanVerdict.Refused,
        Causes = [.. causes, .. OfMachine(question)],
        Remedies = remedies,
    };

    private static Causes OfMachine(Question question) => RuleBook.OfMachine(question);

    private static string? NewestForSomeGpu(Question question, Candidate choice) =>
        Chooser.NewestForSomeGpu(question) is { Build: { } newest } && newest.Version > choice.Build!.Version ? newest.ToString() : null;

    private static NewerThanData? Newer(Question question)
    {
        var matrix = question.Machine.Matrix;
        if (question.Torch && question.Machine.Python is { } python && PythonRule.IsNewer(question.Machine, python) is { } newPython)
            return newPython;
        foreach (var (package, spec) in (ReadOnlySpan<(string, VersionSpec?)>)[("torch", question.TorchSpec), ("torchvision", question.TorchvisionSpec), ("torchaudio", question.TorchaudioSpec)])
        {
            if (spec?.IsAbove(matrix.Builds.Newest[package].Release) == true)
                return NewerThanData.Of(package, spec.ToString(), matrix.Builds.Newest[package].ToString());
        }

        if (question.Tag is { Cuda: { } cuda } && cuda > matrix.NewestToolkit.MajorMinor)
            return NewerThanData.Of("toolkit", cuda.ToString(), matrix.NewestToolkit.MajorMinor.ToString(), $"CUDA {cuda}");
        if (question.ToolkitSpec is { } toolkit && toolkit.IsAbove(DottedVersion.Parse(matrix.NewestToolkit.ToString())))
            return NewerThanData.Of("toolkit", toolkit.ToString(), matrix.NewestToolkit.ToString());
        return question.CudnnSpec is { } cudnn && cudnn.IsAbove(matrix.Cudnn.Releases[0].Version)
            ? NewerThanData.Of("cuDNN", cudnn.ToString(), matrix.Cudnn.Releases[0].Version.ToString())
            : null;
    }

    // A name that is several chips: the answer if they agree, else unknown.
    private static PlanAnswer OfSeveralChips(Question question, GpuFacts gpu)
    {
        PlanAnswer? first = null;
        foreach (var capability in gpu.Alternatives)
        {
            var answer = To(question.On(question.Machine.WithCapability(gpu, capability)));
            // What helps has to help whichever chip it is.
            first = first is null ? answer : first with { Remedies = [.. first.Remedies.Intersect(answer.Remedies)] };
            if (answer.Verdict != first.Verdict || !Solver.IsSame(answer.Choice, first.Choice))
                return new PlanAnswer { Verdict = PlanVerdict.Unknown, Causes = [GpuUnknown.Of(gpu), .. OfMachine(question)] };
        }

        return first!;
    }
}
