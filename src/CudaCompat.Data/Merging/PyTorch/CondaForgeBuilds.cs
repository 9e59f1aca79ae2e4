using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Live;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>conda-forge's own torch builds, by their build strings.</summary>
internal static partial class CondaForgeBuilds
{
    private static readonly CudaVersion FirstWithCudaVersionPackage = new(12, 0);

    /// <summary>Adds a package pytorch of the channel by its build string.</summary>
    public static void Add(LiveWork work, BuildSet builds, CondaPackage package)
    {
        if (Target(package.Subdir) is not var (os, arch))
        {
            work.Leave($"subdirectory {package.Subdir} is not covered");
            return;
        }

        if (Build().Match(package.Build) is not { Success: true } build || !PackageVersion.TryParse(package.Version, out var torch))
        {
            work.LeaveUnreadable(package.FileName, "a build string of no known form");
            return;
        }

        var tag = build.Groups["cuda"] is { Success: true } cuda ? CudaTag.Parse("cu" + cuda.Value) : CudaTag.Cpu;
        var draft = builds[new BuildKey(TorchNames.Torch, torch, tag, Packaging.CondaForge, os, arch)];
        draft.Pythons.Add(new PythonVersion(3, int.Parse(build.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture)));
        if (tag.Cuda is { } number)
            draft.Requires ??= (number >= FirstWithCudaVersionPackage ? "cuda-version=" : "cudatoolkit=") + number;
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
