using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>One build of torch, ready to be judged.</summary>
internal sealed class TorchBuild
{
    public required BuildRow Row { get; init; }

    public required CudaTag Tag { get; init; }

    /// <summary>The GPU code in it; null where no source, and no sibling, gives a list.</summary>
    public required ArchListRow? Code { get; init; }

    /// <summary>The known architectures on which its native code runs.</summary>
    public required ulong NativeMask { get; init; }

    /// <summary>The known architectures that its bundled cuDNN surely does not serve.</summary>
    public required ulong CudnnExcludes { get; init; }

    /// <summary>The known architectures that it serves: native code, and libraries and a bundled cuDNN that work there.</summary>
    public ulong ServedMask => NativeMask & ~CudnnExcludes;

    public required ulong PythonMask { get; init; }

    /// <summary>The builds of torchvision that go with it, the preferred version first.</summary>
    public required CompanionBuild[] Torchvision { get; init; }

    /// <summary>The builds of torchaudio that go with it, the preferred version first.</summary>
    public required CompanionBuild[] Torchaudio { get; init; }

    public PackageVersion Version => Row.Version;

    public CudaVersion? Cuda => Tag.Cuda;

    public override string ToString() => $"torch {Version}+{Tag}";
}

/// <summary>A build of torchvision or torchaudio for one torch build.</summary>
/// <param name="Row">The build.</param>
/// <param name="PythonMask">Its Pythons.</param>
/// <param name="Preferred">True for the partner that upstream names.</param>
internal sealed record CompanionBuild(BuildRow Row, ulong PythonMask, bool Preferred);
