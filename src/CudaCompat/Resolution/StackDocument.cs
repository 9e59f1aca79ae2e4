using System.Text.Json.Serialization;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution;

/// <summary>A combination of components: the stack document of the contract. Null means that the component is not part of it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StackDocument
{
    /// <summary>torch, without its local label.</summary>
    [JsonConverter(typeof(SpelledTorch))]
    public PackageVersion? Torch { get; init; }

    /// <summary>The CUDA of the torch build whatever the packaging; null with packaging pip is the build of the default index.</summary>
    [JsonConverter(typeof(SpelledCudaTag))]
    public CudaTag? CudaTag { get; init; }

    /// <summary>torchvision.</summary>
    [JsonConverter(typeof(SpelledTorchvision))]
    public PackageVersion? Torchvision { get; init; }

    /// <summary>torchaudio.</summary>
    [JsonConverter(typeof(SpelledTorchaudio))]
    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The CUDA toolkit: what nvcc and CUDA_HOME give.</summary>
    [JsonConverter(typeof(SpelledToolkit))]
    public CudaVersion? Toolkit { get; init; }

    /// <summary>The cuDNN that the loader finds, not the one bundled with a wheel.</summary>
    [JsonConverter(typeof(SpelledCudnn))]
    public DottedVersion? Cudnn { get; init; }

    /// <summary>Where the Python packages come from; null counts as pip.</summary>
    [JsonConverter(typeof(SpelledPackaging))]
    public Packaging? Packaging { get; init; }

    /// <summary>True where extensions are to be compiled with this toolkit and the machine's host compiler.</summary>
    public bool Compiles { get; init; }

    /// <summary>Where a range stands in place of one version of torch (&lt;=2.5.1): every build of it is judged.</summary>
    [JsonIgnore]
    internal VersionSpec? TorchRange { get; init; }

    /// <summary>True where it was read from what pip lists, which prints the label of every wheel that has one.</summary>
    [JsonIgnore]
    internal bool IsListing { get; init; }

    /// <summary>What values were taken for that were not given in the contract's own form; becomes findings.</summary>
    [JsonIgnore]
    internal IReadOnlyList<ReadingNote> Readings { get; init; } = [];
}
