using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Does the build exist for this system, processor, Python and C library?</summary>
internal static class BuildRule
{
    /// <summary>The Python and the C library of an existing build.</summary>
    public static Cause? Of(MachineFacts machine, TorchBuild build) => PythonOf(machine, build) ?? GlibcOf(machine, build.Row, build.ToString());

    public static Cause? GlibcOf(MachineFacts machine, BuildRow row, string subject)
    {
        if (row.Glibc is not { } needed || machine.Document.Glibc is not { } has || has >= needed)
            return null;
        return new GlibcTooOld { Subject = subject, Has = has, Needed = needed, Sources = row.Sources };
    }

    /// <summary>Why a version has no build as asked: unknown because newer than the data, or known not to exist.</summary>
    public static Cause Missing(MachineFacts machine, PackageVersion version, CudaTag? tag, Packaging packaging)
    {
        var builds = machine.Matrix.Builds;
        var subject = tag is null ? $"torch {version.WithoutLabel}" : $"torch {version.WithoutLabel}+{tag}";
        if (version > builds.NewestTorch)
            return new NewerThanData { Subject = subject, Component = "torch", NewestKnown = builds.NewestTorch.ToString(), Undecided = true, Severity = Severity.Info };
        var sameVersion = builds.For(packaging, machine.BuildOs, machine.Arch).Of(version).ToArray();
        return new NoSuchBuild
        {
            Subject = subject,
            Package = "torch",
            Version = version.WithoutLabel.ToString(),
            Tag = tag,
            Packaging = packaging,
            Os = machine.BuildOs,
            Arch = machine.Arch,
            VersionExists = builds.KnowsTorch(version),
            OtherTags = [.. sameVersion.Select(b => b.Tag).Order()],
            Sources = [.. sameVersion.SelectMany(b => b.Row.Sources).Distinct(StringComparer.Ordinal).Take(3)],
        };
    }

    public static Cause? PythonOf(MachineFacts machine, TorchBuild build)
    {
        if (machine.Python is not { } python)
            return null;
        if ((build.PythonMask & machine.Matrix.Builds.MaskOf(python)) != 0)
            return null;
        var newest = machine.Matrix.Builds.NewestPython;
        if (new PythonVersion(python.Major, python.Minor) > newest)
            return new NewerThanData { Subject = $"Python {python}", Component = "Python", NewestKnown = newest.ToString(), Undecided = true, Severity = Severity.Info };
        return new PythonUnsupported { Subject = build.ToString(), Python = python, Supported = build.Row.Pythons, Sources = build.Row.Sources };
    }
}

internal sealed record NoSuchBuild : Cause
{
    public override string Rule => "no-such-build";

    public required string Package { get; init; }

    public required string Version { get; init; }

    public required CudaTag? Tag { get; init; }

    public required Packaging Packaging { get; init; }

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }

    public required bool VersionExists { get; init; }

    public required IReadOnlyList<CudaTag> OtherTags { get; init; }
}

/// <summary>Something newer than anything the data knows.</summary>
internal sealed record NewerThanData : Cause
{
    public override string Rule => "no-such-build";

    public required string Component { get; init; }

    public required string NewestKnown { get; init; }
}

internal sealed record PythonUnsupported : Cause
{
    public override string Rule => "python-unsupported";

    public required PythonVersion Python { get; init; }

    public required IReadOnlyList<PythonVersion> Supported { get; init; }
}

internal sealed record GlibcTooOld : Cause
{
    public override string Rule => "glibc-too-old";

    public required DottedVersion Has { get; init; }

    public required DottedVersion Needed { get; init; }
}
