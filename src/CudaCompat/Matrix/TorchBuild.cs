using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>One build of torch, ready to be judged. What not every question needs is worked out when it is first asked for, and kept.</summary>
internal sealed class TorchBuild
{
    private readonly BuildCatalogue _catalogue;
    private GpuCode? _gpuCode;
    private CompanionBuild[]? _torchvision;
    private CompanionBuild[]? _torchaudio;
    private CompanionRow[]? _torchvisionPartners;
    private CompanionRow[]? _torchaudioPartners;
    private string? _name;

    public TorchBuild(BuildRow row, BuildCatalogue catalogue)
    {
        Row = row;
        Tag = row.Tag!.Value;
        PythonMask = catalogue.MaskOf(row.Pythons);
        CudaMask = catalogue.MaskOf(Tag);
        _catalogue = catalogue;
    }

    public BuildRow Row { get; }

    public CudaTag Tag { get; }

    /// <summary>The GPU code in it; null where no source, and no sibling, gives a list.</summary>
    public ArchListRow? Code => Gpu.Code;

    /// <summary>The known architectures on which its native code runs.</summary>
    public ulong NativeMask => Gpu.Native;

    /// <summary>The known architectures that its bundled cuDNN surely does not serve.</summary>
    public ulong CudnnExcludes => Gpu.CudnnExcludes;

    /// <summary>The known architectures that it serves: native code, and libraries and a bundled cuDNN that work there.</summary>
    public ulong ServedMask => NativeMask & ~CudnnExcludes;

    public ulong PythonMask { get; }

    /// <summary>The bit of its CUDA version among those of all builds; 0 for CPU builds.</summary>
    public ulong CudaMask { get; }

    /// <summary>The builds of torchvision that go with it, the preferred version first.</summary>
    public CompanionBuild[] Torchvision => _torchvision ??= _catalogue.CompanionsOf(this, "torchvision");

    /// <summary>The builds of torchaudio that go with it, the preferred version first.</summary>
    public CompanionBuild[] Torchaudio => _torchaudio ??= _catalogue.CompanionsOf(this, "torchaudio");

    /// <summary>The builds of a companion by its package.</summary>
    public CompanionBuild[] Companions(string package) => package == "torchvision" ? Torchvision : Torchaudio;

    public PackageVersion Version => Row.Version;

    public CudaVersion? Cuda => Tag.Cuda;

    /// <summary>The versions of a companion that sources pair with this torch, the preferred first, whether or not there is a build.</summary>
    public CompanionRow[] Partners(string package) => package == "torchvision"
        ? _torchvisionPartners ??= _catalogue.CompanionVersions(Version, package, Row.Packaging)
        : _torchaudioPartners ??= _catalogue.CompanionVersions(Version, package, Row.Packaging);

    public override string ToString() => _name ??= $"torch {Version}+{Tag}";

    private GpuCode Gpu => _gpuCode ??= _catalogue.GpuCodeOf(Row);
}

/// <summary>A build of torchvision or torchaudio for one torch build.</summary>
/// <param name="Row">The build.</param>
/// <param name="PythonMask">Its Pythons.</param>
/// <param name="Preferred">True for the partner that upstream names.</param>
internal sealed record CompanionBuild(BuildRow Row, ulong PythonMask, bool Preferred);

/// <summary>What a build of torch has for GPUs.</summary>
/// <param name="Code">The list of code, or null.</param>
/// <param name="Native">The architectures on which native code runs.</param>
/// <param name="CudnnExcludes">The architectures that the bundled cuDNN surely does not serve.</param>
internal sealed record GpuCode(ArchListRow? Code, ulong Native, ulong CudnnExcludes);
