using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>A component and what advisories ask of it.</summary>
/// <param name="Package">torch, torchvision, torchaudio, cudnn, toolkit, driver or a package's name.</param>
/// <param name="Version">Its release.</param>
internal sealed record JudgedRelease(string Package, DottedVersion Version);

/// <summary>A release that is known to be bad here.</summary>
/// <param name="Release">The release.</param>
/// <param name="Advisory">What is known.</param>
internal sealed record KnownBadRelease(JudgedRelease Release, AdvisoryRow Advisory);

/// <summary>
/// Which releases of a stack are known to be bad on a machine. An advisory holds where everything it names is known and fits: what is not known narrows it away, since a
/// warning on a sound machine is worse than none. What takes a further circumstance (<see cref="AdvisoryRow.When"/>) is only told where it is asked for.
/// </summary>
internal static class AdvisoryRule
{
    public const string Id = "known-bad-release";

    /// <summary>The findings with those of the advisories, errors first.</summary>
    public static IReadOnlyList<Finding> Added(IReadOnlyList<Finding> findings, MachineFacts machine, StackDocument stack) =>
        Of(machine, stack).Select(FindingOf).ToArray() is { Length: > 0 } bad ? [.. findings.Concat(bad).OrderBy(f => f.Severity)] : findings;

    /// <summary>The releases of a stack and the driver.</summary>
    public static IEnumerable<KnownBadRelease> Of(MachineFacts machine, StackDocument stack)
    {
        var releases = new List<JudgedRelease>();
        // A version given short stands for several releases, of which one may be bad.
        Add("torch", Whole(stack.Torch));
        Add("torchvision", Whole(stack.Torchvision));
        Add("torchaudio", Whole(stack.Torchaudio));
        Add("cudnn", stack.Cudnn);
        Add("toolkit", stack.Toolkit is { Patch: not null } toolkit ? DottedVersion.Parse(toolkit.ToString()) : null);
        Add("driver", machine.StatedDriver is { } driver ? DottedVersion.Parse(driver.ToString()) : null);
        return Of(machine, releases, stack.CudaTag?.Cuda, circumstances: false);

        // Nor does what is said of a release hold for somebody's own build of it.
        static DottedVersion? Whole(PackageVersion? version) => version is { Release.Parts: > 2, IsPrerelease: false, Label: var label } whole && (label is null || CudaTag.TryParse(label, out _)) ? whole.Release : null;

        void Add(string package, DottedVersion? version)
        {
            if (version is { } known)
                releases.Add(new JudgedRelease(package, known));
        }
    }

    /// <summary>The releases that are known to be bad among those that stand together.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="releases">What stands together.</param>
    /// <param name="cuda">The CUDA of torch's build; null where it is not known or a CPU build.</param>
    /// <param name="circumstances">True to tell also what takes a further circumstance.</param>
    public static IEnumerable<KnownBadRelease> Of(MachineFacts machine, IReadOnlyList<JudgedRelease> releases, CudaVersion? cuda, bool circumstances)
    {
        foreach (var release in releases)
        {
            foreach (var advisory in machine.Matrix.Advisories.Of(release.Package, release.Version))
            {
                if ((circumstances || advisory.When is null) && Holds(machine, advisory, releases, cuda))
                    yield return new KnownBadRelease(release, advisory);
            }
        }
    }

    /// <summary>A warning, or what one report alone says, or what takes a circumstance that is not known: a note.</summary>
    public static Severity SeverityOf(AdvisoryRow advisory) =>
        advisory.Certainty == AdvisoryCertainty.OneReport || advisory.When is not null ? Severity.Info : Severity.Warning;

    /// <summary>True where no free choice may take it: it does not work there, or was taken back.</summary>
    public static bool IsOut(AdvisoryRow advisory) =>
        advisory is { Severity: AdvisorySeverity.Broken or AdvisorySeverity.Withdrawn, When: null, Certainty: not AdvisoryCertainty.OneReport };

    /// <summary>Why no free choice may take a torch, a toolkit or a cuDNN here, or null. Companions are not chosen freely: they are those that upstream pairs.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="cuda">The CUDA of it; null for a CPU build.</param>
    /// <param name="package">torch, toolkit or cudnn.</param>
    /// <param name="version">What would be taken.</param>
    public static BadRelease? Against(MachineFacts machine, CudaVersion? cuda, string package, DottedVersion version)
    {
        if (machine.Matrix.Advisories.Of(package, version).Length == 0)
            return null;
        var release = new JudgedRelease(package, version);
        foreach (var advisory in machine.Matrix.Advisories.Of(release.Package, release.Version))
        {
            if (IsOut(advisory) && Holds(machine, advisory, [release], cuda))
                return new BadRelease { Subject = SubjectOf(release), Advisory = advisory, Sources = advisory.Sources };
        }

        return null;
    }

    /// <summary>What is told of it.</summary>
    public static Finding FindingOf(KnownBadRelease bad)
    {
        var advisory = bad.Advisory;
        var where = advisory.When is { } when ? $" with {when}" : "";
        var subject = SubjectOf(bad.Release);
        return new Finding(Id, SeverityOf(advisory), subject, $"{subject} is known to be bad{where}: {advisory.Symptom} Take {advisory.Take} ({advisory.Id})", advisory.Sources);
    }

    private static string SubjectOf(JudgedRelease release) => $"{Names.GetValueOrDefault(release.Package, release.Package)} {release.Version}";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["cudnn"] = "cuDNN",
        ["cublas"] = "cuBLAS",
        ["nccl"] = "NCCL",
        ["toolkit"] = "CUDA toolkit",
        ["numpy"] = "NumPy",
        ["triton"] = "Triton",
        ["python"] = "Python",
    };

    private static bool Holds(MachineFacts machine, AdvisoryRow advisory, IReadOnlyList<JudgedRelease> releases, CudaVersion? cuda)
    {
        if (advisory.Os is { } systems && !systems.Contains(machine.Document.OperatingSystem))
            return false;
        if (advisory.Capabilities is { } capabilities && machine.Gpus?.Any(g => g.Capability is { } cc && capabilities.Any(c => Fits(cc, c))) != true)
            return false;
        if (advisory.Cuda is { } cudas && (cuda is not { } built || !cudas.Any(c => c == built.MajorMinor.ToString() || c == built.Major.ToString(System.Globalization.CultureInfo.InvariantCulture))))
            return false;
        if (advisory.Python is { } pythons && (machine.Python is not { } python || !pythons.Contains(python.ToString())))
            return false;
        return advisory.Beside is not { } beside || releases.Any(r => r.Package == beside && advisory.BesideVersions?.Matches(r.Version) != false);
    }

    private static bool Fits(ComputeCapability capability, string text)
    {
        if (text.StartsWith(">=", StringComparison.Ordinal))
            return ComputeCapability.TryParse(text[2..], out var from) && capability >= from;
        return ComputeCapability.TryParse(text, out var exact) ? capability == exact : text == capability.Major.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>A release that no free choice takes: it does not work here, or its publisher took it back. Who names it gets it, with a warning.</summary>
internal sealed record BadRelease : Cause
{
    public override string Rule => AdvisoryRule.Id;

    public required AdvisoryRow Advisory { get; init; }

    public override string English() => $"{Subject} is known to be bad: {Advisory.Symptom} Take {Advisory.Take} ({Advisory.Id})";
}
