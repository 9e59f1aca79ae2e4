using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>A torch and a companion that go together, as one source says it.</summary>
/// <param name="How">command | depends | table | rule.</param>
/// <param name="Packaging">Null where the source does not tell packagings apart.</param>
/// <param name="OnPage">True for the page of previous versions, which goes before the selector.</param>
internal sealed record CompanionPair(PackageVersion Torch, string Package, PackageVersion Version, Packaging? Packaging, string How, CudaTag? Tag, string[] Sources, string? Evidence = null, bool OnPage = false);

/// <summary>What the steps that make the PyTorch files share.</summary>
internal sealed class PyTorchWork(FactStore facts)
{
    public const string Torch = "torch";
    public const string Vision = "torchvision";
    public const string Audio = "torchaudio";

    public static readonly IReadOnlyList<string> Packages = [Torch, Vision, Audio];

    public FactStore Facts { get; } = facts;

    public BuildSet Builds { get; } = new();

    public List<CompanionPair> Pairs { get; } = [];

    /// <summary>What the default index gives for a torch on a platform; null where no source says.</summary>
    public DefaultBuildRow? DefaultBuild(PackageVersion torch, OperatingSystemFamily os, CpuArchitecture arch, bool packageIndex) =>
        Facts.DefaultBuilds.Rows.FirstOrDefault(r =>
            r.From <= torch && torch <= r.To && r.Os == os && r.Arch == arch && r.Where.Contains(packageIndex ? "pypi" : "index", StringComparison.Ordinal));

    /// <summary>The torch versions that a version of a package goes with, newest first; torch itself with itself.</summary>
    public IEnumerable<PackageVersion> TorchOf(string package, PackageVersion version) =>
        package == Torch ? [version] : Pairs.Where(p => p.Package == package && p.Version == version).Select(p => p.Torch).Distinct().OrderDescending();

    /// <summary>2.14 of 2.14.1.</summary>
    public static (int Major, int Minor) MinorOf(PackageVersion version) => (version.Release.Major, version.Release.Minor);
}
