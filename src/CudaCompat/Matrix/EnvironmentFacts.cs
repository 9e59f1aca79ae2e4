using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>What is known of releases beside each other in one environment; read when first asked for.</summary>
internal static class EnvironmentFacts
{
    private static readonly Lazy<IReadOnlyList<CompanionCheckRow>> LazyChecks = new(() => CuratedFile.Read("companion-checks.json", EnvironmentJson.Default.CompanionChecks));
    private static readonly Lazy<IReadOnlyList<DependencyBoundRow>> LazyBounds = new(() => CuratedFile.Read("dependency-bounds.json", EnvironmentJson.Default.DependencyBounds));

    private static readonly Lazy<IReadOnlyList<SourceRow>> LazySources = new(() => CuratedFile.Read("environment-sources.json", EnvironmentJson.Default.EnvironmentSources));

    /// <summary>The sources that these rows name beside those of data/sources.json.</summary>
    public static IReadOnlyList<SourceRow> Sources => LazySources.Value;

    /// <summary>What companions check of CUDA when they are imported.</summary>
    public static IReadOnlyList<CompanionCheckRow> CompanionChecks => LazyChecks.Value;

    /// <summary>What releases need beyond their metadata.</summary>
    public static IReadOnlyList<DependencyBoundRow> DependencyBounds => LazyBounds.Value;

    /// <summary>What a release needs beyond its metadata on one system and Python.</summary>
    public static IEnumerable<DependencyBoundRow> BoundsOf(string package, PackageVersion version, PythonVersion? python, OperatingSystemFamily os) => DependencyBounds.Where(b =>
        b.Package == package
        && version.IsWithin(b.From, b.To)
        && (b.PythonFrom is not { } first || python is { } known && first.CompareTo(known) <= 0)
        && (b.Os is not { } system || system == os));
}
