using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// The second tier of the data: what installing needs and choosing does not (files, addresses, hashes, command forms, mirrors).
/// Each part is read when it is first asked for, and of the long lists only the rows of one release.
/// </summary>
internal sealed class InstallData
{
    private readonly RowFile<InstallerRow> _installers;
    private readonly RowFile<RedistRow> _redist;
    private readonly RowFile<CudnnFileRow> _cudnnFiles;
    private readonly RowFile<BuildFileRow> _buildFiles;
    private readonly Curated _curated;
    private readonly ConditionalWeakTable<BuildRow, BuildFileRow[]> _filesOf = [];
    private readonly ConditionalWeakTable<BuildRow, BuildFileRow[]>.CreateValueCallback _findFiles;

    private InstallData(Curated curated, RowFile<InstallerRow> installers, RowFile<RedistRow> redist, RowFile<CudnnFileRow> cudnnFiles, RowFile<BuildFileRow> buildFiles)
    {
        _curated = curated;
        _installers = installers;
        _redist = redist;
        _cudnnFiles = cudnnFiles;
        _buildFiles = buildFiles;
        _findFiles = FindFiles;
    }

    public IReadOnlyList<InstallFormRow> Forms => _curated.Forms.Value;

    public IReadOnlyList<InstallPlaceRow> Places => _curated.Places.Value;

    public IReadOnlyList<ToolkitLayoutRow> Layouts => _curated.Layouts.Value;

    public IReadOnlyList<RedistPartRow> RedistParts => _curated.RedistParts.Value;

    public IReadOnlyList<InstallerComponentRow> InstallerComponents => _curated.InstallerComponents.Value;

    public IReadOnlyList<PackageNameRow> PackageNames => _curated.PackageNames.Value;

    public IReadOnlyList<RepositoryRow> Repositories => _curated.Repositories.Value;

    public IReadOnlyList<MirrorRow> Mirrors => _curated.Mirrors.Value;

    public IReadOnlyList<StepNoteRow> StepNotes => _curated.StepNotes.Value;

    /// <summary>The sources that curated rows name beside those of data/sources.json.</summary>
    public IReadOnlyList<SourceRow> Sources => _curated.Sources.Value;

    /// <summary>The second tier in a folder in the shape of data/.</summary>
    public static InstallData Load(string folder) => Load(name =>
    {
        var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    });

    /// <summary>The second tier through <paramref name="read"/>, which gives the bytes of a file by its name relative to data/ ("curated/mirrors.json"), or null.</summary>
    /// <exception cref="DataFormatException">At the first use of a part: its file is missing or not in its shape.</exception>
    public static InstallData Load(Func<string, byte[]?> read) => new(
        new Curated(read),
        new RowFile<InstallerRow>("toolkit-installers.json", read, MatrixJson.Default.InstallerRow),
        new RowFile<RedistRow>("redist-components.json", read, MatrixJson.Default.RedistRow),
        new RowFile<CudnnFileRow>("cudnn-files.json", read, MatrixJson.Default.CudnnFileRow),
        new RowFile<BuildFileRow>("build-files.json", read, MatrixJson.Default.BuildFileRow));

    /// <summary>The same curated part with other lists of files.</summary>
    public InstallData With(IReadOnlyList<InstallerRow> installers, IReadOnlyList<RedistRow> redist, IReadOnlyList<CudnnFileRow> cudnnFiles, IReadOnlyList<BuildFileRow> buildFiles) =>
        new(_curated, new RowFile<InstallerRow>(installers), new RowFile<RedistRow>(redist), new RowFile<CudnnFileRow>(cudnnFiles), new RowFile<BuildFileRow>(buildFiles));

    /// <summary>The archives of a toolkit's manifest for a platform.</summary>
    public IEnumerable<RedistRow> RedistOf(CudaVersion toolkit, string platform) =>
        _redist.StartingWith($"{{\"toolkit\":\"{toolkit}\",").Where(r => r.Toolkit == toolkit && r.Platform == platform);

    /// <summary>The installers of all releases X.Y.*.</summary>
    public IEnumerable<InstallerRow> InstallersOf(CudaVersion toolkit) =>
        _installers.StartingWith($"{{\"toolkit\":\"{toolkit.MajorMinor}").Where(r => r.Toolkit.MajorMinor == toolkit.MajorMinor);

    /// <summary>The files of a cuDNN version, of all its build numbers.</summary>
    public IEnumerable<CudnnFileRow> CudnnFilesOf(DottedVersion cudnn) =>
        _cudnnFiles.StartingWith($"{{\"version\":\"{cudnn}").Where(r => r.Version.StartsWith(cudnn));

    /// <summary>The files of a build.</summary>
    public BuildFileRow[] FilesOf(BuildRow build) => _filesOf.GetValue(build, _findFiles);

    private BuildFileRow[] FindFiles(BuildRow build)
    {
        var tag = build.Tag is { } t ? $"\"tag\":\"{t}\"," : "";
        return [.. _buildFiles
            .StartingWith($"{{\"package\":\"{build.Package}\",\"version\":\"{build.Version}\",{tag}\"packaging\":\"{PackagingNames.Instance.NameOf(build.Packaging)}\",")
            .Where(r => r.Package == build.Package && r.Version == build.Version && r.Tag == build.Tag && r.Packaging == build.Packaging && r.Os == build.Os && r.Arch == build.Arch && r.Index == build.Index)];
    }

    /// <summary>A named address.</summary>
    /// <exception cref="DataFormatException">The data names no such address.</exception>
    public string Place(string name)
    {
        foreach (var place in Places)
        {
            if (place.Name == name)
                return place.Url;
        }

        throw new DataFormatException($"curated/install-places.json: there is no place '{name}'.");
    }

    /// <summary>The curated files, each read once, when it is needed.</summary>
    private sealed class Curated(Func<string, byte[]?> read)
    {
        public Lazy<List<InstallFormRow>> Forms { get; } = File(read, "install-forms", MatrixJson.Default.InstallFormRow);

        public Lazy<List<InstallPlaceRow>> Places { get; } = File(read, "install-places", MatrixJson.Default.InstallPlaceRow);

        public Lazy<List<ToolkitLayoutRow>> Layouts { get; } = File(read, "toolkit-layout", MatrixJson.Default.ToolkitLayoutRow);

        public Lazy<List<RedistPartRow>> RedistParts { get; } = File(read, "redist-parts", MatrixJson.Default.RedistPartRow);

        public Lazy<List<InstallerComponentRow>> InstallerComponents { get; } = File(read, "installer-components", MatrixJson.Default.InstallerComponentRow);

        public Lazy<List<PackageNameRow>> PackageNames { get; } = File(read, "package-names", MatrixJson.Default.PackageNameRow);

        public Lazy<List<RepositoryRow>> Repositories { get; } = File(read, "repositories", MatrixJson.Default.RepositoryRow);

        public Lazy<List<MirrorRow>> Mirrors { get; } = File(read, "mirrors", MatrixJson.Default.MirrorRow);

        public Lazy<List<StepNoteRow>> StepNotes { get; } = File(read, "step-notes", MatrixJson.Default.StepNoteRow);

        public Lazy<List<SourceRow>> Sources { get; } = File(read, "install-sources", MatrixJson.Default.SourceRow);

        private static Lazy<List<T>> File<T>(Func<string, byte[]?> read, string name, JsonTypeInfo<T> type) => new(() =>
            DataFile.Read($"curated/{name}.json", read($"curated/{name}.json") ?? throw new DataFormatException($"curated/{name}.json: the file is missing."), type));
    }
}
