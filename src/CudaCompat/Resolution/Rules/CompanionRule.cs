using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>torchvision and torchaudio go with exact patches of torch, and only with the builds made for them.</summary>
internal static class CompanionRule
{
    /// <summary>A companion that a combination names: its version, then the Python and the C library of its build.</summary>
    public static IEnumerable<Cause> OfNamed(MachineFacts machine, TorchBuild build, string package, PackageVersion version)
    {
        var matrix = machine.Matrix;
        var wrongLabel = version.Label is { } label && label != build.Tag.ToString();
        var named = build.Companions(package).Where(b => b.Row.Version.CompareTo(version) == 0).ToArray();
        if (!wrongLabel && named.Length > 0)
            return named.Any(b => Fits(machine, b)) ? [] : AgainstPlace(machine, build, package, named[0]);
        // Only the newest torch can have a partner that the data has not seen yet.
        if (version > matrix.Builds.Newest.GetValueOrDefault(package) && build.Version.CompareTo(matrix.Builds.NewestTorch) == 0)
            return [new NewerThanData { Subject = $"{package} {version.WithoutLabel}", Component = package, NewestKnown = matrix.Builds.Newest[package].ToString(), Undecided = true, Severity = Severity.Info }];
        if (!AreListed(machine, build, package))
            return [Unlisted(build, package, version)];
        var partners = build.Partners(package);
        if (partners.Length == 0 && !wrongLabel)
            return [new CompanionMismatch(package) { Subject = $"{package} {version}", Version = version, Build = build, Partner = null, Undecided = true, Severity = Severity.Info }];
        return [Mismatch(machine, build, package, version, partners.Any(c => c.Version.CompareTo(version) == 0), wrongLabel)];
    }

    // Python and C library of the right partner; what torch itself lacks already is not told twice.
    private static IEnumerable<Cause> AgainstPlace(MachineFacts machine, TorchBuild build, string package, CompanionBuild companion)
    {
        var subject = $"{package} {companion.Row.Version}" + (companion.Row.Tag is { } tag ? $"+{tag}" : "");
        if (BuildRule.GlibcOf(machine, companion.Row, subject) is { } glibc && BuildRule.GlibcOf(machine, build.Row, build.ToString()) is null)
            yield return glibc;
        if (machine.Python is { } python && !HasPython(machine, companion) && BuildRule.PythonOf(machine, build) is null)
            yield return new PythonUnsupported { Subject = subject, Python = python, Supported = [.. companion.Row.Pythons.Order()], Sources = companion.Row.Sources };
    }

    /// <summary>The companion to install with a build: the preferred one that exists, or why there is none.</summary>
    public static (CompanionBuild? Companion, Cause? Cause) Pick(MachineFacts machine, TorchBuild build, string package, VersionSpec? wanted)
    {
        var wrongLabel = wanted?.Label is { } label && label != build.Tag.ToString();
        foreach (var companion in build.Companions(package))
        {
            if ((wanted is null || wanted.Matches(companion.Row.Version)) && !wrongLabel && Fits(machine, companion))
                return (companion, null);
        }

        if (!AreListed(machine, build, package))
            return (null, Unlisted(build, package, wanted?.Exact));
        var pairs = build.Companions(package).Length == 0 && wanted is not null && build.Partners(package).Any(p => wanted.Matches(p.Version));
        return (null, Mismatch(machine, build, package, wanted?.Exact, pairs, wrongLabel));
    }

    // Of conda-forge only torch itself is known: that is no reason to say that it has no companions.
    private static bool AreListed(MachineFacts machine, TorchBuild build, string package) => machine.Matrix.Builds.ListsCompanions(build.Row.Packaging, package);

    private static CompanionMismatch Unlisted(TorchBuild build, string package, PackageVersion? version) => new(package)
    {
        Subject = package,
        Version = version,
        Build = build,
        Partner = null,
        Unlisted = true,
        Undecided = true,
        Severity = Severity.Info,
        Sources = build.Row.Sources,
    };

    private static CompanionMismatch Mismatch(MachineFacts machine, TorchBuild build, string package, PackageVersion? version, bool pairs, bool wrongLabel)
    {
        var partner = build.Companions(package).FirstOrDefault(b => Fits(machine, b));
        return new CompanionMismatch(package)
        {
            Subject = version is { } v ? $"{package} {v}" : package,
            Version = version,
            Build = build,
            Partner = partner?.Row.Version,
            Pairs = pairs,
            WrongLabel = wrongLabel,
            Sources = partner?.Row.Sources ?? build.Row.Sources,
        };
    }

    private static bool HasPython(MachineFacts machine, CompanionBuild companion) =>
        machine.Python is not { } python || companion.PythonMask == 0 || (companion.PythonMask & machine.Matrix.Builds.MaskOf(python)) != 0;

    private static bool Fits(MachineFacts machine, CompanionBuild companion) => HasPython(machine, companion) && BuildRule.GlibcOf(machine, companion.Row, companion.Row.Package) is null;
}

internal sealed record CompanionMismatch(string Package) : Cause
{
    public override string Rule => Package == "torchvision" ? "torchvision-mismatch" : "torchaudio-mismatch";

    /// <summary>The one named, or null where any was wanted.</summary>
    public required PackageVersion? Version { get; init; }

    public required TorchBuild Build { get; init; }

    /// <summary>The right partner, or null where there is no build of any.</summary>
    public required PackageVersion? Partner { get; init; }

    /// <summary>True where the versions go together but no build for this tag, system or Python exists.</summary>
    public bool Pairs { get; init; }

    public bool WrongLabel { get; init; }

    /// <summary>True where no source lists any package of this kind in the packaging.</summary>
    public bool Unlisted { get; init; }
}
