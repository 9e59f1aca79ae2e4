using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Benchmarks;

/// <summary>The machines that are measured.</summary>
internal static class BenchmarkMachines
{
    public static DriverInfo Of(string name) => name switch
    {
        "RTX 4090" => Linux("535.104.05", "NVIDIA GeForce RTX 4090"),
        "V100 + T4" => Linux("580.95.05", "Tesla V100-SXM2-16GB", "Tesla T4"),
        "K80" => Linux("470.82.01", "Tesla K80"),
        "Windows RTX 4090" => Linux("610.47", "NVIDIA GeForce RTX 4090") with { OperatingSystem = OperatingSystemFamily.Windows, Glibc = null },
        "A100, old driver" => Linux("418.87.00", "NVIDIA A100-SXM4-80GB"),
        "RTX 5090 + GTX 1080 Ti" => Linux("570.124.06", "NVIDIA GeForce RTX 5090", "NVIDIA GeForce GTX 1080 Ti"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such machine."),
    };

    private static DriverInfo Linux(string driver, params string[] gpus) => new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Driver = DriverVersion.Parse(driver),
        Gpus = [.. gpus.Select(g => new Gpu { Name = g })],
        Python = PythonVersion.Parse("3.12"),
        Glibc = DottedVersion.Parse("2.35"),
    };
}
