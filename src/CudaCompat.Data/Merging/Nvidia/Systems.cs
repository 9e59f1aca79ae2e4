using CudaCompat.Machines;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Names of processors in NVIDIA's documents.</summary>
internal static class Systems
{
    /// <summary>The processor, or null for one that the data does not cover (ppc64le).</summary>
    public static CpuArchitecture? Cpu(string name) => name switch
    {
        "x86_64" or "amd64" => CpuArchitecture.X64,
        "sbsa" or "arm64" or "aarch64" => CpuArchitecture.Arm64,
        _ => null,
    };
}
