using System.Collections.Frozen;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>All builds of torch by platform, newest first, each with its companions.</summary>
internal sealed class BuildCatalogue
{
    private readonly FrozenDictionary<(Packaging, OperatingSystemFamily, CpuArchitecture), TorchBuild[]> _byPlatform;
    private readonly PythonVersion[] _pythons;
    private readonly ILookup<PackageVersion, CompanionRow> _companions;
    private readonly HashSet<PackageVersion> _torchVersions;

    public BuildCatalogue(MatrixData data, ArchitectureTable architectures, CudnnTable cudnn)
    {
        _pythons = [.. data.Builds.SelectMany(b => b.Pythons).Distinct().Order()];
        if (_pythons.Length > 64)
            throw new DataFormatException("builds.json: more than 64 Pythons.");
        _companions = data.Companions.ToLookup(c => c.Torch);
        var codes = data.ArchLists.Where(a => a.Used).ToDictionary(a => (a.Torch, a.Tag, a.Packaging, a.Os, a.Arch));
        var companionBuilds = data.Builds.Where(b => b.Package != "torch").ToLookup(b => (b.Package, b.Version, b.Packaging, b.Os, b.Arch));
        _byPlatform = data.Builds
            .Where(b => b.Package == "torch" && b.Tag is not null)
            .GroupBy(b => (b.Packaging, b.Os, b.Arch))
            .ToFrozenDictionary(
                g => g.Key,
                g => g.Select(Compile).OrderByDescending(b => b.Version).ThenByDescending(b => b.Tag).ToArray());
        _torchVersions = [.. data.Builds.Where(b => b.Package == "torch").Select(b => b.Version)];
        NewestTorch = _torchVersions.Max();
        NewestPython = _pythons.Where(p => !p.FreeThreaded).Max();
        Newest = data.Builds.GroupBy(b => b.Package).ToDictionary(g => g.Key, g => g.Max(b => b.Version), StringComparer.Ordinal);

        TorchBuild Compile(BuildRow row)
        {
            var tag = row.Tag!.Value;
            var code = codes.GetValueOrDefault((row.Version, tag, row.Packaging, row.Os, row.Arch));
            ulong excluded = 0;
            if (row.Cudnn is { } bundled && tag.Cuda is { } cuda)
            {
                var support = cudnn.Support(bundled, cuda);
                for (var i = 0; i < architectures.Rows.Count; i++)
                {
                    if (support.Serves(architectures.Rows[i].ComputeCapability, architectures) == CudnnService.NotServed)
                        excluded |= 1UL << i;
                }
            }

            return new TorchBuild
            {
                Row = row,
                Tag = tag,
                Code = code,
                NativeMask = code is null ? 0 : architectures.ServedNatively(code.Native) & ~architectures.NeedingLaterLibraries(tag.Cuda),
                CudnnExcludes = excluded,
                PythonMask = MaskOf(row.Pythons),
                Torchvision = CompanionsOf(row, tag, "torchvision"),
                Torchaudio = CompanionsOf(row, tag, "torchaudio"),
            };
        }

        CompanionBuild[] CompanionsOf(BuildRow torch, CudaTag tag, string package) =>
        [
            .. CompanionVersions(torch.Version, package, torch.Packaging)
                .OrderByDescending(c => c.PreferredTags?.Contains(tag) == true)
                .SelectMany(c => companionBuilds[(package, c.Version, torch.Packaging, torch.Os, torch.Arch)]
                    .Where(b => b.Tag is null || b.Tag == tag)
                    .OrderByDescending(b => b.Tag is not null)
                    .Select(b => new CompanionBuild(b, MaskOf(b.Pythons), c.Preferred || c.PreferredTags?.Contains(tag) == true))),
        ];
    }

    public PackageVersion NewestTorch { get; }

    public PythonVersion NewestPython { get; }

    /// <summary>The newest version of each package.</summary>
    public IReadOnlyDictionary<string, PackageVersion> Newest { get; }

    /// <summary>The builds for a platform, newest torch and highest CUDA first.</summary>
    public TorchBuild[] For(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        _byPlatform.TryGetValue((packaging, os, arch), out var builds) ? builds : [];

    /// <summary>The build with this version and tag, or null.</summary>
    public TorchBuild? Find(PackageVersion version, CudaTag tag, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch)
    {
        foreach (var build in For(packaging, os, arch))
        {
            if (build.Tag == tag && build.Version.CompareTo(version) == 0)
                return build;
        }

        return null;
    }

    /// <summary>True where any platform has a build of this version.</summary>
    public bool KnowsTorch(PackageVersion version) => _torchVersions.Contains(version.WithoutLabel);

    /// <summary>The companion versions of a torch, the preferred first.</summary>
    public IEnumerable<CompanionRow> CompanionVersions(PackageVersion torch, string package, Packaging packaging)
    {
        var rows = _companions[torch.WithoutLabel].Where(c => c.Package == package).ToArray();
        // A row for this packaging says more than one for all.
        var preferred = rows.FirstOrDefault(c => c.Packaging == packaging && c.Preferred) ?? rows.FirstOrDefault(c => c.Packaging is null && c.Preferred);
        return rows
            .Where(c => c.Packaging is null || c.Packaging == packaging)
            .GroupBy(c => c.Version).Select(g => g.OrderByDescending(c => ReferenceEquals(c, preferred)).First())
            .Select(c => c with { Preferred = ReferenceEquals(c, preferred) })
            .OrderByDescending(c => c.Preferred).ThenByDescending(c => c.Version);
    }

    /// <summary>The bit of a Python; 0 where no build is for it.</summary>
    public ulong MaskOf(PythonVersion python)
    {
        var i = Array.BinarySearch(_pythons, python);
        return i < 0 ? 0 : 1UL << i;
    }

    private ulong MaskOf(PythonVersion[] pythons)
    {
        ulong mask = 0;
        foreach (var python in pythons)
            mask |= MaskOf(python);
        return mask;
    }
}
