using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Conda packages that the channel's repodata lists, with their files and what they depend on.</summary>
internal static partial class CondaListing
{
    private const string Channel = "https://conda.anaconda.org/pytorch";

    internal static BuildKey? Add(PyTorchWork work, SourceRecord record, CondaPackage package, string[] sources, string? evidence)
    {
        var name = package.Name == "pytorch" ? PyTorchWork.Torch : package.Name;
        if (!PyTorchWork.Packages.Contains(name))
        {
            record.Reject($"package {package.Name} is not covered");
            return null;
        }

        if (System(package.Subdir) is not { } os)
        {
            record.Reject($"subdirectory {package.Subdir} is not covered");
            return null;
        }

        if (CondaBuildText.Parse(package.Build) is not { } build || !PackageVersion.TryParse(package.Version, out var version))
        {
            record.Reject($"build string {package.Build} is of no known form");
            return null;
        }

        if (version.Label is not null)
        {
            record.Reject($"the same build as {version.WithoutLabel} of this CUDA; a label is not used in this channel");
            return null;
        }

        record.Use();
        var key = new BuildKey(name, version, build.Tag, Packaging.Conda, os, CpuArchitecture.X64);
        var draft = work.Builds[key];
        var known = draft.Sources.Count > 0 && draft.Pythons.Contains(build.Python);
        draft.Pythons.Add(build.Python);
        draft.Cudnn ??= build.Cudnn;
        draft.Requires ??= Selector(package.Depends);
        AddDepends(work, package, version, sources);
        // A row that repeats the repodata proves nothing new: the channel's own list stays the source.
        if (known)
            return key;
        draft.Say(KnownBy.Listed, sources, evidence is null || draft.Sources.Count > 0 ? null : evidence);
        AddFile(work, key, build, package, sources, evidence);
        return key;
    }

    private static void AddDepends(PyTorchWork work, CondaPackage package, PackageVersion version, string[] sources)
    {
        foreach (var depend in package.Depends)
        {
            if (depend.StartsWith("pytorch ", StringComparison.Ordinal) && PackageVersion.TryParse(depend["pytorch ".Length..].Trim('=', '*', '.'), out var torch)
                && !work.Pairs.Any(p => p.How == "depends" && p.Torch == torch && p.Package == package.Name && p.Version == version))
            {
                work.Pairs.Add(new CompanionPair(torch, package.Name, version, Packaging.Conda, "depends", null, sources));
            }
        }
    }

    private static void AddFile(PyTorchWork work, BuildKey key, CondaBuildText build, CondaPackage package, string[] sources, string? evidence)
    {
        var file = new BuildFileRow(key.Package, key.Version, key.Tag, Packaging.Conda, key.Os, key.Arch, build.Python, package.Subdir, null, package.FileName,
            $"{Channel}/{package.Subdir}/{package.FileName}", package.Sha256, sources, evidence);
        if (work.Facts.BuildFiles.Same(file) is null)
            work.Facts.BuildFiles.Add(file);
    }

    private static OperatingSystemFamily? System(string subdir) => subdir switch
    {
        "linux-64" => OperatingSystemFamily.Linux,
        "win-64" => OperatingSystemFamily.Windows,
        _ => null,
    };

    // "cudatoolkit >=11.0,<11.1" is selected by cudatoolkit=11.0, "pytorch-cuda >=11.6,<11.7" and "pytorch-cuda 11.7.*" by pytorch-cuda=11.7.
    private static string? Selector(IReadOnlyList<string> depends)
    {
        foreach (var depend in depends)
        {
            var name = depend.Split(' ')[0];
            if (name is "cudatoolkit" or "pytorch-cuda" && Number().Match(depend) is { Success: true } version)
                return $"{name}={version.Value}";
            if (depend == "pytorch-mutex 1.0 cpu")
                return "cpuonly";
        }

        return null;
    }

    [GeneratedRegex(@"\d+\.\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
