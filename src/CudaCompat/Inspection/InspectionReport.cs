using System.Text.Json.Serialization;
using CudaCompat.Choosing;
using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Inspection;

/// <summary>What a file, a package or a folder needs of a machine, read from its binaries.</summary>
public sealed class InspectionReport
{
    /// <summary>What was read.</summary>
    public required string Path { get; init; }

    /// <summary>The binaries that use CUDA, have code for GPUs or decide which glibc is needed, in the order of their paths.</summary>
    public required IReadOnlyList<InspectedFile> Files { get; init; }

    /// <summary>The libraries of CUDA that are in it: cuDNN, cuBLAS and their like.</summary>
    public required IReadOnlyList<CudaLibrary> Bundled { get; init; }

    /// <summary>What <see cref="Resolver.Choose"/> takes: one candidate for each system and processor that it has binaries for.</summary>
    public required IReadOnlyList<CudaBuild> Candidates { get; init; }

    /// <summary>What could not be told, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One binary.</summary>
public sealed class InspectedFile
{
    /// <summary>Its path inside of what was read.</summary>
    public required string Path { get; init; }

    /// <summary>The system that it is for.</summary>
    [JsonPropertyName("os")]
    public required OperatingSystemFamily OperatingSystem { get; init; }

    /// <summary>The processor; null where it is neither of the two that CUDA has.</summary>
    [JsonPropertyName("arch")]
    public required CpuArchitecture? Architecture { get; init; }

    /// <summary>The oldest glibc that it starts with (Linux).</summary>
    public DottedVersion? Glibc { get; init; }

    /// <summary>The libraries of CUDA that it imports, those that are loaded when they are first called among them.</summary>
    public IReadOnlyList<CudaLibrary> Imports { get; init; } = [];

    /// <summary>The newest CUDA whose compiler made code in it; null where it has none or does not say.</summary>
    [JsonConverter(typeof(SpelledBuildCuda))]
    public CudaVersion? Cuda { get; init; }

    /// <summary>The containers of code for GPUs in it.</summary>
    public int Fatbins { get; init; }

    /// <summary>That code: what is in each container alone decides where its kernels run.</summary>
    public IReadOnlyList<DeviceCodeCount> Code { get; init; } = [];

    /// <summary>The newest PTX instruction set in it, such as 8.4; null where it has no PTX.</summary>
    public DottedVersion? PtxIsa { get; init; }

    /// <summary>How its code is packed: lz4, zstd; none of them where it is not.</summary>
    public IReadOnlyList<string> Compression { get; init; } = [];

    /// <summary>True where the file ends before its headers say.</summary>
    public bool IsCut { get; init; }

    [JsonIgnore]
    internal DeviceCodeLists Lists { get; init; } = DeviceCodeLists.None;
}

/// <summary>Code for one architecture.</summary>
public sealed class DeviceCodeCount
{
    /// <summary>sass (native), ptx, or lto (for the linker: no driver loads it).</summary>
    public required string Kind { get; init; }

    /// <summary>The architecture with its suffix.</summary>
    public required ComputeCapability Target { get; init; }

    /// <summary>How many of the containers have it.</summary>
    public required int Fatbins { get; init; }
}

/// <summary>A library of CUDA, by the name of its file.</summary>
public sealed class CudaLibrary
{
    /// <summary>cudart, cublas, cudnn.</summary>
    public required string Library { get; init; }

    /// <summary>The name of its file: libcudart.so.12, or the path of one that is bundled.</summary>
    public required string File { get; init; }

    /// <summary>The major in the name; CUDA's own for cudart, cuBLAS and NVRTC, the library's for others.</summary>
    public int? Major { get; init; }

    /// <summary>The version in the name, as far as it goes.</summary>
    public string? Version { get; init; }

    [JsonIgnore]
    internal bool NamesCuda { get; init; }
}
