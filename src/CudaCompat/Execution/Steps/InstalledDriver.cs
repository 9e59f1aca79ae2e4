namespace CudaCompat.Execution.Steps;

/// <summary>Whether this system has an NVIDIA driver, or is given one by a host: then no package may bring libraries of another.</summary>
internal static class InstalledDriver
{
    private static readonly string[] Signs =
    [
        "/proc/driver/nvidia/version", "/sys/module/nvidia/version", "/dev/nvidiactl", "/dev/dxg", "/usr/bin/nvidia-smi", "/usr/lib/wsl/lib/libcuda.so.1",
        "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib/aarch64-linux-gnu/libcuda.so.1", "/usr/lib64/libcuda.so.1",
    ];

    /// <summary>True where any sign of a driver is there, and always in WSL, where the driver is that of Windows.</summary>
    public static bool IsThere => Signs.Any(File.Exists) || IsWsl;

    private static bool IsWsl
    {
        get
        {
            try
            {
                return File.ReadAllText("/proc/sys/kernel/osrelease").Contains("microsoft", StringComparison.OrdinalIgnoreCase);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
