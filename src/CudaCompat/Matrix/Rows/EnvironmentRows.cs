using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Rows;

/// <summary>data/curated/companion-checks.json: what a companion checks of CUDA when it is imported.</summary>
/// <param name="Package">torchvision | torchaudio.</param>
/// <param name="From">The first release that does.</param>
/// <param name="To">The last, null while it goes on.</param>
/// <param name="Cuda">any: nothing is checked; major: the same X as torch's CUDA; minor: the same X.Y.</param>
/// <param name="Cpu">import: a CUDA build beside a CPU build of torch fails when it is imported; unknown: not tried.</param>
internal sealed record CompanionCheckRow(
    string Package, PackageVersion From, string Cuda, string Cpu, string[] Sources, PackageVersion? To = null, string? Evidence = null);

/// <summary>data/curated/dependency-bounds.json: what a release needs beyond what its metadata asks for.</summary>
/// <param name="Package">The package that needs it.</param>
/// <param name="Requires">What it needs, as pip takes it: numpy&lt;2.</param>
/// <param name="Breaks">What fails without it.</param>
/// <param name="Severity">How much it weighs: error | warning | info.</param>
/// <param name="From">The first release, null for every earlier one too.</param>
/// <param name="To">The last, null while it goes on.</param>
/// <param name="PythonFrom">The first Python it holds on; null for every one.</param>
/// <param name="Os">The system it holds on; null for every one.</param>
internal sealed record DependencyBoundRow(
    string Package,
    string Requires,
    string Breaks,
    string Severity,
    string[] Sources,
    PackageVersion? From = null,
    PackageVersion? To = null,
    PythonVersion? PythonFrom = null,
    OperatingSystemFamily? Os = null,
    string? Evidence = null)
{
    /// <summary>True where it says which versions are taken, not only that something has to be there.</summary>
    public bool IsBound => Requires.AsSpan().IndexOfAny('<', '>', '=') >= 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CuratedFile<CompanionCheckRow>), TypeInfoPropertyName = "CompanionChecks")]
[JsonSerializable(typeof(CuratedFile<DependencyBoundRow>), TypeInfoPropertyName = "DependencyBounds")]
[JsonSerializable(typeof(CuratedFile<SourceRow>), TypeInfoPropertyName = "EnvironmentSources")]
internal sealed partial class EnvironmentJson : JsonSerializerContext;
