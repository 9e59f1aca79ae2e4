using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>The ways in which rules find builds, made when an image is written, so that none has to be read for the others' sake.</summary>
internal sealed class BuildIndexes(DataImage image, MatrixData data)
{
    private const string PythonTable = "pythons";
    private const string TagTable = "cuda-tags";
    private const string VersionTable = "torch-versions";
    private const string NewestTable = "newest-versions";
    private const string TorchIndex = "torch-builds by platform";
    private const string ServingIndex = "torch-builds by platform and compute capability";
    private const string CompanionBuildIndex = "companion-builds by version and platform";
    private const string CodeIndex = "arch-lists by build";
    private const string CompanionIndex = "companions by torch";
    private readonly RowTable<BuildRow> _builds = (RowTable<BuildRow>)data.Builds;
    private readonly RowTable<ArchListRow> _codes = (RowTable<ArchListRow>)data.ArchLists;
    private readonly RowTable<CompanionRow> _companions = (RowTable<CompanionRow>)data.Companions;
    private readonly RowIndex _torchIndex = image.Index(TorchIndex);
    private readonly RowIndex _servingIndex = image.Index(ServingIndex);
    private readonly RowIndex _companionBuildIndex = image.Index(CompanionBuildIndex);
    private readonly RowIndex _codeIndex = image.Index(CodeIndex);
    private readonly RowIndex _companionIndex = image.Index(CompanionIndex);

    /// <summary>Every Python that a build is for, sorted.</summary>
    public PythonVersion[] Pythons => [.. image.Table(PythonTable, static (ref CellReader c) => c.Text()).Select(PythonVersion.Parse)];

    /// <summary>Every tag of a build, sorted.</summary>
    public CudaTag[] Tags => [.. image.Table(TagTable, static (ref CellReader c) => c.Text()).Select(CudaTag.Parse)];

    /// <summary>Every version of torch.</summary>
    public HashSet<PackageVersion> TorchVersions => [.. image.Table(VersionTable, static (ref CellReader c) => c.Text()).Select(PackageVersion.Parse)];

    /// <summary>The newest version of each package.</summary>
    public Dictionary<string, PackageVersion> Newest => image.Table(NewestTable, static (ref CellReader c) => new NewestVersion(c.Text(), c.Version<PackageVersion>()))
        .ToDictionary(n => n.Package, n => n.Version, StringComparer.Ordinal);

    public static void Write(ImageWriter image, MatrixData data)
    {
        PythonVersion[] pythons = [.. data.Builds.SelectMany(b => b.Pythons).Distinct().Order()];
        CudaTag[] tags = [.. data.Builds.Select(b => b.Tag).OfType<CudaTag>().Distinct().Order()];
        // A set of them is one number of 64 bits.
        if (pythons.Length > 64 || tags.Length > 64)
            throw new DataFormatException("builds.json: more than 64 Pythons, or more than 64 CUDA tags.");
        image.Table(TagTable, tags, static (c, tag) => c.Version(tag));
        image.Table(PythonTable, pythons, static (c, python) => c.Version(python));
        image.Table(VersionTable, data.Builds.Where(b => b.Package == "torch").Select(b => b.Version).Distinct(), static (c, version) => c.Version(version));
        image.Table(NewestTable, data.Builds.GroupBy(b => b.Package).Select(g => new NewestVersion(g.Key, g.Max(b => b.Version))), static (c, newest) =>
        {
            c.Text(newest.Package);
            c.Version(newest.Version);
        });
        var platforms = data.Builds.Select((Row, Number) => (Row, Number))
            .Where(b => b.Row.Package == "torch" && b.Row.Tag is not null)
            .GroupBy(b => MatrixImage.Key(b.Row.Packaging, b.Row.Os, b.Row.Arch), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(b => b.Row.Version).ThenByDescending(b => b.Row.Tag).ToArray(), StringComparer.Ordinal);
        image.Index(TorchIndex, platforms.Select(p => KeyValuePair.Create(p.Key, Array.ConvertAll(p.Value, b => b.Number))));
        image.Index(ServingIndex, Serving(data, platforms));
        image.Index(CompanionBuildIndex, MatrixImage.Group(data.Builds, b => b.Package == "torch" ? null : CompanionKey(b.Package, b.Version, b.Packaging, b.Os, b.Arch)));
        image.Index(CodeIndex, MatrixImage.Group(data.ArchLists, a => a.Used ? CodeKey(a.Torch, a.Tag, a.Packaging, a.Os, a.Arch) : null));
        image.Index(CompanionIndex, MatrixImage.Group(data.Companions, c => c.Torch.Canonical));
    }

    /// <summary>The rows of the builds of torch for a platform, newest torch and highest CUDA first.</summary>
    public int[] TorchBuilds(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) => _torchIndex[MatrixImage.Key(packaging, os, arch)].ToArray();

    /// <summary>The places, in the list of a platform, of the builds whose native code runs on an architecture.</summary>
    public int[] Serving(Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch, ComputeCapability capability) =>
        _servingIndex[ServingKey(MatrixImage.Key(packaging, os, arch), capability)].ToArray();

    public BuildRow Build(int row) => _builds[row];

    public BuildRow[] CompanionBuilds(string package, PackageVersion version, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        _builds.Rows(_companionBuildIndex[CompanionKey(package, version, packaging, os, arch)]);

    /// <summary>The list of GPU code that is used for a build, or null.</summary>
    public ArchListRow? Code(BuildRow torch) =>
        _codeIndex[CodeKey(torch.Version, torch.Tag, torch.Packaging, torch.Os, torch.Arch)] is [var number, ..] ? _codes[number] : null;

    /// <summary>The companions that sources pair with a torch.</summary>
    public CompanionRow[] Companions(PackageVersion torch) => _companions.Rows(_companionIndex[torch.Canonical]);

    private static IEnumerable<KeyValuePair<string, int[]>> Serving(MatrixData data, Dictionary<string, (BuildRow Row, int Number)[]> platforms)
    {
        var architectures = new ArchitectureTable(data);
        var codes = data.ArchLists.Where(a => a.Used).ToDictionary(a => CodeKey(a.Torch, a.Tag, a.Packaging, a.Os, a.Arch), StringComparer.Ordinal);
        foreach (var (platform, builds) in platforms)
        {
            var masks = Array.ConvertAll(builds, b => architectures.NativeMask(codes.GetValueOrDefault(CodeKey(b.Row.Version, b.Row.Tag, b.Row.Packaging, b.Row.Os, b.Row.Arch)), b.Row.Tag));
            for (var i = 0; i < architectures.Rows.Count; i++)
                yield return KeyValuePair.Create(ServingKey(platform, architectures.Rows[i].ComputeCapability), Enumerable.Range(0, masks.Length).Where(place => (masks[place] >> i & 1) != 0).ToArray());
        }
    }

    private static string ServingKey(string platform, ComputeCapability capability) => $"{platform} {capability}";

    private static string CompanionKey(string package, PackageVersion version, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        $"{package} {version.Canonical} {MatrixImage.Key(packaging, os, arch)}";

    private static string CodeKey(PackageVersion torch, CudaTag? tag, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch) =>
        $"{torch.Canonical} {tag} {MatrixImage.Key(packaging, os, arch)}";

    private sealed record NewestVersion(string Package, PackageVersion Version);
}
