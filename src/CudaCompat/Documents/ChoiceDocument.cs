using System.Text.Json.Serialization;
using CudaCompat.Choosing;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Documents;

/// <summary>What <c>choose --json</c> prints.</summary>
internal sealed record ChoiceDocument
{
    public required string? Id { get; init; }

    public required ChoiceVerdict Verdict { get; init; }

    /// <summary>The name of the build to take; null where none runs.</summary>
    public required string? Best { get; init; }

    /// <summary>Those that run, the best first.</summary>
    public required IReadOnlyList<JudgedBuildDocument> Runs { get; init; }

    /// <summary>Those that run and leave the GPU unused that is there.</summary>
    public required IReadOnlyList<JudgedBuildDocument> WithoutGpu { get; init; }

    public required IReadOnlyList<JudgedBuildDocument> Unknown { get; init; }

    public required IReadOnlyList<JudgedBuildDocument> Refused { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<Remedy> Remedies { get; init; }

    public required string DataVersion { get; init; }

    public static ChoiceDocument Of(ChoiceResult choice) => new()
    {
        Id = choice.Id,
        Verdict = choice.Verdict,
        Best = choice.Best?.Name,
        Runs = With(choice, BuildVerdict.Runs),
        WithoutGpu = With(choice, BuildVerdict.WithoutGpu),
        Unknown = With(choice, BuildVerdict.Unknown),
        Refused = With(choice, BuildVerdict.Refused),
        Findings = choice.Findings,
        Remedies = choice.Remedies,
        DataVersion = choice.DataVersion,
    };

    private static JudgedBuildDocument[] With(ChoiceResult choice, BuildVerdict verdict) =>
        [.. choice.Builds.Where(b => b.Verdict == verdict).Select(JudgedBuildDocument.Of)];
}

/// <summary>One build of <see cref="ChoiceDocument"/>.</summary>
internal sealed record JudgedBuildDocument
{
    public required string Name { get; init; }

    [JsonConverter(typeof(SpelledBuildCuda))]
    public required CudaVersion? Cuda { get; init; }

    public required DeviceCode? Code { get; init; }

    public required string? Compatibility { get; init; }

    public required string? Rule { get; init; }

    public required string? Message { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public static JudgedBuildDocument Of(JudgedBuild build) => new()
    {
        Name = build.Build.Name,
        Cuda = build.Build.Cuda,
        Code = build.Code,
        Compatibility = build.Compatibility,
        Rule = build.Rule,
        Message = build.Message,
        Findings = build.Findings,
    };
}
