using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection;

/// <summary>What one probe found; null and empty mean nothing found.</summary>
/// <param name="Source">Where it looked, as the report names it.</param>
internal sealed record Findings(string Source)
{
    public OperatingSystemFamily? OperatingSystem { get; init; }

    public CpuArchitecture? Architecture { get; init; }

    public bool? Tegra { get; init; }

    public DottedVersion? Glibc { get; init; }

    public DriverVersion? Driver { get; init; }

    public KernelModuleFlavour? KernelModule { get; init; }

    public CudaVersion? MaxCuda { get; init; }

    /// <summary>GPUs; empty where the probe is sure that there is none.</summary>
    public IReadOnlyList<ListedGpu>? Gpus { get; init; }

    /// <summary>True where the driver itself lists the GPUs.</summary>
    public bool IsDriver { get; init; }

    public DottedVersion? Gcc { get; init; }

    public DottedVersion? Clang { get; init; }

    public DottedVersion? Msvc { get; init; }

    public IReadOnlyList<FoundToolkit> Toolkits { get; init; } = [];

    public IReadOnlyList<FoundCudnn> Cudnn { get; init; } = [];

    public IReadOnlyList<FoundPython> Pythons { get; init; } = [];

    public IReadOnlyList<FoundCompatLibrary> CompatLibraries { get; init; } = [];

    public IReadOnlyList<FoundPackageManager> PackageManagers { get; init; } = [];

    public IReadOnlyList<string> LinuxDriverFilesInWsl { get; init; } = [];

    public bool IsContainer { get; init; }

    public DetectionFailure? Failure { get; init; }

    /// <summary>What the probe itself found told in two ways; differences between probes are found later.</summary>
    public Disagreement? Differs { get; init; }
}

/// <summary>One way to learn something of the machine.</summary>
internal interface IProbe
{
    /// <summary>The probe's name in reports.</summary>
    string Name { get; }

    /// <summary>How many programs it may start one after another, each with a time limit of its own.</summary>
    int Steps => 1;

    /// <summary>Looks. Returns what was found, in the order of belief; a failure is a finding, not an exception.</summary>
    Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation);
}
