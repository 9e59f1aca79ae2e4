using System.Collections.Concurrent;
using CudaCompat.Machines;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// Everything that is known about which drivers, toolkits, cuDNN and PyTorch builds go together. Immutable, safe to share between threads.
/// </summary>
public sealed class CompatibilityMatrix
{
    private readonly Lazy<GpuCatalogue> _gpus;
    private readonly Lazy<DriverTable> _linuxDrivers;
    private readonly Lazy<DriverTable> _windowsDrivers;
    private readonly Lazy<InstallData> _install;
    private readonly Lazy<AdvisoryTable> _advisories;
    private readonly Dictionary<CudaVersion, CudaVersion> _newestPatch = [];
    private readonly Dictionary<CudaVersion, ToolkitRow> _toolkits = [];
    private readonly ConcurrentDictionary<CudaVersion, CudaVersion[]> _toolkitsOf = new();
    private readonly ConcurrentDictionary<(OperatingSystemFamily, CpuArchitecture, CudaVersion?), CudaVersion[]> _toolkitsFor = new();
    private List<CudaVersion>? _toolkitsOldestFirst;
    private CudaVersion[]? _toolkitCudas;
    private readonly Lazy<ILookup<(CudaVersion, OperatingSystemFamily, string), HostCompilerRow>> _compilers;

    /// <summary>Makes a matrix of an image and of the install tier, which is opened when a step first needs it.</summary>
    internal CompatibilityMatrix(DataImage image, Func<InstallData> install, string? folder)
    {
        var data = MatrixImage.Read(image);
        Data = data;
        Folder = folder;
        Architectures = new ArchitectureTable(data);
        _linuxDrivers = new(() => new DriverTable(OperatingSystemFamily.Linux, data, KnownDrivers.Read(image, OperatingSystemFamily.Linux), KnownDrivers.LinuxBranches(image)));
        _windowsDrivers = new(() => new DriverTable(OperatingSystemFamily.Windows, data, KnownDrivers.Read(image, OperatingSystemFamily.Windows), KnownDrivers.LinuxBranches(image)));
        Cudnn = new CudnnTable(data);
        Coverage = new CoverageTable(data);
        NvccNumbers = new NvccNumbers(data);
        DriverBranches = new DriverBranches(data);
        Builds = new BuildCatalogue(new BuildIndexes(image, data), Architectures, Cudnn);
        _gpus = new Lazy<GpuCatalogue>(() => new GpuCatalogue(image, data));
        _install = new Lazy<InstallData>(install);
        _advisories = new(() => new AdvisoryTable(folder is null ? EmbeddedMatrix.Advisories() : AdvisoriesOf(folder)));
        foreach (var toolkit in data.Toolkits)
        {
            _toolkits.TryAdd(toolkit.Version, toolkit);
            if (toolkit.Kind is not ("ga" or "update") || toolkit.Version.Patch is null)
                continue;
            var key = toolkit.Version.MajorMinor;
            if (!_newestPatch.TryGetValue(key, out var newest) || toolkit.Version > newest)
                _newestPatch[key] = toolkit.Version;
        }

        Toolkits = [.. data.Toolkits.Where(t => t.Kind is "ga" or "update" && t.Version.Patch is not null).Select(t => t.Version).OrderDescending()];
        NewestToolkit = data.Toolkits.Max(t => t.Version);
        _compilers = new(() => data.HostCompilers.Where(c => c.Used).ToLookup(c => (c.Toolkit, c.Os, c.Compiler)));
    }

    /// <summary>The version of the data: the date of its newest source and a short hash.</summary>
    public string DataVersion => Data.DataVersion;

    /// <summary>The matrix that this library carries.</summary>
    public static CompatibilityMatrix Embedded => EmbeddedMatrix.Instance;

    internal MatrixData Data { get; }

    /// <summary>The folder it was read from; null for the embedded one.</summary>
    internal string? Folder { get; }

    internal ArchitectureTable Architectures { get; }

    internal DriverTable LinuxDrivers => _linuxDrivers.Value;

    internal DriverTable WindowsDrivers => _windowsDrivers.Value;

    internal CudnnTable Cudnn { get; }

    /// <summary>What may be denied, and by which source.</summary>
    internal CoverageTable Coverage { get; }

    internal NvccNumbers NvccNumbers { get; }

    internal DriverBranches DriverBranches { get; }

    internal BuildCatalogue Builds { get; }

    internal GpuCatalogue Gpus => _gpus.Value;

    /// <summary>The second tier (files, addresses, hashes, command forms), read on first use.</summary>
    internal InstallData Install => _install.Value;

    /// <summary>The releases known to be bad, by package; read on first use.</summary>
    internal AdvisoryTable Advisories => _advisories.Value;

    internal CudaVersion NewestToolkit { get; }

    /// <summary>The released toolkits with their full numbers, newest version first.</summary>
    internal CudaVersion[] Toolkits { get; }

    /// <summary>The same, oldest first.</summary>
    internal List<CudaVersion> ToolkitsOldestFirst => _toolkitsOldestFirst ??= [.. Toolkits.Order()];

    /// <summary>The CUDA versions X.Y of which there is a toolkit, newest first.</summary>
    internal CudaVersion[] ToolkitCudas => _toolkitCudas ??= [.. Toolkits.Select(t => t.MajorMinor).Distinct()];

    /// <summary>Reads a matrix from a folder in the shape of data/.</summary>
    /// <exception cref="DataFormatException">A file is missing or wrong; the message names file, row and reason.</exception>
    public static CompatibilityMatrix Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Of(MatrixData.Read(name => ReadFile(folder, name)), () => InstallData.Load(folder), folder);
    }

    /// <summary>
    /// Reads a matrix from the two images of data/ (matrix.bin and install.bin): newer data than the library carries, without its sources. All of it is checked first: every row can
    /// be read, every address is https on a host that the carried data names, every hash has its shape.
    /// </summary>
    /// <param name="matrix">matrix.bin; read to its end.</param>
    /// <param name="install">install.bin; read to its end.</param>
    /// <exception cref="DataFormatException">An image is damaged, of another layout, or breaks a rule; the message says which.</exception>
    /// <example><code>
    /// using var matrix = File.OpenRead("matrix.bin");
    /// using var install = File.OpenRead("install.bin");
    /// InstallPlan plan = Resolver.Plan(driver, null, CompatibilityMatrix.Load(matrix, install));
    /// </code></example>
    public static CompatibilityMatrix Load(Stream matrix, Stream install)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(install);
        var loaded = OfImages(Bytes(matrix), Bytes(install));
        LoadedData.Check(loaded, loaded.Install);
        return loaded;
    }

    /// <summary>A matrix of two images that were checked before.</summary>
    internal static CompatibilityMatrix OfImages(byte[] matrix, byte[] install)
    {
        try
        {
            var tier = InstallData.Load(DataImage.Of(InstallImage.FileName, install));
            return new CompatibilityMatrix(DataImage.Of(MatrixImage.FileName, matrix), () => tier, null);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new DataFormatException($"{MatrixImage.FileName}, {InstallImage.FileName}: damaged: {e.Message}", e);
        }
    }

    private static byte[] Bytes(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A matrix of rows: they become the same image that the library carries.</summary>
    internal static CompatibilityMatrix Of(MatrixData data, Func<InstallData> install, string? folder = null) =>
        new(DataImage.Of(MatrixImage.FileName, MatrixImage.Write(data)), install, folder);

    private static RowFile<AdvisoryRow> AdvisoriesOf(string folder) => new(
        () => File.Exists(Path.Combine(folder, AdvisoryImage.RowsName)) ? DataFile.Read(AdvisoryImage.RowsName, ReadFile(folder, AdvisoryImage.RowsName), MatrixJson.Default.AdvisoryRow) : [],
        static row => [row.Package]);

    internal DriverTable DriversOf(OperatingSystemFamily os) => os is OperatingSystemFamily.Windows or OperatingSystemFamily.Wsl ? WindowsDrivers : LinuxDrivers;

    /// <summary>The newest released toolkit X.Y.Z of X.Y, or null.</summary>
    internal CudaVersion? NewestPatch(CudaVersion cuda) => _newestPatch.TryGetValue(cuda.MajorMinor, out var patch) ? patch : null;

    /// <summary>The released toolkits of X.Y, newest first.</summary>
    internal CudaVersion[] ToolkitsOf(CudaVersion cuda) =>
        _toolkitsOf.GetOrAdd(cuda.MajorMinor, static (cuda, toolkits) => Array.FindAll(toolkits, t => t.MajorMinor == cuda), Toolkits);

    /// <summary>The released toolkits, of X.Y or all, that can be had for a platform, newest first, and after them those of which no file is known.</summary>
    internal CudaVersion[] ToolkitsFor(OperatingSystemFamily os, CpuArchitecture arch, CudaVersion? cuda) => _toolkitsFor.GetOrAdd((os, arch, cuda?.MajorMinor), static (key, matrix) =>
    {
        var (os, arch, cuda) = key;
        var platform = CudnnTable.PlatformOf(os, arch);
        var toolkits = cuda is { } of ? matrix.ToolkitsOf(of) : matrix.Toolkits;
        return [.. toolkits.OrderByDescending(t => matrix._toolkits[t].Platforms?.Contains(platform) ?? false)];
    }, this);

    internal ToolkitRow? FindToolkit(CudaVersion version) => _toolkits.GetValueOrDefault(version);

    /// <summary>What nvcc of a toolkit accepts of one compiler: the row of the patch, else of X.Y; null where no source says.</summary>
    internal HostCompilerRow? HostCompiler(CudaVersion toolkit, OperatingSystemFamily os, string compiler) =>
        _compilers.Value[(toolkit, os, compiler)].FirstOrDefault() ?? _compilers.Value[(toolkit.MajorMinor, os, compiler)].FirstOrDefault();

    private static byte[] ReadFile(string folder, string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, name));
        }
        catch (IOException e)
        {
            throw new DataFormatException($"{name}: {e.Message}", e);
        }
    }
}
