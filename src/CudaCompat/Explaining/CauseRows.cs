using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Explaining;

/// <summary>data/curated/causes.json: a text that programs print, and what it means.</summary>
/// <param name="Id">The row's name.</param>
/// <param name="Kind">The kind of cause, a row of cause-kinds.json.</param>
/// <param name="Certainty">How sure the text alone makes it.</param>
/// <param name="Texts">Any one of them is enough: the text as printed, in which * stands for anything and {name} for anything within the line.</param>
/// <param name="Examples">Texts that the row is about.</param>
/// <param name="NearMisses">Texts that look like it and are something else.</param>
/// <param name="Sources">Where the meaning is settled.</param>
/// <param name="Role">cause; symptom: where a cause stands in the same text, that one is told; consequence: what follows when something else failed.</param>
/// <param name="With">Each of these has to stand somewhere in the text too.</param>
/// <param name="Unless">None of these may stand in the text.</param>
/// <param name="Os">The systems that it holds for, null for every one.</param>
/// <param name="Torch">The torch releases that it holds for.</param>
/// <param name="Needs">Facts that have to be known: os, gpu.</param>
/// <param name="OrElse">The other kinds that the text allows.</param>
/// <param name="Message">What it means, in place of the kind's own sentence; {name} is what stood there.</param>
/// <param name="Next">What to do, in place of the kind's own sentence.</param>
internal sealed record CauseRow(
    string Id,
    string Kind,
    Certainty Certainty,
    IReadOnlyList<string> Texts,
    IReadOnlyList<string> Examples,
    IReadOnlyList<string> NearMisses,
    IReadOnlyList<string> Sources,
    CauseRole Role = CauseRole.Cause,
    IReadOnlyList<string>? With = null,
    IReadOnlyList<string>? Unless = null,
    IReadOnlyList<OperatingSystemFamily>? Os = null,
    VersionSpec? Torch = null,
    IReadOnlyList<string>? Needs = null,
    IReadOnlyList<string>? OrElse = null,
    string? Message = null,
    string? Next = null);

/// <summary>data/curated/cause-kinds.json: a kind of cause.</summary>
/// <param name="Kind">The name in the contract.</param>
/// <param name="Message">What it means.</param>
/// <param name="Next">What to do, in words.</param>
/// <param name="Remedy">What is worked out for the machine: build, companions, driver, reinstall, toolkit, compiler, vc-runtime, numpy, module, venv, or text for nothing.</param>
internal sealed record CauseKindRow(string Kind, string Message, string Next, string Remedy);

/// <summary>What a text is in the order of events.</summary>
[JsonConverter(typeof(CauseRoleNames))]
internal enum CauseRole
{
    /// <summary>It names what is wrong.</summary>
    Cause,

    /// <summary>It shows that something is wrong, and a text that says more comes first.</summary>
    Symptom,

    /// <summary>It follows when something else failed.</summary>
    Consequence,
}

/// <summary>The document names of <see cref="CauseRole"/>.</summary>
internal sealed class CauseRoleNames() : NamedEnumConverter<CauseRole>((CauseRole.Cause, "cause"), (CauseRole.Symptom, "symptom"), (CauseRole.Consequence, "consequence"));

/// <summary>The JSON shapes of the two files, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CuratedFile<CauseRow>), TypeInfoPropertyName = "Causes")]
[JsonSerializable(typeof(CuratedFile<CauseKindRow>), TypeInfoPropertyName = "Kinds")]
internal sealed partial class CauseJson : JsonSerializerContext
{
    public static IReadOnlyList<CauseRow> ReadCauses() => CuratedFile.Read("causes.json", Default.Causes);

    public static IReadOnlyList<CauseKindRow> ReadKinds() => CuratedFile.Read("cause-kinds.json", Default.Kinds);
}
