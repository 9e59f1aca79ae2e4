using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>conda-forge's own torch builds, by their build strings.</summary>
internal static partial class CondaForgeBuilds
{
    private static readonly CudaVersion FirstWithCudaVersionPackage = new(12, 0);

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
