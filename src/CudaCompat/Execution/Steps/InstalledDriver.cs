namespace CudaCompat.Execution.Steps;

/// <summary>Whether this system has an NVIDIA driver, or is given one by a host: then no package may bring libraries of another.</summary>
internal static class InstalledDriver
{
    private static readonly string[] Signs =
    [
        "/proc/driver/nvidia/version", "/sys/module/nvidia/version", "/dev/dxg", "/usr/bin/nvidia-smi", "/usr/lib/wsl/lib/libcuda.so.1",
        "/usr/lib/x86_64-linux-gnu/libcuda.so.1", "/usr/lib/aarch64-linux-gnu/libcuda.so.1", "/usr/lib64/libcuda.so.1",
    ];

    /// <summary>True where any sign of a driver is there, and always in WSL, where the driver is that of Windows.</summary>
    public static bool IsThere => Signs.Any(File.Exists) || HasDevice || IsWsl;

    // nvidia0 and so on, which containers are given too; nvidiactl alone is left behind by the driver's library, driver or not.
    private static bool HasDevice => Directory.Exists("/dev") && Directory.EnumerateFileSystemEntries("/dev", "nvidia*").Any(f => f["/dev/nvidia".Length..] is [>= '0' and <= '9', ..]);

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
