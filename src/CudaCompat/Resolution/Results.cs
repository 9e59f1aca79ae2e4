using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>One thing found out about a combination or a machine.</summary>
/// <param name="Rule">The rule id, stable across versions.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Evidence">The ids of the sources that say so.</param>
public sealed record Finding(string Rule, Severity Severity, string Subject, string Message, IReadOnlyList<string> Evidence)
{
    /// <summary>The file of this machine that it rests on; null where it rests on none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>The command that mends it here; null where none is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get => field ?? Mending?.Command; init; }

    /// <summary>The command as acts, which the executor can carry out; null where none is known.</summary>
    internal Mending? Mending { get; init; }
}

/// <summary>One change that makes it work, found by solving again with that fact changed and verified before it is told.</summary>
/// <param name="Change">driver | torch | cudaTag | python | toolkit | cudnn | torchvision | torchaudio | gpu | compiler | packaging | index | toolkitFrom.</param>
/// <param name="From">What it is now; null where it is not known or not set.</param>
/// <param name="To">What to change it to.</param>
/// <param name="Gives">What one gets: "torch 2.14.1+cu126".</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Also">What has to change with it, where no single change is enough.</param>
public sealed record Remedy(string Change, string? From, string? To, string? Gives, string Message, IReadOnlyList<AlsoChange>? Also = null)
{
    /// <summary>The command that makes this change in the environment that was examined; null where none was, or no command does it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get => field ?? Mending?.Command; init; }

    /// <summary>The command as acts, which the executor can carry out.</summary>
    internal Mending? Mending { get; init; }
}

/// <summary>A change that goes with another one.</summary>
/// <param name="Change">As in <see cref="Remedy"/>.</param>
/// <param name="From">What it is now.</param>
/// <param name="To">What to change it to.</param>
public sealed record AlsoChange(string Change, string? From, string? To);

/// <summary>A newer or more usual build, and the first rule that stops it.</summary>
/// <param name="Candidate">torch 2.14.1+cu130.</param>
/// <param name="Rule">The rule id.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record WhyNotNewer(string Candidate, string Rule, string Message);

/// <summary>What was decided of a combination.</summary>
[JsonConverter(typeof(CheckVerdictNames))]
public enum CheckVerdict
{
    /// <summary>It works.</summary>
    Compatible,

    /// <summary>It does not.</summary>
    Incompatible,

    /// <summary>The data cannot decide; a finding says which fact is missing.</summary>
    Unknown,
}

/// <summary>The document names of <see cref="CheckVerdict"/>.</summary>
internal sealed class CheckVerdictNames() : NamedEnumConverter<CheckVerdict>((CheckVerdict.Compatible, "compatible"), (CheckVerdict.Incompatible, "incompatible"), (CheckVerdict.Unknown, "unknown"))
{
    internal static readonly CheckVerdictNames Instance = new();
}

/// <summary>The verdict on a combination, with everything found.</summary>
public sealed record CheckResult
{
    /// <summary>The machine's own name, echoed.</summary>
    public string? Id { get; init; }

    /// <summary>What was judged, in one phrase: "torch 2.8.0+cu128".</summary>
    [JsonIgnore]
    public string Subject { get; init; } = "";

    /// <summary>The verdict.</summary>
    public required CheckVerdict Verdict { get; init; }

    /// <summary>What was found, errors first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Changes that make it work, the cheapest first, at most five.</summary>
    public required IReadOnlyList<Remedy> Remedies { get; init; }

    /// <summary>The version of the data.</summary>
    public required string DataVersion { get; init; }
}

/// <summary>What came of a request for a plan.</summary>
[JsonConverter(typeof(PlanVerdictNames))]
public enum PlanVerdict
{
    /// <summary>There is a plan.</summary>
    Planned,

    /// <summary>Nothing runs; the findings say why, the remedies what to change.</summary>
    Refused,

    /// <summary>The data cannot decide.</summary>
    Unknown,
}

/// <summary>The document names of <see cref="PlanVerdict"/>.</summary>
internal sealed class PlanVerdictNames() : NamedEnumConverter<PlanVerdict>((PlanVerdict.Planned, "planned"), (PlanVerdict.Refused, "refused"), (PlanVerdict.Unknown, "unknown"))
{
    internal static readonly PlanVerdictNames Instance = new();
}
