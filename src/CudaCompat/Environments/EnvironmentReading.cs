using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Environments.Requirements;
using CudaCompat.Versions;

namespace CudaCompat.Environments;

/// <summary>torch, torchvision or torchaudio as its own files say it, whatever its metadata says.</summary>
/// <param name="Key">The package's name.</param>
/// <param name="Package">Its dist-info; null where there is none.</param>
/// <param name="Folder">Its folder of modules; null where there is none.</param>
/// <param name="VersionFile">Its version.py; null where there is none.</param>
/// <param name="Inside">What version.py says.</param>
internal sealed record FamilyMember(string Key, InstalledPackage? Package, string? Folder, string? VersionFile, TorchVersionFacts? Inside)
{
    /// <summary>True where anything of it is there.</summary>
    public bool IsThere => Package is not null || Folder is not null;

    /// <summary>The version: what is inside before what the metadata says.</summary>
    public PackageVersion? Version => Inside?.Version ?? (PackageVersion.TryParse(Package?.Version, out var version) ? version : null);

    /// <summary>The CUDA it was built for; null where nothing says it.</summary>
    public CudaTag? Tag =>
        Inside?.Cuda is { } cuda ? CudaTag.Of(cuda)
        : Inside is { IsCpu: true } ? CudaTag.Cpu
        : CudaTag.TryParse(Version?.Label, out var tag) ? tag
        : null;

    /// <summary>torchvision 0.29.1+cu130.</summary>
    public override string ToString() => $"{Key} {Version?.ToString() ?? Package?.Version}";
}

/// <summary>Everything that was read of one environment and of what surrounds it; the checks look at nothing else but files.</summary>
internal sealed class EnvironmentReading
{
    private readonly IReadOnlyDictionary<string, string> _environment;

    public EnvironmentReading(PythonLayout layout, EnvironmentSurroundings surroundings)
    {
        _environment = surroundings.Variables;
        Layout = layout;
        Surroundings = surroundings;
        Sites = [.. layout.Sites, .. InstalledPackages.AddedBy(layout.Sites).Distinct(StringComparer.Ordinal)];
        Packages = InstalledPackages.Read(Sites);
        Torch = Member("torch");
        Torchvision = Member("torchvision");
        Torchaudio = Member("torchaudio");
        Markers = MarkersOf(layout);
        Closure = ClosureOf();
    }

    public PythonLayout Layout { get; }

    public EnvironmentSurroundings Surroundings { get; }

    /// <summary>The folders of packages, those that .pth files add behind the others.</summary>
    public IReadOnlyList<string> Sites { get; }

    public InstalledPackages Packages { get; }

    public FamilyMember Torch { get; }

    public FamilyMember Torchvision { get; }

    public FamilyMember Torchaudio { get; }

    /// <summary>torch and its two companions, where anything of them is there.</summary>
    public IEnumerable<FamilyMember> Family => ((FamilyMember[])[Torch, Torchvision, Torchaudio]).Where(m => m.IsThere);

    /// <summary>The values of environment markers.</summary>
    public IReadOnlyDictionary<string, string> Markers { get; }

    /// <summary>torch, its companions and all that they require, with the extras that are asked of each.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Closure { get; }

    /// <summary>A variable; null where it is not set. Set and empty is the empty text.</summary>
    public string? Variable(string name) => _environment.TryGetValue(name, out var value) ? value : null;

    /// <summary>The requirements of a package that hold here; of those of some names alone where <paramref name="isOfInterest"/> says so, since markers cost more than names.</summary>
    public IEnumerable<Requirement> ActiveRequirements(InstalledPackage package, IReadOnlyCollection<string> extras, Func<string, bool>? isOfInterest = null) =>
        package.Requires.Where(r => isOfInterest?.Invoke(r.Key) != false && Marker.Holds(r.Marker, Markers, extras));

    /// <summary>A path as people like to read it: below the current folder without it.</summary>
    public string Shown(string path)
    {
        var current = Surroundings.CurrentFolder;
        return current.Length > 1 && path.StartsWith(current + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path[(current.Length + 1)..] : path;
    }

    private FamilyMember Member(string key)
    {
        foreach (var site in Sites)
        {
            var folder = Path.Combine(site, key);
            var file = Path.Combine(folder, "version.py");
            if (!Directory.Exists(folder) || !HasModules(folder, file))
                continue;
            var text = OrdinaryFile.Exists(file) ? ReadBounded(file) : null;
            return new FamilyMember(key, Packages.Find(key), folder, text is null ? null : file, text is null ? null : TorchVersionText.Parse(text));
        }

        return new FamilyMember(key, Packages.Find(key), null, null, null);
    }

    // A folder that holds nothing but what a removal left (caches) is none.
    private static bool HasModules(string folder, string versionFile) =>
        File.Exists(versionFile) || File.Exists(Path.Combine(folder, "__init__.py")) || Directory.Exists(Path.Combine(folder, "lib"));

    private static string? ReadBounded(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var buffer = new char[65536];
            return new string(buffer, 0, reader.ReadBlock(buffer, 0, buffer.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Dictionary<string, string> MarkersOf(PythonLayout layout)
    {
        var version = layout.Version?.Split(' ')[0].TrimEnd('t') ?? "";
        var machine = Surroundings.Machine;
        var system = layout.IsWindows ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "Linux";
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["python_version"] = string.Join('.', version.Split('.').Take(2)),
            ["python_full_version"] = version,
            ["implementation_version"] = version,
            ["implementation_name"] = "cpython",
            ["platform_python_implementation"] = "CPython",
            ["os_name"] = layout.IsWindows ? "nt" : "posix",
            ["os.name"] = layout.IsWindows ? "nt" : "posix",
            ["sys_platform"] = layout.IsWindows ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
            ["sys.platform"] = layout.IsWindows ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
            ["platform_system"] = system,
            ["platform_machine"] = layout.IsWindows && machine == "x86_64" ? "AMD64" : machine,
        };
    }

    private Dictionary<string, HashSet<string>> ClosureOf()
    {
        var closure = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var waiting = new Queue<(string Key, IReadOnlyList<string> Extras)>(Family.Select(m => (m.Key, (IReadOnlyList<string>)[])));
        while (waiting.TryDequeue(out var next))
        {
            var isNew = !closure.TryGetValue(next.Key, out var extras);
            if (isNew)
                closure[next.Key] = extras = new HashSet<string>(StringComparer.Ordinal);
            var grew = next.Extras.Aggregate(false, (any, extra) => extras!.Add(extra) || any);
            if ((isNew || grew) && Packages.Find(next.Key) is { } package)
            {
                foreach (var requirement in ActiveRequirements(package, extras!))
                    waiting.Enqueue((requirement.Key, requirement.Extras));
            }
        }

        return closure;
    }
}
