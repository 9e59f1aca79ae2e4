using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Machines;

/// <summary>The processor architectures that builds exist for.</summary>
[JsonConverter(typeof(CpuArchitectureNames))]
public enum CpuArchitecture
{
    /// <summary>64-bit Intel and AMD.</summary>
    X64,

    /// <summary>64-bit ARM: servers (SBSA) and, with the Tegra mark of a machine, Jetson.</summary>
    Arm64,
}

/// <summary>The document names of <see cref="CpuArchitecture"/>.</summary>
internal sealed class CpuArchitectureNames() : NamedEnumConverter<CpuArchitecture>(
    (CpuArchitecture.X64, "x86_64"),
    (CpuArchitecture.Arm64, "aarch64"))
{
    internal static readonly CpuArchitectureNames Instance = new();
}
