using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection;

/// <summary>One fact, and where it was read.</summary>
/// <param name="Field">The field of the machine document: driver, maxCuda, gpus, python, installed.torch, ….</param>
/// <param name="Value">The value as text.</param>
/// <param name="Source">Where it was read: NVML, a file, a program with its arguments.</param>
/// <param name="Believed">False where another source was believed instead.</param>
public sealed record DetectedFact(string Field, string Value, string Source, bool Believed = true);

/// <summary>Two sources that do not agree.</summary>
/// <param name="Field">The field of the machine document.</param>
/// <param name="Values">Every value with its source, the believed one first.</param>
/// <param name="Why">Why the first is believed.</param>
public sealed record Disagreement(string Field, IReadOnlyList<DetectedFact> Values, string Why);

/// <summary>A process that detection started.</summary>
internal sealed record StartedProcess(string Program, IReadOnlyList<string> Arguments, TimeSpan Duration, int? ExitCode, bool TimedOut);

/// <summary>A CUDA toolkit found.</summary>
/// <param name="Version">Its version; X.Y where only nvcc could say.</param>
/// <param name="Folder">Its folder, or the package's name.</param>
/// <param name="Source">The file or program that named the version.</param>
/// <param name="PathOrder">Its place among the toolkits on PATH, from 0; null where PATH does not have it.</param>
internal sealed record FoundToolkit(CudaVersion Version, string Folder, string Source, int? PathOrder)
{
    /// <summary>The package that brought it, with its version; null where none did, or where the package manager was not asked.</summary>
    public string? Package { get; init; }
}

/// <summary>A cuDNN copy found.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Path">The header or library that named it.</param>
/// <param name="IsBundled">True inside Python packages, where torch finds it by itself.</param>
internal sealed record FoundCudnn(DottedVersion Version, string Path, bool IsBundled)
{
    /// <summary>True where LD_LIBRARY_PATH puts it before the copy that torch brings.</summary>
    public bool IsOnLoaderPath { get; init; }
}

/// <summary>A forward-compatibility libcuda found.</summary>
/// <param name="Driver">The driver version it stands for.</param>
/// <param name="Path">The file.</param>
internal sealed record FoundCompatLibrary(DriverVersion Driver, string Path)
{
    /// <summary>True where LD_LIBRARY_PATH or the loader's configuration takes it before the driver's own library.</summary>
    public bool IsOnLoaderPath { get; init; }
}

/// <summary>A Python found, with the torch family in it.</summary>
internal sealed record FoundPython
{
    /// <summary>The interpreter or, without one, the environment's folder.</summary>
    public required string Path { get; init; }

    /// <summary>venv, conda, pyenv, system or named (by the caller).</summary>
    public required string Kind { get; init; }

    /// <summary>Its version.</summary>
    public PythonVersion? Version { get; init; }

    /// <summary>True for the one that torch is for.</summary>
    public bool IsChosen { get; init; }

    /// <summary>torch, with its local label.</summary>
    public PackageVersion? Torch { get; init; }

    /// <summary>torch.version.cuda, X.Y; null for a CPU build or where it is not known.</summary>
    public CudaVersion? TorchCuda { get; init; }

    /// <summary>True where torch itself says that it was built without CUDA and without ROCm, whatever its version is labelled.</summary>
    public bool TorchIsCpu { get; init; }

    /// <summary>torchvision.</summary>
    public PackageVersion? Torchvision { get; init; }

    /// <summary>torchaudio.</summary>
    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The file that named torch.</summary>
    public string? TorchSource { get; init; }
}

/// <summary>A package manager found.</summary>
internal sealed record FoundPackageManager(string Name, string Path);

/// <summary>What a machine is, and how that is known.</summary>
public sealed record DetectionReport
{
    /// <summary>The machine document.</summary>
    public required DriverInfo Machine { get; init; }

    /// <summary>Every fact with its source, also those that were not believed.</summary>
    public IReadOnlyList<DetectedFact> Facts { get; init; } = [];

    /// <summary>Where sources differ.</summary>
    public IReadOnlyList<Disagreement> Disagreements { get; init; } = [];

    /// <summary>What went wrong, each with its next step. A machine without NVIDIA has none.</summary>
    public IReadOnlyList<DetectionFailure> Failures { get; init; } = [];

    /// <summary>The processes started.</summary>
    internal IReadOnlyList<StartedProcess> Processes { get; init; } = [];

    /// <summary>The toolkits, the first on PATH first.</summary>
    internal IReadOnlyList<FoundToolkit> Toolkits { get; init; } = [];

    /// <summary>The cuDNN copies, those outside Python packages first.</summary>
    internal IReadOnlyList<FoundCudnn> Cudnn { get; init; } = [];

    /// <summary>The Pythons, the chosen one first.</summary>
    internal IReadOnlyList<FoundPython> Pythons { get; init; } = [];

    /// <summary>Forward-compatibility libraries.</summary>
    internal IReadOnlyList<FoundCompatLibrary> CompatLibraries { get; init; } = [];

    /// <summary>Package managers.</summary>
    internal IReadOnlyList<FoundPackageManager> PackageManagers { get; init; } = [];

    /// <summary>Files of a Linux driver inside WSL, which must not be there.</summary>
    public IReadOnlyList<string> LinuxDriverFilesInWsl { get; init; } = [];

    /// <summary>True inside a container.</summary>
    public bool IsContainer { get; init; }

    /// <summary>The machine document that was taken instead of looking; null where the machine was looked at.</summary>
    public string? OverriddenBy { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The machine.</summary>
    public DriverInfo ToDriverInfo() => Machine;

    /// <summary>The machine, so that a report can be planned for directly.</summary>
    public static implicit operator DriverInfo(DetectionReport report) => report.Machine;
}
