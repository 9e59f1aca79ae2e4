using System.Text.Json.Serialization;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>A combination of components: the stack document of the contract. Null means that the component is not part of it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StackDocument
{
    /// <summary>torch, without its local label.</summary>
    public PackageVersion? Torch { get; init; }

    /// <summary>The CUDA of the torch build whatever the packaging; null with packaging pip is the build of the default index.</summary>
    public CudaTag? CudaTag { get; init; }

    /// <summary>torchvision.</summary>
    public PackageVersion? Torchvision { get; init; }

    /// <summary>torchaudio.</summary>
    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The CUDA toolkit: what nvcc and CUDA_HOME give.</summary>
    public CudaVersion? Toolkit { get; init; }

    /// <summary>The cuDNN that the loader finds, not the one bundled with a wheel.</summary>
    public DottedVersion? Cudnn { get; init; }

    /// <summary>Where the Python packages come from; null counts as pip.</summary>
    public Packaging? Packaging { get; init; }

    /// <summary>True where extensions are to be compiled with this toolkit and the machine's host compiler.</summary>
    public bool Compiles { get; init; }
}
