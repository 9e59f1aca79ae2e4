using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Execution.Journals;

/// <summary>One line of the journal: a transition of the run or of one step.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(PlanOpened), "plan")]
[JsonDerivedType(typeof(StepBegun), "begin")]
[JsonDerivedType(typeof(StepChange), "change")]
[JsonDerivedType(typeof(StepDone), "done")]
[JsonDerivedType(typeof(StepSkipped), "skipped")]
[JsonDerivedType(typeof(StepBroken), "failed")]
[JsonDerivedType(typeof(StepUndone), "undone")]
[JsonDerivedType(typeof(PlanFinished), "finished")]
[JsonDerivedType(typeof(RollbackBegun), "rollback")]
[JsonDerivedType(typeof(RolledBack), "rolled-back")]
internal abstract record JournalEntry
{
    /// <summary>When, in UTC.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A run of a plan begins; everything before it in the journal is history.</summary>
internal sealed record PlanOpened(string Run, string PlanSha256) : JournalEntry;

/// <summary>A step is about to act.</summary>
internal sealed record StepBegun(int Step, string Kind) : JournalEntry;

/// <summary>A step is about to change something.</summary>
internal sealed record StepChange(int Step, Change Change) : JournalEntry;

/// <summary>A step is complete.</summary>
internal sealed record StepDone(int Step) : JournalEntry;

/// <summary>A step had nothing to do.</summary>
internal sealed record StepSkipped(int Step) : JournalEntry;

/// <summary>A step failed or was cancelled; its changes are undone next.</summary>
internal sealed record StepBroken(int Step, string Message) : JournalEntry;

/// <summary>All changes of the step so far are undone.</summary>
internal sealed record StepUndone(int Step) : JournalEntry;

/// <summary>All steps are done.</summary>
internal sealed record PlanFinished : JournalEntry;

/// <summary>The undoing of the whole plan begins; from here only a rollback may go on.</summary>
internal sealed record RollbackBegun : JournalEntry;

/// <summary>The whole plan is undone.</summary>
internal sealed record RolledBack : JournalEntry;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(FileListEntry))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    private static JournalJson? readable;

    /// <summary>Signs such as '+' stay readable.</summary>
    internal static JournalJson Readable => readable ??= new JournalJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
