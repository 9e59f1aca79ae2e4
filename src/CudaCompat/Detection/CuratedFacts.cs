using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection;

/// <summary>The small files of data/curated that detection needs; they are embedded in the library.</summary>
internal static class CuratedFacts
{
    private static readonly Lazy<IReadOnlyList<FailurePattern>> LazyFailures =
        new(() => CuratedFile.Read("failures.json", DetectionJson.Default.CuratedFileFailurePattern));

    private static readonly Lazy<IReadOnlyList<ArmGpuRow>> LazyArmGpus =
        new(() => CuratedFile.Read("aarch64-gpus.json", DetectionJson.Default.CuratedFileArmGpuRow));

    /// <summary>Messages and what they mean, the more specific before the more general.</summary>
    public static IReadOnlyList<FailurePattern> Failures => LazyFailures.Value;

    /// <summary>GPUs that exist only together with an ARM processor.</summary>
    public static IReadOnlyList<ArmGpuRow> ArmGpus => LazyArmGpus.Value;
}

/// <summary>A failure: any of the texts, in lower case with single spaces, names it.</summary>
/// <param name="Kind">The failure's name.</param>
/// <param name="Tool">"nvidia-smi", "nvcc" or "install": where such a text is looked for; null everywhere.</param>
/// <param name="Texts">Any one of them is enough.</param>
/// <param name="With">All of them must be there too.</param>
/// <param name="OperatingSystem">The system that the text betrays.</param>
/// <param name="ExitCode">The exit code that goes with the text.</param>
/// <param name="Message">What it means.</param>
/// <param name="Next">What to do.</param>
/// <param name="Evidence">Where it was seen or is documented.</param>
internal sealed record FailurePattern(
    string Kind,
    string? Tool,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string>? With,
    [property: JsonPropertyName("os")] OperatingSystemFamily? OperatingSystem,
    int? ExitCode,
    string Message,
    string Next,
    IReadOnlyList<string> Evidence);

/// <summary>A word in a GPU's name that means an ARM processor.</summary>
internal sealed record ArmGpuRow(string Word, bool Tegra, IReadOnlyList<string> Evidence);

/// <summary>The JSON shapes of detection, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CuratedFile<FailurePattern>), TypeInfoPropertyName = "CuratedFileFailurePattern")]
[JsonSerializable(typeof(CuratedFile<ArmGpuRow>), TypeInfoPropertyName = "CuratedFileArmGpuRow")]
[JsonSerializable(typeof(DriverInfo))]
internal sealed partial class DetectionJson : JsonSerializerContext;
