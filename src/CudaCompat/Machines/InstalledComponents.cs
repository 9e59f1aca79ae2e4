using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Machines;

/// <summary>What is installed already; null means not known.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record InstalledComponents
{
    /// <summary>CUDA toolkits found, the first on PATH first.</summary>
    public IReadOnlyList<CudaVersion>? Toolkits { get; init; }

    /// <summary>cuDNN copies found outside Python packages.</summary>
    public IReadOnlyList<DottedVersion>? Cudnn { get; init; }

    /// <summary>torch in the chosen Python, with its local label: 2.1.0+cu118.</summary>
    public PackageVersion? Torch { get; init; }

    /// <summary>torchvision in the chosen Python.</summary>
    public PackageVersion? Torchvision { get; init; }

    /// <summary>torchaudio in the chosen Python.</summary>
    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The number that nvcc prints, from which the release follows.</summary>
    [JsonIgnore]
    internal CudaVersion? Nvcc { get; init; }

    /// <summary>The CUDA of the torch build where another source than its version names it.</summary>
    [JsonIgnore]
    internal CudaTag? CudaTag { get; init; }

    /// <summary>pip, conda or conda-forge; null where not known.</summary>
    [JsonIgnore]
    internal string? Packaging { get; init; }
}
