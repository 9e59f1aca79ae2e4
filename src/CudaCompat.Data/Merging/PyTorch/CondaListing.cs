using System.Text.RegularExpressions;
using CudaCompat.Data.Live;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Conda packages that the channel's repodata lists, with their files and what they depend on.</summary>
internal static partial class CondaListing
{
    private const string Channel = "https://conda.anaconda.org/pytorch";

    public static void Add(LiveWork work, BuildSet builds, CondaPackage package)
    {
        if (System(package.Subdir) is not { } os)
        {
            work.Leave($"subdirectory {package.Subdir} is not covered");
            return;
        }

        if (CondaBuildText.Parse(package.Build) is not { } build || !PackageVersion.TryParse(package.Version, out var version))
        {
            work.Leave("a build string of no known form");
            return;
        }

        if (version.Label is not null)
        {
            work.Leave("the same build as one without a label, which is not used in this channel");
            return;
        }

        var key = new BuildKey(package.Name == "pytorch" ? TorchNames.Torch : package.Name, version, build.Tag, Packaging.Conda, os, CpuArchitecture.X64);
        var draft = builds[key];
        draft.Cudnn ??= build.Cudnn;
        draft.Requires ??= Selector(package.Depends);
        // A package that came twice (tar.bz2 and conda) is one.
        if (draft.Pythons.Add(build.Python))
        {
            work.Fresh.BuildFiles.Replace(new BuildFileRow(key.Package, key.Version, key.Tag, Packaging.Conda, key.Os, key.Arch, build.Python, package.Subdir, null, package.FileName,
                $"{Channel}/{package.Subdir}/{package.FileName}", package.Sha256, [work.Source.Id]));
        }
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
