using CudaCompat.Data.Parsing;
using CudaCompat.Machines;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Names of systems and processors in harvested tables.</summary>
internal static class Systems
{
    /// <summary>The system in a column.</summary>
    public static OperatingSystemFamily Of(TsvRow row, string column) => row.Required(column) switch
    {
        "linux" => OperatingSystemFamily.Linux,
        "windows" => OperatingSystemFamily.Windows,
        var other => throw row.Error($"column {column}: '{other}' is no system."),
    };

    /// <summary>The processor, or null for one that the data does not cover (ppc64le).</summary>
    public static CpuArchitecture? Cpu(string name) => name switch
    {
        "x86_64" or "amd64" => CpuArchitecture.X64,
        "sbsa" or "arm64" or "aarch64" => CpuArchitecture.Arm64,
        _ => null,
    };
}
