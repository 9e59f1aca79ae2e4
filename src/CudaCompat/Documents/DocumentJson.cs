using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Choosing;
using CudaCompat.Diagnosis;
using CudaCompat.Execution;
using CudaCompat.Explaining;
using CudaCompat.Inspection;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Documents;

/// <summary>The JSON shapes of the contract's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(DriverInfo))]
[JsonSerializable(typeof(StackDocument))]
[JsonSerializable(typeof(PlanRequest))]
[JsonSerializable(typeof(CheckResult))]
[JsonSerializable(typeof(PlanResult))]
[JsonSerializable(typeof(InstallPlan))]
[JsonSerializable(typeof(InstallStep))]
[JsonSerializable(typeof(CudaBuild))]
[JsonSerializable(typeof(ChoiceDocument))]
[JsonSerializable(typeof(ChooseLine))]
[JsonSerializable(typeof(InspectionDocument))]
[JsonSerializable(typeof(IReadOnlyList<CudaBuild>), TypeInfoPropertyName = "CudaBuilds")]
[JsonSerializable(typeof(CheckLine))]
[JsonSerializable(typeof(PlanLine))]
[JsonSerializable(typeof(ErrorLine))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ExecutionReport))]
[JsonSerializable(typeof(Explanation))]
internal sealed partial class DocumentJson : JsonSerializerContext
{
    private static DocumentJson? readable;
    private static DocumentJson? compact;

    /// <summary>Indented, for people and files.</summary>
    public static DocumentJson Readable => readable ??= new DocumentJson(With(indented: true));

    /// <summary>One line, for batches.</summary>
    public static DocumentJson Compact => compact ??= new DocumentJson(With(indented: false));

    private static JsonSerializerOptions With(bool indented) => new(Default.Options)
    {
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>One line of <c>check --batch</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CheckLine
{
    public string? Id { get; init; }

    public required DriverInfo Machine { get; init; }

    public required StackDocument Stack { get; init; }
}

/// <summary>One line of <c>plan --batch</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlanLine
{
    public string? Id { get; init; }

    public required DriverInfo Machine { get; init; }

    public PlanRequest? Request { get; init; }
}

/// <summary>One line of <c>choose --batch</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChooseLine
{
    public string? Id { get; init; }

    public required DriverInfo Machine { get; init; }

    public required IReadOnlyList<CudaBuild> Candidates { get; init; }
}

/// <summary>What a failure is answered with.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <summary>What a bad line of a batch is answered with.</summary>
internal sealed record ErrorLine(string? Id, ErrorBody Error);

/// <summary>The body of <see cref="ErrorLine"/>.</summary>
/// <param name="Kind">bad-input, or the kind of a detection failure.</param>
/// <param name="Path">The JSON path; null for failures.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Next">What to do next; null for bad input.</param>
internal sealed record ErrorBody(
    string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Path,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);
