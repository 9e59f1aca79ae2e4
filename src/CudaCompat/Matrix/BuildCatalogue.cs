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
    private readonly ConcurrentDictionary<(Packaging Packaging, string Package), bool> _listed = new();
    private readonly BuildIndexes _indexes;
    private readonly ArchitectureTable _architectures;
    private readonly CudnnTable _cudnn;
    private readonly PythonVersion[] _pythons;
    private readonly CudaTag[] _tags;
    private readonly Lazy<HashSet<PackageVersion>> _torchVersions;

    public BuildCatalogue(BuildIndexes indexes, ArchitectureTable architectures, CudnnTable cudnn)
    {
        _indexes = indexes;
        _architectures = architectures;
        _cudnn = cudnn;
        _pythons = indexes.Pythons;
        _tags = indexes.Tags;
        Newest = indexes.Newest;
        NewestTorch = Newest["torch"];
        NewestPython = Array.FindLast(_pythons, p => !p.FreeThreaded);
        _torchVersions = new Lazy<HashSet<PackageVersion>>(() => indexes.TorchVersions);
    }

    public PackageVersion NewestTorch { get; }

    public PythonVersion NewestPython { get; }

    /// <summary>The newest version of each package.</summary>
    public IReadOnlyDictionary<string, PackageVersion> Newest { get; }

    /// <summary>The builds for a platform, newest torch and highest CUDA first.</summary>
    public PlatformBuilds For(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch)
    {
        if (!_byPlatform.TryGetValue((packaging, os, arch), out var builds))
            builds = _byPlatform.GetOrAdd((packaging, os, arch), new PlatformBuilds(this, _indexes.TorchBuilds(packaging, os, arch), i => _indexes.Serving(packaging, os, arch, _architectures.Rows[i].ComputeCapability)));
        return builds;
    }

    /// <summary>The build with this version and tag, or null.</summary>
    public TorchBuild? Find(PackageVersion version, CudaTag tag, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) => For(packaging, os, arch).Find(version, tag);

    /// <summary>True where any platform has a build of this version.</summary>
    public bool KnowsTorch(PackageVersion version) => _torchVersions.Value.Contains(version.WithoutLabel);

    /// <summary>One row of the table of builds.</summary>
    public BuildRow Row(int number) => _indexes.Build(number);

    /// <summary>The companion versions of a torch, the preferred first, then newest first.</summary>
    public CompanionRow[] CompanionVersions(PackageVersion torch, string package, Packaging packaging)
    {
        var rows = Array.FindAll(_indexes.Companions(torch.WithoutLabel), c => c.Package == package && (c.Packaging is null || c.Packaging == packaging));
        // A row for this packaging says more than one for all.
        var preferred = Array.Find(rows, c => c.Packaging == packaging && c.Preferred) ?? Array.Find(rows, c => c.Packaging is null && c.Preferred);
        var versions = new List<CompanionRow>(rows.Length);
        if (preferred is not null)
            versions.Add(preferred);
        foreach (var row in rows)
        {
            if (!versions.Exists(v => v.Version == row.Version))
                versions.Add(row.Preferred ? row with { Preferred = false } : row);
        }

        var first = preferred is null ? 0 : 1;
        versions.Sort(first, versions.Count - first, Comparer<CompanionRow>.Create(static (left, right) => right.Version.CompareTo(left.Version)));
        return [.. versions];
    }

    /// <summary>The builds of a companion that go with a build of torch, that preferred for its tag first, then the preferred version; of one version those for its tag before those for every tag.</summary>
    public CompanionBuild[] CompanionsOf(TorchBuild torch, string package)
    {
        var found = new List<CompanionBuild>();
        foreach (var own in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var partner in torch.Partners(package))
            {
                if (IsForTag(partner, torch.Tag) != own)
                    continue;
                var builds = _indexes.CompanionBuilds(package, partner.Version, torch.Row.Packaging, torch.Row.Os, torch.Row.Arch);
                AddFor(torch.Tag, builds, partner);
                AddFor(null, builds, partner);
            }
        }

        return [.. found];

        static bool IsForTag(CompanionRow partner, CudaTag tag) => partner.PreferredTags is { } tags && Array.IndexOf(tags, tag) >= 0;

        void AddFor(CudaTag? tag, BuildRow[] builds, CompanionRow partner)
        {
            foreach (var build in builds)
            {
                if (build.Tag == tag)
                    found.Add(new CompanionBuild(build, MaskOf(build.Pythons), partner.Preferred || IsForTag(partner, torch.Tag)));
            }
        }
    }

    /// <summary>True where the data lists packages of a companion in a packaging at all.</summary>
    public bool ListsCompanions(Packaging packaging, string package) => _listed.GetOrAdd((packaging, package), static (key, catalogue) =>
        catalogue.For(key.Packaging, OperatingSystemFamily.Linux, CpuArchitecture.X64).Any(b => b.Companions(key.Package).Length > 0), this);

    /// <summary>What a build of torch has for GPUs.</summary>
    public GpuCode GpuCodeOf(BuildRow torch)
    {
        var code = _indexes.Code(torch);
        return new GpuCode(code, _architectures.NativeMask(code, torch.Tag), CudnnExcludes(torch));
    }

    private ulong CudnnExcludes(BuildRow torch)
    {
        if (torch.Cudnn is not { } bundled || torch.Tag?.Cuda is not { } cuda)
            return 0;
        if (_cudnnExcludes.TryGetValue((bundled.Key, cuda), out var known))
            return known;
        ulong excluded = 0;
        var support = _cudnn.Support(bundled, cuda);
        for (var i = 0; i < _architectures.Rows.Count; i++)
        {
            if (support.Serves(_architectures.Rows[i].ComputeCapability, _architectures) == CudnnService.NotServed)
                excluded |= 1UL << i;
        }

        _cudnnExcludes.TryAdd((bundled.Key, cuda), excluded);
        return excluded;
    }

    /// <summary>The bit of a CUDA version; 0 for the tag cpu.</summary>
    public ulong MaskOf(CudaTag tag)
    {
        var i = Array.BinarySearch(_tags, tag);
        return i < 0 || tag.IsCpu ? 0 : 1UL << i;
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
