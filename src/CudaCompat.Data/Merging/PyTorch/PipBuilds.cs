using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Builds that a wheel proves. Gives build-files.json; <see cref="PipCompletion"/> adds what is stated without a file name.</summary>
internal static class PipBuilds
{
    private const string Covered = "cu";

    /// <returns>The newest torch in the captured index: up to there the listing is complete.</returns>
    public static PackageVersion Read(PyTorchWork work)
    {
        var sightings = WheelSightings.Read(work.Sources);
        var tagged = sightings.Where(s => s.Name.Label is not null || s.Directory?.StartsWith(Covered, StringComparison.Ordinal) is true)
            .Select(s => (s.Name.Package, s.Name.Version)).ToHashSet();
        foreach (var sighting in sightings)
        {
            var (tag, reason) = TagOf(work, sighting, tagged.Contains((sighting.Name.Package, sighting.Name.Version)));
            string? noTarget = null;
            var target = sighting.Name.IsPure ? null : sighting.Name.Target(out noTarget);
            if ((reason ?? noTarget) is { } refusal)
            {
                sighting.Record.Reject(refusal);
                continue;
            }

            foreach (var (os, arch) in target is { } one ? [one] : PureTargets)
                Add(work, sighting, tag, os, arch);
            sighting.Record.Use();
        }

        return sightings.Where(s => s.Name.Package == PyTorchWork.Torch && s.Record is SourceRecord<WheelLink>).Max(s => s.Name.Version);
    }

    internal static readonly (OperatingSystemFamily, CpuArchitecture)[] PureTargets =
        [(OperatingSystemFamily.Linux, CpuArchitecture.X64), (OperatingSystemFamily.Linux, CpuArchitecture.Arm64), (OperatingSystemFamily.Windows, CpuArchitecture.X64)];

    private static void Add(PyTorchWork work, WheelSighting sighting, CudaTag? tag, OperatingSystemFamily os, CpuArchitecture arch)
    {
        var name = sighting.Name;
        var draft = work.Builds[new BuildKey(name.Package, name.Version, tag, Packaging.Pip, os, arch)];
        draft.Say(KnownBy.Listed, sighting.Sources, sighting.Evidence);
        draft.Places.Add(new BuildPlace(sighting.Directory, name.Label is not null, name.Glibc));
        if (name.Python is { } python)
            draft.Pythons.Add(python);
        if (sighting.Url is null)
            return;
        var file = new BuildFileRow(name.Package, name.Version, tag, Packaging.Pip, os, arch, name.Python, name.Platform, sighting.Directory, name.FileName, sighting.Url, sighting.Sha256,
            sighting.Sources, sighting.Evidence);
        if (work.Facts.BuildFiles.Same(file) is null)
            work.Facts.BuildFiles.Add(file);
    }

    // A label names the build; else the directory does; else it is the default build of its torch.
    internal static (CudaTag? Tag, string? Reason) TagOf(PyTorchWork work, WheelSighting sighting, bool versionHasTags)
    {
        var name = sighting.Name;
        if (name.Label is { } label)
            return CudaTag.TryParse(label, out var byLabel) ? (byLabel, null) : (null, $"build for {label} is not covered");
        if (name.IsPure)
            return name.PythonTag.Contains('.', StringComparison.Ordinal) || name.PythonTag.StartsWith("py3", StringComparison.Ordinal)
                ? (null, null) : (null, "pure Python for Python 2 alone");
        if (sighting.Directory is { Length: > 0 } directory)
            return CudaTag.TryParse(directory, out var byDirectory) ? (byDirectory, null) : (null, $"directory {directory} is not covered");
        // torchaudio before 0.10 had no code for GPUs: one build serves every tag.
        if (name.Package == PyTorchWork.Audio && !versionHasTags)
            return (null, null);
        if (name.Target(out var whyNot) is not var (os, arch))
            return (null, whyNot);
        var defaults = work.TorchOf(name.Package, name.Version).Select(t => work.DefaultBuild(t, os, arch, packageIndex: true)?.Tag).Where(t => t is not null).Distinct().ToList();
        return defaults.Count == 1 ? (defaults[0], null) : (null, "no source says which CUDA the file on the default index was built for");
    }
}
