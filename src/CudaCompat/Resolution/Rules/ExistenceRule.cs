using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// Does what is named exist? That there is none is said only where a source lists all of that kind, and then with the source and its day; elsewhere what no row
/// names is not in the data. What is newer than the data is neither.
/// </summary>
internal static class ExistenceRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.IsPrerelease)
            found.Add(new Prerelease { Subject = $"torch {candidate.Torch}", Severity = Severity.Info, Undecided = candidate.Tag is null, Release = candidate.Build, Tag = candidate.Tag });
        else if (candidate is { Build: null, Torch: { } torch })
            found.Add(Missing(question, torch, candidate.Tag));
        else if (candidate is { Torch: null, Tag: { IsCpu: false } tag })
            found.Add(OfProgram(question, tag));
    }

    /// <summary>Why no build of a version is known.</summary>
    public static Cause Missing(Question question, PackageVersion version, CudaTag? tag)
    {
        var builds = question.Machine.Matrix.Builds;
        var subject = tag is null ? $"torch {version.WithoutLabel}" : $"torch {version.WithoutLabel}+{tag}";
        if (version > builds.NewestTorch)
            return NewerThanData.Of("torch", version.WithoutLabel.ToString(), builds.NewestTorch.ToString(), subject);
        var known = builds.KnowsTorch(version);
        return known ? OfBuild(question, version, tag, subject) : OfVersion(question.Machine.Matrix, version, subject);
    }

    /// <summary>Why no build fits a prefix, a range, or a tag alone.</summary>
    public static Cause NoneOf(Question question)
    {
        var others = question.Builds.Where(b => question.TorchSpec?.Matches(b.Version) ?? true).Select(b => b.Tag).Distinct().Order().ToArray();
        var version = question.TorchSpec is null ? question.Machine.Matrix.Builds.NewestTorch : question.Builds.Select(b => b.Version).FirstOrDefault(question.TorchSpec.Matches);
        return Denied(question, question.TorchSpec is { } spec ? $"torch {spec}" : "torch", question.TorchSpec?.ToString() ?? "", version, question.Tag, others);
    }

    private static Cause OfVersion(CompatibilityMatrix matrix, PackageVersion version, string subject) => matrix.Coverage.Release("torch", version) is { } all
        ? new NoSuchRelease { Subject = subject, Package = "torch", Version = version.WithoutLabel.ToString(), Listing = Listing.Of(all), Sources = all.Sources }
        : new NotInData { Subject = subject, What = $"torch {version.WithoutLabel}", Severity = Severity.Info, Undecided = true };

    private static Cause OfBuild(Question question, PackageVersion version, CudaTag? tag, string subject)
    {
        var others = question.Builds.Of(version).Select(b => b.Tag).Order().ToArray();
        return Denied(question, subject, version.WithoutLabel.ToString(), version, tag, others);
    }

    private static Cause Denied(Question question, string subject, string text, PackageVersion version, CudaTag? tag, CudaTag[] others)
    {
        var machine = question.Machine;
        var place = question.Packaging != Packaging.Pip ? null : tag is null ? CoverageTable.DefaultIndex : CoverageTable.WheelIndex;
        if (machine.Matrix.Coverage.Build("torch", version, question.Packaging, machine.BuildOs, machine.Arch, place) is not { } all)
            return new NotInData { Subject = subject, What = $"{PackagingNames.Instance.NameOf(question.Packaging)} build of {Named(subject, tag)} for {Words.Os(machine.BuildOs)} {Words.Arch(machine.Arch)}", Severity = Severity.Info, Undecided = true };
        return new NoSuchBuild
        {
            Subject = subject,
            Version = text,
            Tag = tag,
            Packaging = question.Packaging,
            Os = machine.BuildOs,
            Arch = machine.Arch,
            OtherTags = others,
            Listing = Listing.Of(all),
            Sources = all.Sources,
        };
    }

    // PyTorch goes on to newer CUDA, never back: a CUDA below the newest of which all builds are listed was never built for if none of them has it.
    private static PackageVersion? NewestListed(Question question, CudaVersion cuda)
    {
        var machine = question.Machine;
        var place = question.Packaging == Packaging.Pip ? CoverageTable.WheelIndex : null;
        return question.Builds.Where(b => b.Cuda > cuda).Select(b => (PackageVersion?)b.Version)
            .FirstOrDefault(v => machine.Matrix.Coverage.Build("torch", v!.Value, question.Packaging, machine.BuildOs, machine.Arch, place) is not null);
    }

    private static string Named(string subject, CudaTag? tag) => tag is { } t && !subject.EndsWith(t.ToString(), StringComparison.Ordinal) ? $"{subject} for {t}" : subject;

    // A program that was built with a CUDA: the CUDA has to exist, and a packaging that is named has to have builds for it.
    private static Cause? OfProgram(Question question, CudaTag tag)
    {
        var matrix = question.Machine.Matrix;
        var cuda = tag.Cuda!.Value;
        if (cuda > matrix.NewestToolkit.MajorMinor)
            return NewerThanData.Of("toolkit", cuda.ToString(), matrix.NewestToolkit.ToString(), $"CUDA {cuda}");
        if (!question.PackagingIsSaid || question.Builds.Any(b => b.Tag == tag))
            return null;
        return Denied(question with { TorchSpec = null }, $"torch+{tag}", "", NewestListed(question, cuda) ?? matrix.Builds.NewestTorch, tag, [.. question.Builds.CudaTags]);
    }
}

/// <summary>The source that lists everything of a kind, and when it was read.</summary>
internal readonly record struct Listing(string Source, string? AsOf)
{
    public static Listing Of(CoverageRow row) => new(row.Sources.FirstOrDefault() ?? "", row.AsOf);

    public override string ToString() => $"({Source}{(AsOf is null ? "" : $" of {AsOf}")} lists all)";
}

internal sealed record NoSuchBuild : Cause
{
    public override string Rule => "no-such-build";

    /// <summary>The version, prefix or range; empty where any would do.</summary>
    public required string Version { get; init; }

    public required CudaTag? Tag { get; init; }

    public required Packaging Packaging { get; init; }

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }

    public required IReadOnlyList<CudaTag> OtherTags { get; init; }

    public required Listing Listing { get; init; }

    public override string English()
    {
        var package = Version.Length == 0 ? "torch" : $"torch {Version}";
        var name = Tag is { } tag ? $"{package} {(tag.IsCpu ? "for the processor" : "with CUDA " + tag.Cuda)} ({tag})" : Packaging == Packaging.Pip ? $"{package} on the default index" : package;
        return $"There is no {PackagingNames.Instance.NameOf(Packaging)} build of {(OtherTags.Count == 0 && Tag is not null ? package : name)} for {Words.Os(Os)} {Words.Arch(Arch)} {Listing}"
            + (OtherTags.Count == 0 ? "." : $"; there are {string.Join(", ", OtherTags)}.");
    }
}

/// <summary>A version that was never released.</summary>
internal sealed record NoSuchRelease : Cause
{
    public override string Rule => Package switch { "toolkit" => "no-such-toolkit", "cuDNN" => "no-such-cudnn", _ => "no-such-build" };

    /// <summary>torch | toolkit | cuDNN.</summary>
    public required string Package { get; init; }

    public required string Version { get; init; }

    public required Listing Listing { get; init; }

    /// <summary>The nearest that there is, where one comes to mind.</summary>
    public string? Nearest { get; init; }

    public override string English() =>
        $"There is no {(Package == "toolkit" ? "CUDA toolkit" : Package)} {Version} {Listing}" + (Nearest is { } near ? $"; the newest {near[..near.LastIndexOf('.')]} is {near}." : ".");
}

/// <summary>Something that no row names, of a kind of which no source lists all.</summary>
internal sealed record NotInData : Cause
{
    public override string Rule => "not-in-data";

    public required string What { get; init; }

    public override string English() => $"The data names no {What}, and has no source that lists all of them: whether there is one is not known.";
}

/// <summary>Something newer than anything the data knows.</summary>
internal sealed record NewerThanData : Cause
{
    public override string Rule => "newer-than-data";

    public required string Component { get; init; }

    public required string NewestKnown { get; init; }

    public static NewerThanData Of(string component, string version, string newest, string? subject = null) =>
        new() { Subject = subject ?? $"{component} {version}", Component = component, NewestKnown = newest, Undecided = true, Severity = Severity.Info };

    public override string English() => $"{Words.Short(Subject)} is newer than the data, whose newest {Component} is {NewestKnown}: nothing is known of it.";
}

/// <summary>A build that no index of releases holds, asked of a plan.</summary>
internal sealed record PrereleaseNotListed : Cause
{
    public override string Rule => "prerelease";

    public required bool IsNightly { get; init; }

    public required CudaTag? Tag { get; init; }

    public override string English() => $"{Subject} is no release, and the data lists no files of it: check judges whether it runs here"
        + (IsNightly ? $"; nightlies lie on https://download.pytorch.org/whl/nightly{(Tag is { } tag ? "/" + tag : "")}." : ".");
}

/// <summary>A build that no index of releases holds: a nightly, a release candidate, NVIDIA's, one from source.</summary>
internal sealed record Prerelease : Cause
{
    public override string Rule => "prerelease";

    /// <summary>The release that it leads to, whose code stands for its own; null where none is known with this tag.</summary>
    public required TorchBuild? Release { get; init; }

    public required CudaTag? Tag { get; init; }

    public override string English() => Release is { } release
        ? $"{Subject} is a pre-release: it is judged by what {release} carries."
        : Tag is { } tag
            ? $"{Subject} is a pre-release of which no release with {tag} is known: it is judged by the GPUs that CUDA {tag.Cuda} serves."
            : $"{Subject} is a pre-release or a build of its own, and which CUDA it is for is not said: give --cuda.";
}
