using CudaCompat.Detection.Host;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Tells the operating system, WSL, Jetson, containers, the processor and the C library.</summary>
internal sealed class SystemProbe(DetectionHost host) : IProbe
{
    private static readonly string[] LinuxDriverFiles = ["/usr/bin/nvidia-smi", "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib64/libnvidia-ml.so.1", "/usr/lib64/libcuda.so.1"];

    public string Name => "operating system";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Findings>>([Look()]);

    private Findings Look()
    {
        var system = new Findings("operating system") { Architecture = host.Architecture };
        if (host.IsWindows)
            return system with { OperatingSystem = OperatingSystemFamily.Windows, Tegra = false };
        if (host.IsMacOS)
            return system with { OperatingSystem = OperatingSystemFamily.MacOS, Tegra = false };

        var release = host.Files.ReadText("/proc/sys/kernel/osrelease") ?? host.Files.ReadText("/proc/version") ?? "";
        var isWsl = release.Contains("microsoft", StringComparison.OrdinalIgnoreCase) || host.Files.FileExists("/usr/lib/wsl/lib/libcuda.so.1");
        return system with
        {
            OperatingSystem = isWsl ? OperatingSystemFamily.Wsl : OperatingSystemFamily.Linux,
            Tegra = IsTegra(release),
            Glibc = DottedVersion.TryParse(host.Glibc, out var glibc) ? glibc : null,
            IsContainer = host.Files.FileExists("/.dockerenv") || host.Files.FileExists("/run/.containerenv") || host.Variable("KUBERNETES_SERVICE_HOST") is not null,
            LinuxDriverFilesInWsl = isWsl ? LinuxDriverFiles.Where(IsInsideWsl).ToArray() : [],
        };
    }

    private bool IsTegra(string release) =>
        release.Contains("tegra", StringComparison.OrdinalIgnoreCase)
        || host.Files.FileExists("/etc/nv_tegra_release")
        || host.Files.ReadText("/proc/device-tree/compatible")?.Contains("nvidia,tegra", StringComparison.Ordinal) == true;

    /// <summary>Containers in WSL are given links to the host's files; only a file of its own is a driver that was installed.</summary>
    private bool IsInsideWsl(string path) =>
        host.Files.FileExists(path) && !host.Files.Resolve(path).Contains("/wsl/", StringComparison.Ordinal) && !host.Files.FileExists("/.dockerenv");
}
