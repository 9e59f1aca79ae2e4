using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>One build of torch, ready to be judged. What not every question needs is worked out when it is first asked for, and kept.</summary>
internal sealed class TorchBuild
{
    private readonly BuildCatalogue _catalogue;
    private readonly Lazy<ArchListRow?> _code;
    private Masks? _masks;
    private CompanionBuild[]? _torchvision;
    private CompanionBuild[]? _torchaudio;
    private CompanionRow[]? _torchvisionPartners;
    private CompanionRow[]? _torchaudioPartners;
    private string? _name;

    public TorchBuild(BuildRow row, BuildCatalogue catalogue)
    {
        Row = row;
        Tag = row.Tag!.Value;
        _catalogue = catalogue;
        _code = new Lazy<ArchListRow?>(() => catalogue.CodeOf(row), LazyThreadSafetyMode.PublicationOnly);
        PythonMask = catalogue.MaskOf(row.Pythons);
    }

    public BuildRow Row { get; }

    public CudaTag Tag { get; }

    /// <summary>The GPU code in it; null where no source, and no sibling, gives a list.</summary>
    public ArchListRow? Code => _code.Value;

    /// <summary>The known architectures on which its native code runs.</summary>
    public ulong NativeMask => (_masks ??= new Masks(_catalogue.NativeMask(Code), _catalogue.CudnnExcludes(Row))).Native;

    /// <summary>The known architectures that its bundled cuDNN surely does not serve.</summary>
    public ulong CudnnExcludes => (_masks ??= new Masks(_catalogue.NativeMask(Code), _catalogue.CudnnExcludes(Row))).CudnnExcludes;

    public ulong PythonMask { get; }

    /// <summary>The builds of torchvision that go with it, the preferred version first.</summary>
    public CompanionBuild[] Torchvision => _torchvision ??= _catalogue.CompanionsOf(Row, "torchvision");

    /// <summary>The builds of torchaudio that go with it, the preferred version first.</summary>
    public CompanionBuild[] Torchaudio => _torchaudio ??= _catalogue.CompanionsOf(Row, "torchaudio");

    public PackageVersion Version => Row.Version;

    public CudaVersion? Cuda => Tag.Cuda;

    /// <summary>The versions of a companion that sources pair with this torch, the preferred first, whether or not there is a build.</summary>
    public CompanionRow[] Partners(string package) => package == "torchvision"
        ? _torchvisionPartners ??= [.. _catalogue.CompanionVersions(Version, package, Row.Packaging)]
        : _torchaudioPartners ??= [.. _catalogue.CompanionVersions(Version, package, Row.Packaging)];

    public override string ToString() => _name ??= $"torch {Version}+{Tag}";

    private sealed record Masks(ulong Native, ulong CudnnExcludes);
}

/// <summary>A build of torchvision or torchaudio for one torch build.</summary>
/// <param name="Row">The build.</param>
/// <param name="PythonMask">Its Pythons.</param>
/// <param name="Preferred">True for the partner that upstream names.</param>
internal sealed record CompanionBuild(BuildRow Row, ulong PythonMask, bool Preferred);
