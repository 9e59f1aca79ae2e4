using System.Collections.Concurrent;
using CudaCompat.Machines;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>All builds of torch by platform, newest first, each with its companions. A platform is read when it is first asked for.</summary>
internal sealed class BuildCatalogue
{
    private readonly ConcurrentDictionary<(Packaging, OperatingSystemFamily, CpuArchitecture), PlatformBuilds> _byPlatform = new();
    private readonly ConcurrentDictionary<(ulong, CudaVersion), ulong> _cudnnExcludes = new();
    private readonly BuildIndexes _indexes;
    private readonly ArchitectureTable _architectures;
    private readonly CudnnTable _cudnn;
    private readonly PythonVersion[] _pythons;
    private readonly Lazy<HashSet<PackageVersion>> _torchVersions;

    public BuildCatalogue(BuildIndexes indexes, ArchitectureTable architectures, CudnnTable cudnn)
    {
        _indexes = indexes;
        _architectures = architectures;
        _cudnn = cudnn;
        _pythons = indexes.Pythons;
        Newest = indexes.Newest;
        NewestTorch = Newest["torch"];
        NewestPython = _pythons.Where(p => !p.FreeThreaded).Max();
        _torchVersions = new Lazy<HashSet<PackageVersion>>(() => [.. indexes.TorchVersions]);
    }

    public PackageVersion NewestTorch { get; }

    public PythonVersion NewestPython { get; }

    /// <summary>The newest version of each package.</summary>
    public IReadOnlyDictionary<string, PackageVersion> Newest { get; }

    /// <summary>The builds for a platform, newest torch and highest CUDA first.</summary>
    public TorchBuild[] For(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) => Platform(packaging, os, arch).Builds;

    /// <summary>What is known of the builds for a platform as a whole.</summary>
    public PlatformBuilds Platform(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) => _byPlatform.TryGetValue((packaging, os, arch), out var builds)
        ? builds
        : _byPlatform.GetOrAdd((packaging, os, arch), key => new PlatformBuilds([.. _indexes.TorchBuilds(key.Item1, key.Item2, key.Item3).Select(row => new TorchBuild(row, this))]));

    /// <summary>The build with this version and tag, or null.</summary>
    public TorchBuild? Find(PackageVersion version, CudaTag tag, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) => Platform(packaging, os, arch).Find(version, tag);

    /// <summary>True where any platform has a build of this version.</summary>
    public bool KnowsTorch(PackageVersion version) => _torchVersions.Value.Contains(version.WithoutLabel);

    /// <summary>The companion versions of a torch, the preferred first.</summary>
    public IEnumerable<CompanionRow> CompanionVersions(PackageVersion torch, string package, Packaging packaging)
    {
        var rows = _indexes.Companions(torch.WithoutLabel).Where(c => c.Package == package).ToArray();
        // A row for this packaging says more than one for all.
        var preferred = rows.FirstOrDefault(c => c.Packaging == packaging && c.Preferred) ?? rows.FirstOrDefault(c => c.Packaging is null && c.Preferred);
        return rows
            .Where(c => c.Packaging is null || c.Packaging == packaging)
            .GroupBy(c => c.Version).Select(g => g.OrderByDescending(c => ReferenceEquals(c, preferred)).First())
            .Select(c => c with { Preferred = ReferenceEquals(c, preferred) })
            .OrderByDescending(c => c.Preferred).ThenByDescending(c => c.Version);
    }

    /// <summary>The builds of a companion that go with a build of torch, the preferred version first.</summary>
    public CompanionBuild[] CompanionsOf(BuildRow torch, string package) =>
    [
        .. CompanionVersions(torch.Version, package, torch.Packaging)
            .SelectMany(c => _indexes.CompanionBuilds(package, c.Version, torch.Packaging, torch.Os, torch.Arch)
                .Where(b => b.Tag is null || b.Tag == torch.Tag)
                .OrderByDescending(b => b.Tag is not null)
                .Select(b => new CompanionBuild(b, MaskOf(b.Pythons), c.Preferred))),
    ];

    /// <summary>The GPU code in a build; null where no list is used.</summary>
    public ArchListRow? CodeOf(BuildRow torch) => _indexes.Code(torch);

    /// <summary>The architectures on which native code runs.</summary>
    public ulong NativeMask(ArchListRow? code) => code is null ? 0 : _architectures.ServedNatively(code.Native);

    /// <summary>The architectures that the cuDNN of a build surely does not serve.</summary>
    public ulong CudnnExcludes(BuildRow torch)
    {
        if (torch.Cudnn is not { } bundled || torch.Tag?.Cuda is not { } cuda)
            return 0;
        return _cudnnExcludes.GetOrAdd((bundled.Key, cuda), (_, version) =>
        {
            ulong excluded = 0;
            var support = _cudnn.Support(version, cuda);
            for (var i = 0; i < _architectures.Rows.Count; i++)
            {
                if (support.Serves(_architectures.Rows[i].ComputeCapability, _architectures) == CudnnService.NotServed)
                    excluded |= 1UL << i;
            }

            return excluded;
        }, bundled);
    }

    /// <summary>The bit of a Python; 0 where no build is for it.</summary>
    public ulong MaskOf(PythonVersion python)
    {
        var i = Array.BinarySearch(_pythons, python);
        return i < 0 ? 0 : 1UL << i;
    }

    public ulong MaskOf(PythonVersion[] pythons)
    {
        ulong mask = 0;
        foreach (var python in pythons)
            mask |= MaskOf(python);
        return mask;
    }
}
