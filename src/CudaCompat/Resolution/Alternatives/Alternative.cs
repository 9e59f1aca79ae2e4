using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>One value that a fact of a question could have instead, and the question with it.</summary>
/// <param name="From">The value that it has.</param>
/// <param name="To">The other value.</param>
/// <param name="Question">The question changed.</param>
/// <param name="Tell">The advice, given what the changed question gives.</param>
internal sealed record Option(string? From, string To, Question Question, Func<Candidate, string> Tell);

/// <summary>A kind of fact that could be another: its values by nearness, and the question without it, which shows whether any of them can help.</summary>
/// <param name="Change">The kind as the contract calls it.</param>
/// <param name="Options">Other values, the nearest first; none where the question does not name the fact.</param>
/// <param name="Free">The question with the fact open, or null where the options are few enough to be tried as they are.</param>
internal sealed record Alternative(string Change, Func<Question, IEnumerable<Option>> Options, Func<Question, Question?> Free)
{
    /// <summary>Every kind that a single value decides, in the order of what a change costs a person. Driver and GPUs have files of their own.</summary>
    public static IReadOnlyList<Alternative> Table { get; } =
    [
        new("torchvision", q => Companions(q, "torchvision", q.TorchvisionSpec, (x, v) => x with { TorchvisionSpec = v }), q => q with { Torchvision = false, TorchvisionSpec = null }),
        new("torchaudio", q => Companions(q, "torchaudio", q.TorchaudioSpec, (x, v) => x with { TorchaudioSpec = v }), q => q with { Torchaudio = false, TorchaudioSpec = null }),
        new("index", Indexes, _ => null),
        new("cudaTag", Tags, _ => null),
        new("torch", Torches, q => q.IsCheck ? null : q with { TorchSpec = null }),
        new("cudnn", Cudnns, q => q with { Cudnn = false, CudnnSpec = null }),
        new("toolkit", Toolkits, q => q.IsCheck ? q with { Toolkit = false, ToolkitSpec = null, Cudnn = false, CudnnSpec = null } : q with { ToolkitSpec = null }),
        new("toolkitFrom", ToolkitWays, _ => null),
        new("packaging", Packagings, _ => null),
        new("compiler", HostCompilers.Options, q => q.On(HostCompilers.Without(q.Machine))),
        new("python", Pythons, q => q.On(q.Machine.WithAnyPython())),
    ];

    private static IEnumerable<Option> Companions(Question question, string package, VersionSpec? named, Func<Question, VersionSpec, Question> apply)
    {
        if (!question.Torch)
            yield break;
        if (named is null)
        {
            // Asked for as a part of the whole: it can be left out. A stack to check is what it is.
            if (!question.IsCheck && Without(question, package) is { } without)
                yield return new Option(null, "none", without, gives => $"Leave {package} out: {gives}.");
            yield break;
        }

        foreach (var version in question.IsCheck ? OfBuild(question, package) : OfAny(question, package, named))
            yield return new Option(named.ToString(), Labelled(question, version), apply(question, VersionSpec.Parse(Labelled(question, version))), gives => $"Take {package} {Labelled(question, version)}, which goes with {gives}.");
    }

    // Beside a torch with its label the companion is told with it: without one it would come from the default index again.
    private static string Labelled(Question question, PackageVersion version) =>
        question is { IsCheck: true, TorchIsLabelled: true, Tag: { } tag } && version.Label is null && Choice.Stacks.Candidates(question)[0].Build?.Row.Label == true ? $"{version}+{tag}" : version.ToString();

    private static Question? Without(Question question, string package) => package switch
    {
        "torchvision" when question.Torchvision => question with { Torchvision = false },
        "torchaudio" when question.Torchaudio => question with { Torchaudio = false },
        _ => null,
    };

    // A stack's torch stays: the partners of its build, as upstream prefers them.
    private static IEnumerable<PackageVersion> OfBuild(Question question, string package) =>
        Choice.Stacks.Candidates(question)[0].Build?.Companions(package).Select(c => c.Row.Version).Distinct() ?? [];

    private static IEnumerable<PackageVersion> OfAny(Question question, string package, VersionSpec named) =>
        Others([.. question.Builds.SelectMany(b => b.Companions(package)).Select(c => c.Row.Version).Distinct().Order()], named);

    private static IEnumerable<Option> Tags(Question question)
    {
        var now = question.Tag ?? (question.IsCheck ? Choice.Stacks.Candidates(question)[0].Build?.Tag : null);
        if (!question.IsCheck && now is not { IsCpu: false } || question is { IsCheck: true, Torch: false, Tag: null })
            return [];
        List<CudaTag> tags = !question.Torch ? [.. question.Machine.Matrix.ToolkitsOldestFirst.Select(CudaTag.Of).Distinct()]
            : question is { IsCheck: true, TorchSpec.Exact: { } exact } ? [.. question.Builds.Of(exact).Select(b => b.Tag).Where(t => !t.IsCpu).Distinct().Order()]
            : question.Builds.CudaTags;
        return (now is { IsCpu: false } cuda ? Nearness.Order(tags, cuda) : Enumerable.Reverse(tags).ToArray())
            .Where(tag => tag != question.Tag)
            .Select(tag => new Option(question.Tag?.ToString(), tag.ToString(), question.WithTag(tag), gives => $"Take the build for CUDA {tag.Cuda}: {gives}."));
    }

    private static IEnumerable<Option> Indexes(Question question) => question.FromDefaultIndex
        ? [new Option(question.Index!.Url ?? "default", "pytorch", question with { Index = null }, gives => $"Take PyTorch's own index: {gives}.")]
        : [];

    private static IEnumerable<Option> Torches(Question question)
    {
        if (question.TorchSpec is not { } named)
            return [];
        var versions = !question.IsCheck ? question.Builds.Versions : question.Tag is { } tag ? question.Builds.VersionsFor(tag) : question.Builds.DefaultVersions;
        return Others(versions, named).Select(version =>
            new Option(named.ToString(), version.ToString(), question with { TorchSpec = VersionSpec.Exactly(version) }, gives => $"Take torch {version}: {gives}."));
    }

    private static IEnumerable<Option> Cudnns(Question question)
    {
        if (question.CudnnSpec is not { } named)
            return [];
        var versions = question.Machine.Matrix.Cudnn.Versions;
        var from = DottedVersion.TryParse(named.ToString(), out var number) ? number : versions.LastOrDefault(named.Matches);
        // Newer ones before older ones, as a plan takes them; none that is known to be bad here.
        var others = Nearness.Order(versions, from).Where(v => !named.Matches(v) && !IsKnownBad(question, v)).OrderByDescending(v => v > from);
        return (question.IsCheck ? others : Choice.ToolkitChoice.Serving(question, others))
            .Select(version => new Option(named.ToString(), version.ToString(), question with { CudnnSpec = VersionSpec.Exactly(version) }, _ => $"Take cuDNN {version}."));
    }

    private static bool IsKnownBad(Question question, DottedVersion cudnn) =>
        Rules.AdvisoryRule.Of(question.Machine, [new Rules.JudgedRelease("cudnn", cudnn)], question.ToolkitSpec?.ExactCuda?.MajorMinor ?? question.Tag?.Cuda, circumstances: false).Any();

    private static IEnumerable<Option> Toolkits(Question question)
    {
        if (question.ToolkitSpec is not { } named)
            return [];
        var toolkits = question.Machine.Matrix.ToolkitsOldestFirst;
        var from = CudaVersion.TryParse(named.ToString(), out var number) ? number : toolkits.LastOrDefault(named.Matches);
        return Nearness.Order(toolkits, from)
            .Where(version => !named.Matches(version) && Rules.ToolkitDriverRule.Of(question, version) is null && Rules.HostCompilerRule.MayServe(question.Machine, version))
            .Select(version => new Option(named.ToString(), version.ToString(), question with { ToolkitSpec = VersionSpec.Exactly(version) },
                gives => $"Take CUDA toolkit {version}{(question.Torch && !question.IsCheck ? $": {gives}" : "")}."));
    }

    private static IEnumerable<Option> ToolkitWays(Question question) => question is { Toolkit: true, ToolkitFrom: Rules.PipToolkitRule.Way }
        ? [new Option(Rules.PipToolkitRule.Way, "redist", question with { ToolkitFrom = "redist" }, gives => $"Take the toolkit from its archives (--toolkit-from redist): {gives}.")]
        : [];

    private static IEnumerable<Option> Packagings(Question question) => !question.Torch ? [] : Enum.GetValues<Packaging>().Where(p => p != question.Packaging).Select(packaging =>
    {
        var name = PackagingNames.Instance.NameOf(packaging);
        return new Option(question.Installer, name, question with { Packaging = packaging, PackagingIsSaid = true, Installer = name }, gives => $"Take the {name} packages: {gives}.");
    });

    private static IEnumerable<Option> Pythons(Question question)
    {
        if (!question.Torch || question.Machine.Python is not { } python)
            return [];
        var pythons = question.Builds.Pythons.Where(p => p.FreeThreaded == python.FreeThreaded).ToList();
        return Nearness.Order(pythons, python)
            .Select(other => new Option(python.ToString(), other.ToString(), question.On(question.Machine.WithPython(other)), gives => $"Take Python {other}: {gives}."));
    }

    // The nearest to an exact version; around a range those nearest to the newest that it takes. Pre-releases are nobody's remedy.
    private static IEnumerable<PackageVersion> Others(List<PackageVersion> versions, VersionSpec named)
    {
        var from = named.Named ?? versions.LastOrDefault(named.Matches);
        return Nearness.Order(versions, from.WithoutLabel).Where(v => !v.IsPrerelease && !named.Matches(v));
    }
}
