using System.Globalization;
using System.Text.Json;

namespace CudaCompat.Tests.Oracle;

internal sealed record OBuild(string Package, Num Version, string? Tag, string Packaging, string Os, string Arch, string[] Pythons, Num? Glibc, bool Default, int Known, Num? Cudnn);

internal sealed record OCode(Num[] Native, Num[] Ptx, bool Conflict);

internal sealed record OPair(Num Version, string? Packaging, bool Preferred, string[] PreferredTags);

internal sealed record OArch(Num Capability, Num? FirstToolkit, Num? LastToolkit, int? FirstBranch, int? LastBranch, bool Tegra, Num? LibrariesFrom, Num? SameAs);

internal sealed record OCudnn(Num Version, string Cuda, string[]? Platforms);

internal sealed record OSupport(Num Cudnn, int Variant, Num[] Cuda, Num? Linux, Num? Windows, Num[]? Capabilities, Num? From);

internal sealed record OCompiler(Num Toolkit, string Os, string Compiler, Num? Min, Num? Max, Num? Below);

internal sealed record OCoverage(string Subject, string? Packaging, string? Os, string? Arch, string? Place, Num? From, Num? To);

/// <summary>The files of data/, read once and as they stand; nothing of the library is used.</summary>
internal sealed class OracleFacts
{
    private readonly HashSet<(string Package, string Packaging)> _listed;

    public static readonly OracleFacts Instance = new();

    private OracleFacts()
    {
        Builds = Rows("builds", r => new OBuild(T(r, "package")!, V(r, "version")!.Value, T(r, "tag"), T(r, "packaging")!, T(r, "os")!, T(r, "arch")!, L(r, "pythons")!, V(r, "glibc"),
            r.GetProperty("default").GetBoolean(), T(r, "known") switch { "listed" => 0, "stated" => 1, _ => 2 }, V(r, "cudnn"))).ToLookup(b => (b.Package, b.Packaging, b.Os, b.Arch));
        Code = Rows("arch-lists", r => (Row: r.Clone(), Used: r.GetProperty("used").GetBoolean())).Where(x => x.Used).ToDictionary(
            x => (T(x.Row, "torch")!, T(x.Row, "tag")!, T(x.Row, "packaging")!, T(x.Row, "os")!, T(x.Row, "arch")!),
            x => new OCode([.. L(x.Row, "native")!.Select(n => new Num(n))], [.. L(x.Row, "ptx")!.Select(n => new Num(n))], x.Row.GetProperty("ptxConflict").GetBoolean()));
        Pairs = Rows("companions", r => (Key: (T(r, "torch")!, T(r, "package")!), Pair: new OPair(V(r, "version")!.Value, T(r, "packaging"), r.GetProperty("preferred").GetBoolean(), L(r, "preferredTags") ?? []))).ToLookup(x => x.Key, x => x.Pair);
        Architectures = Rows("architectures", r => new OArch(V(r, "computeCapability")!.Value, V(r, "firstToolkit"), V(r, "lastToolkit"), I(r, "firstDriverBranch"), I(r, "lastDriverBranch"), r.GetProperty("tegra").GetBoolean(), V(r, "librariesFrom"), V(r, "sameAs")))
            .Where(a => a.Capability.Suffix.Length == 0).ToDictionary(a => a.Capability.Text);
        Cudnns = [.. Rows("cudnn", r => new OCudnn(V(r, "version")!.Value, T(r, "cuda")!, L(r, "platforms"))).OrderByDescending(c => c.Version)];
        Supports = [.. Rows("cudnn-support", r => new OSupport(V(r, "cudnn")!.Value, I(r, "variant")!.Value, [.. L(r, "cuda")!.Select(c => new Num(c))], V(r, "minDriverLinux"), V(r, "minDriverWindows"), L(r, "capabilities")?.Select(c => new Num(c)).ToArray(), V(r, "capabilitiesFrom")))];
        Toolkits = [.. Rows("toolkits", r => (Version: V(r, "version")!.Value, Kind: T(r, "kind")!, Platforms: L(r, "platforms"))).OrderByDescending(t => t.Version)];
        var compilers = Rows("component-wheels", r => (Version: T(r, "version")!, Has: r.TryGetProperty("compiler", out var c) && c.ValueKind == JsonValueKind.True, Platforms: L(r, "platforms")!));
        PipToolkits = [.. compilers.Where(w => w.Has).SelectMany(w => w.Platforms.Select(p => (w.Version, p)))];
        Coverage = [.. Rows("coverage", r => (Complete: r.GetProperty("complete").GetBoolean(), Row: new OCoverage(T(r, "subject")!, T(r, "packaging"), T(r, "os"), T(r, "arch"), T(r, "place"), V(r, "from"), V(r, "to")))).Where(x => x.Complete).Select(x => x.Row)];
        Compilers = [.. Rows("host-compilers", r => (Used: r.GetProperty("used").GetBoolean(), Row: new OCompiler(V(r, "toolkit")!.Value, T(r, "os")!, T(r, "compiler")!, V(r, "min"), V(r, "max"), V(r, "below")))).Where(x => x.Used).Select(x => x.Row)];
        Requirements = [.. Rows("driver-requirements", r => (Used: r.GetProperty("used").GetBoolean(), Cuda: T(r, "cuda")!, Os: T(r, "os")!, Minimum: V(r, "minimum")!.Value, Kind: T(r, "kind")!)).Where(x => x.Used).Select(x => (x.Cuda, x.Os, x.Minimum, x.Kind))];
        Floors = Requirements.Where(r => r.Kind is "minor-version-minimum" or "corresponding" or "bundled").GroupBy(r => (r.Cuda, r.Os)).ToDictionary(g => g.Key, g => g.First().Minimum);
        DriverCuda = [.. Rows("driver-cuda", r => (Os: T(r, "os")!, From: V(r, "from")!.Value, Cuda: V(r, "cuda")!.Value)).OrderBy(r => r.From)];
        Drivers = [.. Rows("drivers", r => (Os: T(r, "os")!, Version: V(r, "version")!.Value)).OrderBy(r => r.Version)];
        Branches = [.. Drivers.Where(d => d.Os == "linux").Select(d => d.Version.Major).Distinct()];
        Forward = Rows("forward-compat", r => (Key: (T(r, "cuda")!, I(r, "branch")!.Value), Status: T(r, "status")!)).ToDictionary(x => x.Key, x => x.Status);
        Gpus = Rows("gpus", r => (Name: T(r, "name")!, Capabilities: L(r, "capabilities")!, Forward: r.TryGetProperty("forwardCompat", out var f) && f.ValueKind == JsonValueKind.True)).GroupBy(g => g.Name).ToDictionary(g => g.Key, g => (g.First().Capabilities, g.First().Forward));
        Companions = Builds.SelectMany(b => b).Where(b => b.Package != "torch").ToLookup(b => (b.Package, b.Packaging, b.Os, b.Arch, b.Version.Minor.Text));
        _listed = [.. Builds.SelectMany(b => b).Select(b => (b.Package, b.Packaging))];
        NewestTorch = Builds.SelectMany(b => b).Where(b => b.Package == "torch").Max(b => b.Version);
        NewestPython = Builds.SelectMany(b => b).SelectMany(b => b.Pythons).Select(p => new Num(p)).Max();
    }

    public ILookup<(string Package, string Packaging, string Os, string Arch), OBuild> Builds { get; }

    public Dictionary<(string Torch, string Tag, string Packaging, string Os, string Arch), OCode> Code { get; }

    public ILookup<(string Torch, string Package), OPair> Pairs { get; }

    public Dictionary<string, OArch> Architectures { get; }

    public IReadOnlyList<OCudnn> Cudnns { get; }

    public IReadOnlyList<OSupport> Supports { get; }

    public IReadOnlyList<(Num Version, string Kind, string[]? Platforms)> Toolkits { get; }

    /// <summary>The toolkits that are packages with nvcc, each with its platforms.</summary>
    public HashSet<(string Toolkit, string Platform)> PipToolkits { get; }

    /// <summary>The rows of coverage.json whose source lists everything.</summary>
    public IReadOnlyList<OCoverage> Coverage { get; }

    /// <summary>Whether it may be said that there is none: some source lists all of that subject, platform and version.</summary>
    public bool MayDeny(string subject, Num version, string? packaging = null, string? os = null, string? arch = null, string? place = null) => Coverage.Any(r => r.Subject == subject
        && (r.Packaging is null || packaging is null || r.Packaging == packaging) && (r.Os is null || os is null || r.Os == os) && (r.Arch is null || arch is null || r.Arch == arch)
        && (r.Place is null || r.Place == place) && (r.From is null || r.From <= version) && (r.To is null || version <= r.To));

    public IReadOnlyList<OCompiler> Compilers { get; }

    public IReadOnlyList<(string Cuda, string Os, Num Minimum, string Kind)> Requirements { get; }

    /// <summary>The first row of each kind that states a driver for "12.x" or "12.8.1".</summary>
    public Dictionary<(string Cuda, string Os), Num> Floors { get; }

    public IReadOnlyList<(string Os, Num From, Num Cuda)> DriverCuda { get; }

    public IReadOnlyList<(string Os, Num Version)> Drivers { get; }

    public IReadOnlyList<int> Branches { get; }

    public Dictionary<(string Cuda, int Branch), string> Forward { get; }

    public Dictionary<string, (string[] Capabilities, bool Forward)> Gpus { get; }

    /// <summary>torchvision and torchaudio by platform and X.Y.</summary>
    public ILookup<(string Package, string Packaging, string Os, string Arch, string Minor), OBuild> Companions { get; }

    public Num NewestTorch { get; }

    /// <summary>Whether any package of a companion is listed in a packaging.</summary>
    public bool Lists(string package, string packaging) => _listed.Contains((package, packaging));

    public Num NewestPython { get; }

    private static string? T(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Num? V(JsonElement row, string name) => Num.Of(T(row, name));

    private static int? I(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static string[]? L(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(e => e.GetString()!)] : null;

    private static List<T> Rows<T>(string file, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedCaptures.Repository, "data", file + ".json")));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(read)];
    }
}
