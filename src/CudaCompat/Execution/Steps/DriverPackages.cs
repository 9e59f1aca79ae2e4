namespace CudaCompat.Execution.Steps;

/// <summary>
/// Knows the packages that bring or replace an NVIDIA driver. A plan never installs one: on a working machine that breaks the driver that
/// runs, and in WSL it hides the one of Windows.
/// </summary>
internal static class DriverPackages
{
    private static readonly string[] Starts =
    [
        "cuda-drivers", "cuda-runtime-", "cuda-demo-suite", "nvidia-driver", "nvidia-dkms", "nvidia-kernel", "nvidia-open", "nvidia-headless",
        "nvidia-compute", "nvidia-gfx", "nvidia-video", "kmod-nvidia", "akmod-nvidia", "xserver-xorg-video-nvidia", "xorg-x11-drv-nvidia", "libcuda1",
        "libnvidia-", "linux-modules-nvidia", "linux-objects-nvidia", "nvidia-firmware", "nvidia-modprobe", "nvidia-persistenced",
    ];

    /// <summary>
    /// True for libraries of the driver's user side, on which a distribution's own toolkit package depends. They bring no kernel module; where no driver
    /// is, they replace none.
    /// </summary>
    public static bool IsLibrary(string package) =>
        Contains(package) && (package.StartsWith("libcuda1", StringComparison.Ordinal) || package.StartsWith("libnvidia-", StringComparison.Ordinal));

    /// <summary>True for a driver package, and for the metapackages (cuda, cuda-12-4) that pull one.</summary>
    public static bool Contains(string package)
    {
        var name = package.Split('=')[0].Split(':')[0];
        if (name == "cuda" || (name.StartsWith("cuda-", StringComparison.Ordinal) && name[5..].All(c => char.IsAsciiDigit(c) || c is '-' or '.')))
            return true;
        return !name.EndsWith("-dev", StringComparison.Ordinal) && !name.EndsWith("-devel", StringComparison.Ordinal)
            && Starts.Any(s => name.StartsWith(s, StringComparison.Ordinal));
    }
}
