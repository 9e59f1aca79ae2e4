using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// The second tier of the data: what installing needs and choosing does not (files, addresses, hashes, command forms, mirrors).
/// Each part is read when it is first asked for, and of the long lists only the rows of one release.
/// </summary>
internal sealed class InstallData
{
    private readonly Curated _curated;
    private readonly ConditionalWeakTable<BuildRow, BuildFileRow[]> _filesOf = [];
    private readonly ConditionalWeakTable<BuildRow, BuildFileRow[]>.CreateValueCallback _findFiles;

    private InstallData(Curated curated, RowFile<InstallerRow> installers, RowFile<RedistRow> redist, RowFile<CudnnFileRow> cudnnFiles, RowFile<BuildFileRow> buildFiles, RowFile<WheelRow> wheels, RowFile<RequirementRow> requirements)
    {
        _curated = curated;
        Installers = installers;
        Redist = redist;
        CudnnFiles = cudnnFiles;
        BuildFiles = buildFiles;
        Wheels = wheels;
        Requirements = requirements;
        _findFiles = build => BuildFiles.Of(InstallKeys.Files(build));
    }

    internal RowFile<InstallerRow> Installers { get; }

    internal RowFile<RedistRow> Redist { get; }

    internal RowFile<CudnnFileRow> CudnnFiles { get; }

    internal RowFile<BuildFileRow> BuildFiles { get; }

    internal RowFile<WheelRow> Wheels { get; }

    /// <summary>What builds of torch pin, of the sources that win.</summary>
    internal RowFile<RequirementRow> Requirements { get; }

    public IReadOnlyList<InstallFormRow> Forms => _curated.Forms.Value;

    public IReadOnlyList<InstallPlaceRow> Places => _curated.Places.Value;

    public IReadOnlyList<ToolkitLayoutRow> Layouts => _curated.Layouts.Value;

    public IReadOnlyList<RedistPartRow> RedistParts => _curated.RedistParts.Value;

    public IReadOnlyList<InstallerComponentRow> InstallerComponents => _curated.InstallerComponents.Value;

    public IReadOnlyList<PackageNameRow> PackageNames => _curated.PackageNames.Value;

    public IReadOnlyList<RepositoryRow> Repositories => _curated.Repositories.Value;

    public IReadOnlyList<MirrorRow> Mirrors => _curated.Mirrors.Value;

    public IReadOnlyList<StepNoteRow> StepNotes => _curated.StepNotes.Value;

    public IReadOnlyList<WheelPartRow> WheelParts => _curated.WheelParts.Value;

    public IReadOnlyList<WheelLayoutRow> WheelLayouts => _curated.WheelLayouts.Value;

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
        Curated.Of(read),
        new RowFile<InstallerRow>(() => Rows(read, "toolkit-installers.json", MatrixJson.Default.InstallerRow), InstallKeys.Of),
        new RowFile<RedistRow>(() => Rows(read, "redist-components.json", MatrixJson.Default.RedistRow), InstallKeys.Of),
        new RowFile<CudnnFileRow>(() => Rows(read, "cudnn-files.json", MatrixJson.Default.CudnnFileRow), InstallKeys.Of),
        new RowFile<BuildFileRow>(() => Rows(read, "build-files.json", MatrixJson.Default.BuildFileRow), InstallKeys.Of),
        new RowFile<WheelRow>(() => Rows(read, "component-wheels.json", MatrixJson.Default.WheelRow), InstallKeys.Of),
        new RowFile<RequirementRow>(() => [.. Rows(read, "requirements.json", MatrixJson.Default.RequirementRow).Where(r => r.Used)], InstallKeys.Of));

    /// <summary>The second tier in an image.</summary>
    public static InstallData Load(DataImage image) => new(
        Curated.Of(image),
        InstallImage.Keyed(image, "toolkit-installers", InstallCells.Installer),
        InstallImage.Keyed(image, "redist-components", InstallCells.Redist),
        InstallImage.Keyed(image, "cudnn-files", InstallCells.CudnnFile),
        InstallImage.Keyed(image, "build-files", InstallCells.BuildFile),
        InstallImage.Keyed(image, "component-wheels", InstallCells.Wheel),
        InstallImage.Keyed(image, "requirements", InstallCells.Requirement));

    /// <summary>The same curated part with other lists of files.</summary>
    public InstallData With(IReadOnlyList<InstallerRow> installers, IReadOnlyList<RedistRow> redist, IReadOnlyList<CudnnFileRow> cudnnFiles, IReadOnlyList<BuildFileRow> buildFiles) => new(
        _curated,
        new RowFile<InstallerRow>(() => installers, InstallKeys.Of),
        new RowFile<RedistRow>(() => redist, InstallKeys.Of),
        new RowFile<CudnnFileRow>(() => cudnnFiles, InstallKeys.Of),
        new RowFile<BuildFileRow>(() => buildFiles, InstallKeys.Of),
        Wheels,
        Requirements);

    /// <summary>The archives of a toolkit's manifest for a platform.</summary>
    public RedistRow[] RedistOf(CudaVersion toolkit, string platform) => Redist.Of(InstallKeys.Redist(toolkit, platform));

    /// <summary>The installers of all releases X.Y.*.</summary>
    public InstallerRow[] InstallersOf(CudaVersion toolkit) => Installers.Of(InstallKeys.Installers(toolkit));

    /// <summary>The files of a cuDNN version, of all its build numbers.</summary>
    public CudnnFileRow[] CudnnFilesOf(DottedVersion cudnn) => CudnnFiles.Of(InstallKeys.Cudnn(cudnn));

    /// <summary>The files of a build.</summary>
    public BuildFileRow[] FilesOf(BuildRow build) => _filesOf.GetValue(build, _findFiles);

    /// <summary>The packages of the default index that make a release of a component.</summary>
    public WheelRow[] WheelsOf(string component, DottedVersion version) => Wheels.Of(InstallKeys.Wheels(component, version));

    /// <summary>What a build of torch pins.</summary>
    public RequirementRow[] RequirementsOf(PackageVersion torch, CudaTag tag) => Requirements.Of(InstallKeys.Requirements(torch, tag));

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

    private static List<T> Rows<T>(Func<string, byte[]?> read, string name, JsonTypeInfo<T> type) =>
        DataFile.Read(name, read(name) ?? throw new DataFormatException($"{name}: the file is missing."), type);

    /// <summary>The curated rows, each kind read once, when it is needed.</summary>
    private sealed class Curated
    {
        public required Lazy<IReadOnlyList<InstallFormRow>> Forms { get; init; }

        public required Lazy<IReadOnlyList<InstallPlaceRow>> Places { get; init; }

        public required Lazy<IReadOnlyList<ToolkitLayoutRow>> Layouts { get; init; }

        public required Lazy<IReadOnlyList<RedistPartRow>> RedistParts { get; init; }

        public required Lazy<IReadOnlyList<InstallerComponentRow>> InstallerComponents { get; init; }

        public required Lazy<IReadOnlyList<PackageNameRow>> PackageNames { get; init; }

        public required Lazy<IReadOnlyList<RepositoryRow>> Repositories { get; init; }

        public required Lazy<IReadOnlyList<MirrorRow>> Mirrors { get; init; }

        public required Lazy<IReadOnlyList<StepNoteRow>> StepNotes { get; init; }

        public required Lazy<IReadOnlyList<WheelPartRow>> WheelParts { get; init; }

        public required Lazy<IReadOnlyList<WheelLayoutRow>> WheelLayouts { get; init; }

        public required Lazy<IReadOnlyList<SourceRow>> Sources { get; init; }

        public static Curated Of(Func<string, byte[]?> read) => new()
        {
            Forms = File(read, "install-forms", MatrixJson.Default.InstallFormRow),
            Places = File(read, "install-places", MatrixJson.Default.InstallPlaceRow),
            Layouts = File(read, "toolkit-layout", MatrixJson.Default.ToolkitLayoutRow),
            RedistParts = File(read, "redist-parts", MatrixJson.Default.RedistPartRow),
            InstallerComponents = File(read, "installer-components", MatrixJson.Default.InstallerComponentRow),
            PackageNames = File(read, "package-names", MatrixJson.Default.PackageNameRow),
            Repositories = File(read, "repositories", MatrixJson.Default.RepositoryRow),
            Mirrors = File(read, "mirrors", MatrixJson.Default.MirrorRow),
            StepNotes = File(read, "step-notes", MatrixJson.Default.StepNoteRow),
            WheelParts = File(read, "wheel-parts", MatrixJson.Default.WheelPartRow),
            WheelLayouts = File(read, "wheel-layouts", MatrixJson.Default.WheelLayoutRow),
            Sources = File(read, "install-sources", MatrixJson.Default.SourceRow),
        };

        public static Curated Of(DataImage image) => new()
        {
            Forms = Table(image, "install-forms", CuratedCells.Form),
            Places = Table(image, "install-places", CuratedCells.Place),
            Layouts = Table(image, "toolkit-layout", CuratedCells.Layout),
            RedistParts = Table(image, "redist-parts", CuratedCells.RedistPart),
            InstallerComponents = Table(image, "installer-components", CuratedCells.InstallerComponent),
            PackageNames = Table(image, "package-names", CuratedCells.PackageName),
            Repositories = Table(image, "repositories", CuratedCells.Repository),
            Mirrors = Table(image, "mirrors", CuratedCells.Mirror),
            StepNotes = Table(image, "step-notes", CuratedCells.StepNote),
            WheelParts = Table(image, "wheel-parts", CuratedCells.WheelPart),
            WheelLayouts = Table(image, "wheel-layouts", CuratedCells.WheelLayout),
            Sources = Table(image, "install-sources", NvidiaCells.Source),
        };

        private static Lazy<IReadOnlyList<T>> File<T>(Func<string, byte[]?> read, string name, JsonTypeInfo<T> type) => new(() => Rows(read, $"curated/{name}.json", type));

        private static Lazy<IReadOnlyList<T>> Table<T>(DataImage image, string name, RowReader<T> read)
            where T : class => new(() => image.Table(name, read));
    }
}
