using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Oracle;

/// <summary>A GPU as the oracle reads it.</summary>
internal sealed record OGpu(string? Name, string? Capability);

/// <summary>A machine in plain text, which both sides read on their own.</summary>
internal sealed record OMachine(string Os)
{
    public string? Arch { get; init; } = "x86_64";

    public bool? Tegra { get; init; }

    public string? Glibc { get; init; }

    public string? Driver { get; init; }

    public string? KernelModule { get; init; }

    public string? MaxCuda { get; init; }

    public OGpu[]? Gpus { get; init; }

    public string? Python { get; init; }

    public string? Gcc { get; init; }

    public string? Clang { get; init; }

    public string? Msvc { get; init; }

    /// <summary>The same for the library.</summary>
    public DriverInfo ForLibrary() => new()
    {
        OperatingSystem = Os switch { "linux" => OperatingSystemFamily.Linux, "windows" => OperatingSystemFamily.Windows, "wsl" => OperatingSystemFamily.Wsl, _ => OperatingSystemFamily.MacOS },
        Architecture = Arch switch { null => null, "aarch64" => CpuArchitecture.Arm64, _ => CpuArchitecture.X64 },
        Tegra = Tegra,
        Glibc = Glibc is null ? null : DottedVersion.Parse(Glibc),
        Driver = Driver is null ? null : DriverVersion.Parse(Driver),
        KernelModule = KernelModule switch { null => null, "open" => KernelModuleFlavour.Open, _ => KernelModuleFlavour.Proprietary },
        MaxCuda = MaxCuda is null ? null : CudaVersion.Parse(MaxCuda),
        Gpus = Gpus is null ? null : [.. Gpus.Select(g => new Gpu { Name = g.Name, ComputeCapability = g.Capability is null ? null : ComputeCapability.Parse(g.Capability) })],
        Python = Python is null ? null : PythonVersion.Parse(Python),
        Gcc = Gcc is null ? null : DottedVersion.Parse(Gcc),
        Clang = Clang is null ? null : DottedVersion.Parse(Clang),
        Msvc = Msvc is null ? null : DottedVersion.Parse(Msvc),
    };

    public override string ToString() =>
        $"{Os}/{Arch}{(Tegra is null ? "" : $" tegra={Tegra}")} driver={Driver} max={MaxCuda} gpus={(Gpus is null ? "null" : $"[{string.Join(", ", Gpus.Select(g => $"{g.Name}:{g.Capability}"))}]")} python={Python} glibc={Glibc} module={KernelModule} gcc={Gcc} clang={Clang} msvc={Msvc}";
}

/// <summary>A combination in plain text.</summary>
internal sealed record OStack
{
    public string? Torch { get; init; }

    public string? Tag { get; init; }

    public string? Torchvision { get; init; }

    public string? Torchaudio { get; init; }

    public string? Toolkit { get; init; }

    public string? Cudnn { get; init; }

    public string? Packaging { get; init; }

    public bool Compiles { get; init; }

    /// <summary>The same for the library.</summary>
    public StackDocument ForLibrary() => new()
    {
        Torch = Torch is null ? null : PackageVersion.Parse(Torch),
        CudaTag = Tag is null ? null : CudaTag.Parse(Tag),
        Torchvision = Torchvision is null ? null : PackageVersion.Parse(Torchvision),
        Torchaudio = Torchaudio is null ? null : PackageVersion.Parse(Torchaudio),
        Toolkit = Toolkit is null ? null : CudaVersion.Parse(Toolkit),
        Cudnn = Cudnn is null ? null : DottedVersion.Parse(Cudnn),
        Packaging = Packaging switch { null => null, "conda" => CudaCompat.Matrix.Rows.Packaging.Conda, "conda-forge" => CudaCompat.Matrix.Rows.Packaging.CondaForge, _ => CudaCompat.Matrix.Rows.Packaging.Pip },
        Compiles = Compiles,
    };
}

/// <summary>What is asked of a plan, in plain text.</summary>
internal sealed record ORequest
{
    public string? Torch { get; init; }

    public string? Torchvision { get; init; }

    public string? Torchaudio { get; init; }

    public string? Toolkit { get; init; }

    public string? Cudnn { get; init; }

    public string? Cuda { get; init; }

    public string[]? Components { get; init; }

    public string? Packaging { get; init; }

    public string? Policy { get; init; }

    public string? ToolkitFrom { get; init; }

    public bool Compiles { get; init; }

    /// <summary>The same for the library.</summary>
    public PlanRequest ForLibrary() => new()
    {
        Torch = Torch is null ? null : VersionSpec.Parse(Torch),
        Torchvision = Torchvision is null ? null : VersionSpec.Parse(Torchvision),
        Torchaudio = Torchaudio is null ? null : VersionSpec.Parse(Torchaudio),
        Toolkit = Toolkit is null ? null : VersionSpec.Parse(Toolkit),
        Cudnn = Cudnn is null ? null : VersionSpec.Parse(Cudnn),
        Cuda = Cuda,
        Components = Components,
        Packaging = Packaging,
        Policy = Policy switch { null => null, "strict" => CudaCompat.Resolution.Policy.Strict, "forward" => CudaCompat.Resolution.Policy.Forward, _ => CudaCompat.Resolution.Policy.Minor },
        Compiles = Compiles ? true : null,
        ToolkitFrom = ToolkitFrom,
    };

    public override string ToString() =>
        $"torch={Torch} tv={Torchvision} ta={Torchaudio} tk={Toolkit} cudnn={Cudnn} cuda={Cuda} components={(Components is null ? "" : string.Join(',', Components))} packaging={Packaging} policy={Policy} compiles={Compiles}";
}
