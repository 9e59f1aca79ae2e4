using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>conda-forge's own torch builds: the variants of its recipe, and the few packages that lock files name.</summary>
internal static partial class CondaForgeBuilds
{
    private static readonly CudaVersion FirstWithCudaVersionPackage = new(12, 0);

    public static void Read(PyTorchWork work)
    {
        foreach (var row in work.Sources.Table("pytorch/tables/conda_forge_pytorch_variants.tsv", "pytorch_version platform cuda_compiler_version",
            "pytorch_version", "platform", "cuda_compiler_version", "last_commit_date", "commit"))
        {
            if (Target(row["platform"].Replace('_', '-')) is not var (os, arch))
            {
                row.Reject("macOS: no CUDA");
                continue;
            }

            var tag = row["cuda_compiler_version"] == "None" ? CudaTag.Cpu : CudaTag.Of(row.Required<CudaVersion>("cuda_compiler_version"));
            var draft = work.Builds[new BuildKey(PyTorchWork.Torch, row.Required<PackageVersion>("pytorch_version"), tag, Packaging.CondaForge, os, arch)];
            draft.Say(KnownBy.Stated, [row.File.Id], $"github.com/conda-forge/pytorch-cpu-feedstock@{row["commit"]} ({row["last_commit_date"]})");
            draft.Requires = tag.Cuda is { } cuda ? (cuda >= FirstWithCudaVersionPackage ? "cuda-version=" : "cudatoolkit=") + cuda : null;
            row.Use();
        }

        ReadLocked(work);
        foreach (var draft in work.Builds.Of(PyTorchWork.Torch, Packaging.CondaForge).ToList())
        {
            var newest = NewestPython(work, draft.Key.Version);
            var wheels = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Where(d => d.Key.Version == draft.Key.Version && d.Key.Os == draft.Key.Os && d.Key.Arch == draft.Key.Arch)
                .SelectMany(d => d.Pythons).Where(p => !p.FreeThreaded && p >= FirstPython && p <= newest).ToHashSet();
            draft.Borrow(wheels, KnownBy.Inferred, "Pythons from the wheels of the same torch; the recipe's table has none");
        }
    }

    // Wheels came out for experimental Pythons too; the table of releases names the newest supported one: ">=3.10, <=3.14".
    private static PythonVersion NewestPython(PyTorchWork work, PackageVersion torch)
    {
        var range = work.Facts.TorchReleases.Rows.FirstOrDefault(r => r.Version == torch)?.Python;
        return range?.Split("<=") is [_, var newest] && PythonVersion.TryParse(newest.Trim(), out var python) ? python : new PythonVersion(3, 99);
    }

    // conda-forge left Python 2 and 3.5 before its first torch with CUDA.
    private static readonly PythonVersion FirstPython = new(3, 6);

    private static void ReadLocked(PyTorchWork work)
    {
        var harvest = work.Sources.Open("pytorch/conda_builds.tsv", nameof(TsvTable), "harvest");
        foreach (var row in harvest.Records.OfType<TsvRow>().Where(r => r["channel"] == "conda-forge" && r["package"] == "pytorch").ToList())
        {
            var evidence = row.Text("evidence");
            Add(work, row, row["subdir"], row["version"], row["build"], Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence));
        }
    }

    /// <summary>Adds a package pytorch of the channel by its build string.</summary>
    internal static void Add(PyTorchWork work, SourceRecord record, string subdir, string version, string buildText, string[] sources, string? evidence)
    {
        if (Target(subdir) is not var (os, arch))
        {
            record.Reject("macOS: no CUDA");
            return;
        }

        if (Build().Match(buildText) is not { Success: true } build || !PackageVersion.TryParse(version, out var torch))
        {
            record.Reject($"build string {buildText} is of no known form");
            return;
        }

        var tag = build.Groups["cuda"] is { Success: true } cuda ? CudaTag.Parse("cu" + cuda.Value) : CudaTag.Cpu;
        var draft = work.Builds[new BuildKey(PyTorchWork.Torch, torch, tag, Packaging.CondaForge, os, arch)];
        draft.Say(KnownBy.Listed, sources, evidence);
        draft.Pythons.Add(new PythonVersion(3, int.Parse(build.Groups["minor"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
        if (tag.Cuda is { } number)
            draft.Requires ??= (number >= FirstWithCudaVersionPackage ? "cuda-version=" : "cudatoolkit=") + number;
        record.Use();
    }

    private static (OperatingSystemFamily Os, CpuArchitecture Arch)? Target(string subdir) => subdir switch
    {
        "linux-64" => (OperatingSystemFamily.Linux, CpuArchitecture.X64),
        "linux-aarch64" => (OperatingSystemFamily.Linux, CpuArchitecture.Arm64),
        "win-64" => (OperatingSystemFamily.Windows, CpuArchitecture.X64),
        _ => null,
    };

    // cuda120_py312h26b3cf7_301, cuda126_mkl_py313_h7373160_300, cpu_generic_py312h1576ffb_1
    [GeneratedRegex(@"^(?:cuda(?<cuda>\d{3})|cpu)_(?:[a-z]+_)?py3(?<minor>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Build();
}
