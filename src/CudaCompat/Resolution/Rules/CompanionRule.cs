using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>torchvision and torchaudio go with exact patches of torch, and only with the builds made for them.</summary>
internal static class CompanionRule
{
    private static readonly string[] Packages = ["torchvision", "torchaudio"];

    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Build is not { } build || candidate.IsPrerelease)
            return;
        foreach (var package in Packages)
        {
            if (candidate.Companion(package) is { } version)
                found.AddAll(OfNamed(question, build, package, version));
        }
    }

    /// <summary>A companion that a combination names: its CUDA, its version, then the Python and the C library of its build.</summary>
    private static IEnumerable<Cause> OfNamed(Question question, TorchBuild build, string package, PackageVersion version)
    {
        var machine = question.Machine;
        var matrix = machine.Matrix;
        var named = build.Companions(package).Where(b => IsCalled(b.Row.Version, version)).ToArray();
        if (OfCuda(question, build, package, version) is { } otherCuda && (version.Label is not null || named.Length > 0))
            return [otherCuda];
        if (named.Length > 0)
            return named.Any(b => Fits(machine, b)) ? [] : AgainstPlace(machine, build, package, named[0]);
        // Only the newest torch can have a partner that the data has not seen yet.
        if (version > matrix.Builds.Newest.GetValueOrDefault(package) && build.Version.CompareTo(matrix.Builds.NewestTorch) == 0)
            return [NewerThanData.Of(package, version.WithoutLabel.ToString(), matrix.Builds.Newest[package].ToString())];
        if (!AreListed(machine, build, package))
            return [CompanionsUnlisted.Of(package, version, build)];
        var partners = build.Partners(package);
        if (partners.Length == 0)
            return [new PartnerUnknown(package) { Subject = $"{package} {version}", Build = build.ToString(), Undecided = true, Severity = Severity.Info }];
        var pairs = partners.Any(c => IsCalled(c.Version, version));
        if (pairs && WorksAcrossCuda(question, build, package, version))
            return [];
        return [Mismatch(machine, build, package, version, pairs ? Mismatched.NoBuild : Mismatched.Version)];
    }

    // There is no build of it for this tag, and the check at import of the one that the default index gives takes this torch.
    private static bool WorksAcrossCuda(Question question, TorchBuild build, string package, PackageVersion version) => question.Builds
        .SelectMany(other => other.Companions(package))
        .Any(b => b.Row is { Default: true, Tag: { IsCpu: false } tag } && IsCalled(b.Row.Version, version) && Fits(question.Machine, b) && CompanionCuda.Judge(package, version, tag, build.Tag).Verdict == CompanionCudaVerdict.Works);

    // Built for another CUDA than torch, by its label or, without one beside a torch that has one, by what the default index holds.
    private static CompanionMismatch? OfCuda(Question question, TorchBuild build, string package, PackageVersion version)
    {
        CudaTag? own = version.Label is { } label ? CudaTag.TryParse(label, out var tag) ? tag : null : FromDefaultIndex(question, build, package, version);
        if (own is not { } other || other == build.Tag)
            return null;
        return CompanionCuda.Judge(package, version, other, build.Tag).Verdict == CompanionCudaVerdict.Works
            ? null
            : Mismatch(question.Machine, build, package, version, Mismatched.Cuda) with
            {
                OtherCuda = other,
                Unlabelled = version.Label is null,
                Severity = version.Label is not null || question.IsListing || build.Tag.IsCpu ? Severity.Error : Severity.Warning,
                IsListing = question.IsListing,
            };
    }

    // pip prints the label of a wheel that has one. Where torch has one and its companion, whose build for that tag has one too, has none, it came from the default index.
    private static CudaTag? FromDefaultIndex(Question question, TorchBuild build, string package, PackageVersion version) =>
        question.TorchIsLabelled && question.Packaging == Packaging.Pip && build.Companions(package).Any(b => IsCalled(b.Row.Version, version) && b.Row is { Label: true, Tag: not null })
            ? question.Builds.Default(build.Version)?.Tag
            : null;

    /// <summary>True where a version is called so: 0.17 names every 0.17.z, and 0.6.0a0 is what the conda package of 0.6.0 calls itself.</summary>
    private static bool IsCalled(PackageVersion version, PackageVersion name) =>
        name.Release.Parts < 3 ? version.Release.StartsWith(name.Release) : name.IsPrerelease ? version.Release == name.Release : version.CompareTo(name) == 0;

    // Python and C library of the right partner; what torch itself lacks already is not told twice.
    private static IEnumerable<Cause> AgainstPlace(MachineFacts machine, TorchBuild build, string package, CompanionBuild companion)
    {
        var subject = $"{package} {companion.Row.Version}" + (companion.Row.Tag is { } tag ? $"+{tag}" : "");
        if (GlibcRule.Of(machine, companion.Row, subject) is { } glibc && GlibcRule.Of(machine, build.Row, build.ToString()) is null)
            yield return glibc;
        if (machine.Python is { } python && !HasPython(machine, companion) && PythonRule.Of(machine, build) is null)
            yield return new PythonUnsupported { Subject = subject, Python = python, Supported = [.. companion.Row.Pythons.Order()], Sources = companion.Row.Sources };
    }

    /// <summary>The companion to install with a build: the preferred one that exists, or why there is none.</summary>
    public static (CompanionBuild? Companion, Cause? Cause) Pick(Question question, TorchBuild build, string package, VersionSpec? wanted)
    {
        var machine = question.Machine;
        var wrongLabel = wanted?.Label is { } label && label != build.Tag.ToString();
        foreach (var companion in build.Companions(package))
        {
            if ((wanted is null || wanted.Matches(companion.Row.Version)) && !wrongLabel && (!question.FromDefaultIndex || companion.Row.Default) && Fits(machine, companion))
                return (companion, null);
        }

        if (!AreListed(machine, build, package))
            return (null, CompanionsUnlisted.Of(package, wanted?.Exact, build));
        var pairs = build.Companions(package).Length == 0 && wanted is not null && build.Partners(package).Any(p => wanted.Matches(p.Version));
        var mismatch = Mismatch(machine, build, package, wanted?.Named, wrongLabel ? Mismatched.Cuda : pairs ? Mismatched.NoBuild : Mismatched.Version);
        return (null, wanted is { Named: null } ? mismatch with { Range = wanted.ToString() } : mismatch);
    }

    // Of conda-forge only torch itself is known: that is no reason to say that it has no companions.
    private static bool AreListed(MachineFacts machine, TorchBuild build, string package) => machine.Matrix.Builds.ListsCompanions(build.Row.Packaging, package);

    private static CompanionMismatch Mismatch(MachineFacts machine, TorchBuild build, string package, PackageVersion? version, Mismatched why)
    {
        var partner = build.Companions(package).FirstOrDefault(b => Fits(machine, b));
        return new CompanionMismatch(package)
        {
            Subject = version is { } v ? $"{package} {v}" : package,
            Version = version,
            Build = build,
            Partner = partner?.Row.Version,
            Why = why,
            PythonIsKnown = machine.Python is not null,
            Sources = partner?.Row.Sources ?? build.Row.Sources,
        };
    }

    private static bool HasPython(MachineFacts machine, CompanionBuild companion) => machine.Python is null || companion.PythonMask == 0 || (companion.PythonMask & machine.PythonMask) != 0;

    private static bool Fits(MachineFacts machine, CompanionBuild companion) => HasPython(machine, companion) && GlibcRule.Of(machine, companion.Row, companion.Row.Package) is null;
}

/// <summary>What is wrong with a companion.</summary>
internal enum Mismatched
{
    /// <summary>Another version goes with this torch.</summary>
    Version,

    /// <summary>The versions go together, but there is no build for this tag, system or Python.</summary>
    NoBuild,

    /// <summary>It is built for another CUDA.</summary>
    Cuda,
}

internal sealed record CompanionMismatch(string Package) : Cause
{
    public override string Rule => Package + "-mismatch";

    /// <summary>The one named, or null where any was wanted.</summary>
    public required PackageVersion? Version { get; init; }

    public required TorchBuild Build { get; init; }

    /// <summary>The right partner, or null where there is no build of any.</summary>
    public required PackageVersion? Partner { get; init; }

    public required Mismatched Why { get; init; }

    /// <summary>The CUDA that it is built for, where that is known to be another.</summary>
    public CudaTag? OtherCuda { get; init; }

    /// <summary>True where the versions are what pip lists.</summary>
    public bool IsListing { get; init; }

    /// <summary>What was asked for that is no single version: a range.</summary>
    public string? Range { get; init; }

    /// <summary>True where the machine's Python is known, so that it counted.</summary>
    public bool PythonIsKnown { get; init; }

    /// <summary>True where nothing else stops the build.</summary>
    public bool IsAllThatLacks { get; init; }

    /// <summary>True where it has no label, so that it came from the default index.</summary>
    public bool Unlabelled { get; init; }

    public override string English()
    {
        var partner = Partner is { } right ? $"{Package} {right} goes with it" : $"no {Package} for it exists";
        if (Range is { } range)
            return $"No {Package} {range} goes with {Build}{(Partner is { } own ? $"; {Package} {own} does" : "")}.";
        if (Version is not { } version)
            return IsAllThatLacks ? $"{Build} has no {Package} here; without it, it runs." : $"{Build} has no {Package} for this system{(PythonIsKnown ? " and Python" : "")}.";
        return Why switch
        {
            Mismatched.Cuda when OtherCuda is { } other && Unlabelled && Severity == Severity.Warning =>
                $"{Package} {version} is named without a label beside {Build}. If pip lists it so, it came from the default package index, whose builds are for {(other.IsCpu ? "the processor" : $"CUDA {other.Cuda}")}, and {What(other)}; {Package} {Partner ?? version}+{Build.Tag} goes with it.",
            Mismatched.Cuda when OtherCuda is { } other && Unlabelled =>
                $"{Package} {version} has no label beside {Build}, so it came from the default package index, whose builds are for {(other.IsCpu ? "the processor" : $"CUDA {other.Cuda}")}: {What(other)}; {Package} {Partner ?? version}+{Build.Tag} goes with it.",
            Mismatched.Cuda when OtherCuda is { } other => $"{Package} {version} is built for {(other.IsCpu ? "the processor" : $"CUDA {other.Cuda}")}, {Build} is not: {What(other)}; {partner}.",
            Mismatched.Cuda => $"{Package} {version} is built for another CUDA than {Build}; {partner}.",
            Mismatched.NoBuild => $"{Package} {version} pairs with torch {Build.Version}, but it has no build for {Build.Tag} on this system" + (Partner is { } p && p.CompareTo(version) != 0 ? $"; {partner}." : "."),
            _ => $"{Package} {version} does not go with {Build}; {partner}.",
        };
    }

    private string What(CudaTag other) => other.IsCpu != Build.Tag.IsCpu && Package == "torchvision" ? "its operators are missing (torchvision::nms does not exist)" : "it does not import beside it";
}

/// <summary>No source lists any package of this kind in the packaging.</summary>
internal sealed record CompanionsUnlisted(string Package) : Cause
{
    public override string Rule => Package + "-mismatch";

    public required TorchBuild Build { get; init; }

    public static CompanionsUnlisted Of(string package, PackageVersion? version, TorchBuild build) =>
        new(package) { Subject = version is { } v ? $"{package} {v}" : package, Build = build, Undecided = true, Severity = Severity.Info, Sources = build.Row.Sources };

    public override string English() => $"No source lists the {Package} packages of {PackagingNames.Instance.NameOf(Build.Row.Packaging)}, so whether one goes with {Build} is not known.";
}

/// <summary>No source pairs any version with this torch.</summary>
internal sealed record PartnerUnknown(string Package) : Cause
{
    public override string Rule => Package + "-mismatch";

    public required string Build { get; init; }

    public override string English() => $"No source says which {Package} goes with {Build}.";
}
