using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>What a file without a local label was built for. Gives default-builds.json.</summary>
internal static class DefaultBuilds
{
    public static void Read(PyTorchWork work)
    {
        foreach (var row in work.Sources.Table("pytorch/tables/default_build.tsv", "torch_from os arch where", "torch_from", "torch_to", "os", "arch", "where", "build", "evidence"))
        {
            var evidence = row.Text("evidence");
            work.Facts.DefaultBuilds.Add(new DefaultBuildRow(
                row.Required<PackageVersion>("torch_from"), row.Required<PackageVersion>("torch_to"), Platforms.Os(row, "os"), Platforms.Arch(row, "arch"),
                row.Required("where"), row.Required<CudaTag>("build"), Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence)));
            row.Use();
        }
    }

    /// <summary>Marks the builds that the default package index gives.</summary>
    public static void Mark(PyTorchWork work)
    {
        foreach (var draft in work.Builds.All.Where(d => d.Key.Packaging == Packaging.Pip))
        {
            var key = draft.Key;
            if (key.Tag is { } tag)
            {
                // Directories of their own (lts/1.8/cu102) are not on the default index.
                draft.Default = draft.Place?.Index?.Contains('/', StringComparison.Ordinal) is not true
                    && work.TorchOf(key.Package, key.Version).Any(t => work.DefaultBuild(t, key.Os, key.Arch, packageIndex: true)?.Tag == tag);
                continue;
            }

            // A companion for every tag: it is on the default index where a command installs it from there, or where torch itself is.
            draft.Default = work.Commands.Any(c => c.Text is { IndexUrl: null } text && c.Packaging == Packaging.Pip && c.PerOs == false
                    && key.Os == OperatingSystemFamily.Linux && text.Packages.GetValueOrDefault(key.Package) == key.Version)
                || draft.Places.Any(p => p.Index is null)
                || (key.Os == OperatingSystemFamily.Windows && key.Package == PyTorchWork.Audio
                    && work.TorchOf(key.Package, key.Version).Any(t => work.DefaultBuild(t, key.Os, key.Arch, packageIndex: true) is not null));
        }
    }
}

/// <summary>Systems and CPUs as tables spell them.</summary>
internal static class Platforms
{
    public static readonly IReadOnlyList<OperatingSystemFamily> Systems = [OperatingSystemFamily.Linux, OperatingSystemFamily.Windows];

    public static OperatingSystemFamily Os(TsvRow row, string column) => row.Required(column) switch
    {
        "linux" => OperatingSystemFamily.Linux,
        "windows" => OperatingSystemFamily.Windows,
        var other => throw row.Error($"column {column}: '{other}' is no system."),
    };

    public static CpuArchitecture Arch(TsvRow row, string column) => row.Required(column) switch
    {
        "x86_64" => CpuArchitecture.X64,
        "aarch64" => CpuArchitecture.Arm64,
        var other => throw row.Error($"column {column}: '{other}' is no CPU."),
    };
}
