using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>A chosen combination; null parts were not asked for.</summary>
internal sealed record Choice
{
    public TorchBuild? Build { get; init; }

    public CompanionBuild? Torchvision { get; init; }

    public CompanionBuild? Torchaudio { get; init; }

    public CudaVersion? Toolkit { get; init; }

    public CudnnRow? Cudnn { get; init; }

    /// <summary>How the driver runs it.</summary>
    public DriverFitMode Mode { get; init; }

    /// <summary>The CUDA version of the stack; null for CPU builds.</summary>
    public CudaVersion? Cuda => Build is null ? Toolkit?.MajorMinor : Build.Cuda;
}
