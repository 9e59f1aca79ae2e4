using CudaCompat.Data.Merging.Nvidia;

namespace CudaCompat.Data.Refresh;

/// <summary>The subjects that NVIDIA's documents give: one line a module. Later ones read what earlier ones found.</summary>
internal static class NvidiaSubjects
{
    public static IReadOnlyList<ISubject> All { get; } =
    [
        new ToolkitInstallers(),
        new Toolkits(),
        new RedistComponents(),
        new DriverRequirements(),
        new Drivers(),
        new DriverReports(),
        new ForwardCompatibility(),
        new Architectures(),
        new PciGpus(),
        new GpuNames(),
        new CudnnReleases(),
        new CudnnSupport(),
        new HostCompilers(),
        new JetsonReleases(),
        new ManifestPins(),
    ];

    /// <summary>Those that follow from the others alone, and run last.</summary>
    public static IReadOnlyList<ISubject> Derived { get; } =
    [
        new ToolkitPlatforms(),
        new NamedDrivers(),
        new DriverCuda(),
    ];
}
