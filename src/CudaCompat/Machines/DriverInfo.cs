using System.Text.Json.Serialization;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Machines;

/// <summary>
/// A machine: what decides which builds run on it. Every fact but the operating system may be null, which means not known, never absent.
/// It is the machine document of the contract.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DriverInfo
{
    /// <summary>The most GPUs accepted in one machine.</summary>
    public const int MaximumGpus = 1024;

    private readonly IReadOnlyList<Gpu>? _gpus;

    /// <summary>A caller's own name for the machine, echoed back.</summary>
    public string? Id { get; init; }

    /// <summary>The operating system.</summary>
    [JsonPropertyName("os")]
    [JsonConverter(typeof(SpelledOperatingSystem))]
    public required OperatingSystemFamily OperatingSystem { get; init; }

    /// <summary>The processor architecture.</summary>
    [JsonPropertyName("arch")]
    [JsonConverter(typeof(SpelledArchitecture))]
    public CpuArchitecture? Architecture { get; init; }

    /// <summary>True for NVIDIA's systems on a chip (Jetson), whose drivers and builds are a family of their own.</summary>
    public bool? Tegra { get; init; }

    /// <summary>The C library's version on Linux, such as 2.35.</summary>
    [JsonConverter(typeof(SpelledGlibc))]
    public DottedVersion? Glibc { get; init; }

    /// <summary>The NVIDIA driver; in WSL the Windows driver.</summary>
    [JsonConverter(typeof(SpelledDriver))]
    public DriverVersion? Driver { get; init; }

    /// <summary>Which Linux kernel module is loaded.</summary>
    public KernelModuleFlavour? KernelModule { get; init; }

    /// <summary>The highest CUDA version that the driver runs, which nvidia-smi prints as "CUDA Version" or "CUDA UMD Version".</summary>
    [JsonConverter(typeof(SpelledMaxCuda))]
    public CudaVersion? MaxCuda { get; init; }

    /// <summary>The GPUs in the order of the driver; empty where none was found, null where it is not known.</summary>
    public IReadOnlyList<Gpu>? Gpus
    {
        get => _gpus;
        init => _gpus = value is { Count: > MaximumGpus }
            ? throw new ArgumentException($"{value.Count} GPUs are more than {MaximumGpus}.", nameof(value))
            : value;
    }

    /// <summary>The Python that torch is for.</summary>
    [JsonConverter(typeof(SpelledPython))]
    public PythonVersion? Python { get; init; }

    /// <summary>The gcc that would compile extensions.</summary>
    [JsonConverter(typeof(SpelledGcc))]
    public DottedVersion? Gcc { get; init; }

    /// <summary>The clang that would compile extensions.</summary>
    [JsonConverter(typeof(SpelledClang))]
    public DottedVersion? Clang { get; init; }

    /// <summary>The MSVC compiler version, 19.38 (not Visual Studio's year).</summary>
    [JsonConverter(typeof(SpelledMsvc))]
    public DottedVersion? Msvc { get; init; }

    /// <summary>What is installed already.</summary>
    public InstalledComponents? Installed { get; init; }

    /// <summary>True where the driver itself lists the GPUs (they were read from nvidia-smi or NVML), so that it surely knows them.</summary>
    [JsonIgnore]
    public bool GpusListedByDriver { get; init; }

    /// <summary>What was assumed while the machine was read, one sentence each; becomes findings of severity info.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>True where nothing said the operating system and one was assumed.</summary>
    [JsonIgnore]
    internal bool IsSystemAssumed { get; init; }

    /// <summary>What values were taken for that were not given in the contract's own form, and what contradicts itself; becomes findings.</summary>
    [JsonIgnore]
    internal IReadOnlyList<ReadingNote> Readings { get; init; } = [];
}
