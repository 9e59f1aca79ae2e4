using System.Text.Json.Serialization.Metadata;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// The second tier of the data: what installing needs and choosing does not (files, addresses, hashes, command forms, mirrors). Loaded on demand.
/// </summary>
internal sealed class InstallData
{
    private readonly Lazy<ILookup<(CudaVersion, string), RedistRow>> _redist;
    private readonly Lazy<ILookup<CudaVersion, InstallerRow>> _installers;
    private readonly Lazy<ILookup<(string, PackageVersion), BuildFileRow>> _files;

    internal InstallData()
    {
        _redist = new(() => Redist.ToLookup(r => (r.Toolkit, r.Platform)));
        _installers = new(() => Installers.ToLookup(r => r.Toolkit.MajorMinor));
        _files = new(() => BuildFiles.ToLookup(r => (r.Package, r.Version)));
    }

    public IReadOnlyList<InstallerRow> Installers { get; init; } = [];

    public IReadOnlyList<RedistRow> Redist { get; init; } = [];

    public IReadOnlyList<CudnnFileRow> CudnnFiles { get; init; } = [];

    public IReadOnlyList<BuildFileRow> BuildFiles { get; init; } = [];

    public IReadOnlyList<InstallFormRow> Forms { get; init; } = [];

    public IReadOnlyList<InstallPlaceRow> Places { get; init; } = [];

    public IReadOnlyList<ToolkitLayoutRow> Layouts { get; init; } = [];

    public IReadOnlyList<RedistPartRow> RedistParts { get; init; } = [];

    public IReadOnlyList<InstallerComponentRow> InstallerComponents { get; init; } = [];

    public IReadOnlyList<PackageNameRow> PackageNames { get; init; } = [];

    public IReadOnlyList<RepositoryRow> Repositories { get; init; } = [];

    public IReadOnlyList<MirrorRow> Mirrors { get; init; } = [];

    public IReadOnlyList<StepNoteRow> StepNotes { get; init; } = [];

    /// <summary>The sources that curated rows name beside those of data/sources.json.</summary>
    public IReadOnlyList<SourceRow> Sources { get; init; } = [];

    /// <summary>Reads the second tier from a folder in the shape of data/.</summary>
    /// <exception cref="DataFormatException">A file is missing or not in its shape.</exception>
    public static InstallData Load(string folder) => Load(name =>
    {
        var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    });

    /// <summary>Reads the second tier through <paramref name="read"/>, which gives the bytes of a file by its name relative to data/ ("curated/mirrors.json"), or null.</summary>
    /// <exception cref="DataFormatException">A file is missing or not in its shape.</exception>
    public static InstallData Load(Func<string, byte[]?> read) => Curated(read).With(
        Rows(read, "toolkit-installers.json", MatrixJson.Default.InstallerRow),
        Rows(read, "redist-components.json", MatrixJson.Default.RedistRow),
        Rows(read, "cudnn-files.json", MatrixJson.Default.CudnnFileRow),
        Rows(read, "build-files.json", MatrixJson.Default.BuildFileRow));

    /// <summary>Reads the curated part alone, without the lists of files.</summary>
    public static InstallData Curated(Func<string, byte[]?> read) => new()
    {
        Forms = Rows(read, "curated/install-forms.json", MatrixJson.Default.InstallFormRow),
        Places = Rows(read, "curated/install-places.json", MatrixJson.Default.InstallPlaceRow),
        Layouts = Rows(read, "curated/toolkit-layout.json", MatrixJson.Default.ToolkitLayoutRow),
        RedistParts = Rows(read, "curated/redist-parts.json", MatrixJson.Default.RedistPartRow),
        InstallerComponents = Rows(read, "curated/installer-components.json", MatrixJson.Default.InstallerComponentRow),
        PackageNames = Rows(read, "curated/package-names.json", MatrixJson.Default.PackageNameRow),
        Repositories = Rows(read, "curated/repositories.json", MatrixJson.Default.RepositoryRow),
        Mirrors = Rows(read, "curated/mirrors.json", MatrixJson.Default.MirrorRow),
        StepNotes = Rows(read, "curated/step-notes.json", MatrixJson.Default.StepNoteRow),
        Sources = Rows(read, "curated/install-sources.json", MatrixJson.Default.SourceRow),
    };

    /// <summary>The same curated part with other lists of files.</summary>
    public InstallData With(IReadOnlyList<InstallerRow> installers, IReadOnlyList<RedistRow> redist, IReadOnlyList<CudnnFileRow> cudnnFiles, IReadOnlyList<BuildFileRow> buildFiles) => new()
    {
        Installers = installers,
        Redist = redist,
        CudnnFiles = cudnnFiles,
        BuildFiles = buildFiles,
        Forms = Forms,
        Places = Places,
        Layouts = Layouts,
        RedistParts = RedistParts,
        InstallerComponents = InstallerComponents,
        PackageNames = PackageNames,
        Repositories = Repositories,
        Mirrors = Mirrors,
        StepNotes = StepNotes,
        Sources = Sources,
    };

    /// <summary>The archives of a toolkit's manifest for a platform.</summary>
    public IEnumerable<RedistRow> RedistOf(CudaVersion toolkit, string platform) => _redist.Value[(toolkit, platform)];

    /// <summary>The installers of all releases X.Y.*.</summary>
    public IEnumerable<InstallerRow> InstallersOf(CudaVersion toolkit) => _installers.Value[toolkit.MajorMinor];

    /// <summary>The files of a package's version (without its local label).</summary>
    public IEnumerable<BuildFileRow> FilesOf(string package, PackageVersion version) => _files.Value[(package, version)];

    /// <summary>A named address.</summary>
    /// <exception cref="DataFormatException">The data names no such address.</exception>
    public InstallPlaceRow Place(string name) =>
        Places.FirstOrDefault(p => p.Name == name) ?? throw new DataFormatException($"curated/install-places.json: there is no place '{name}'.");

    private static List<T> Rows<T>(Func<string, byte[]?> read, string name, JsonTypeInfo<T> type) =>
        DataFile.Read(name, read(name) ?? throw new DataFormatException($"{name}: the file is missing."), type);
}
