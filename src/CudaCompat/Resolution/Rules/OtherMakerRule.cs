using CudaCompat.Versions.Spelling;

namespace CudaCompat.Resolution.Rules;

/// <summary>Every card is of another maker: no CUDA here, be there a CPU build or not; where to go is told.</summary>
internal static class OtherMakerRule
{
    public static void Judge(Question question, Candidate candidate, Causes found) => found.Add(Of(question));

    public static Cause? Of(Question question) => question.Machine.Document.Readings.FirstOrDefault(note => IsTold(question, note)) is { } told ? Assumed.Of(told, Severity.Error) : null;

    /// <summary>True for the note that this rule tells as an error.</summary>
    public static bool IsTold(Question question, ReadingNote note) => note.Rule == GivenGpus.OtherMaker && question is { Tag: not { IsCpu: true }, Machine.Gpus.Length: 0 };
}
