using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>A plan, or a refusal with its reasons and the smallest changes that would help.</summary>
public sealed record PlanResult
{
    /// <summary>The machine's own name, echoed.</summary>
    public string? Id { get; init; }

    /// <summary>The verdict.</summary>
    public required PlanVerdict Verdict { get; init; }

    /// <summary>The plan; null unless planned.</summary>
    public InstallPlan? Plan { get; init; }

    /// <summary>What was found, errors first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Changes that give a plan, or a newer one; the cheapest first, at most five.</summary>
    public required IReadOnlyList<Remedy> Remedies { get; init; }

    /// <summary>For the newest torch, the next CUDA tag and the default build: the first rule that stops each.</summary>
    public IReadOnlyList<WhyNotNewer> WhyNotNewer { get; init; } = [];

    /// <summary>The version of the data.</summary>
    public required string DataVersion { get; init; }

    /// <summary>The whole answer as text: because, and because, so.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Explanation { get; init; } = "";
}
