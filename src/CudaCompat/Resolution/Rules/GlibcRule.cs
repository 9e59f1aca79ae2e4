using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Is the C library new enough for the platform tag of the package?</summary>
internal static class GlibcRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Build is { } build && !candidate.IsPrerelease)
            found.Add(Of(question.Machine, build.Row, build.ToString()));
    }

    public static GlibcTooOld? Of(MachineFacts machine, BuildRow row, string subject) =>
        row.Glibc is { } needed && machine.Document.Glibc is { } has && has < needed ? new GlibcTooOld { Subject = subject, Has = has, Needed = needed, Sources = row.Sources } : null;
}

internal sealed record GlibcTooOld : Cause
{
    public override string Rule => "glibc-too-old";

    public required DottedVersion Has { get; init; }

    public required DottedVersion Needed { get; init; }

    public override string English() => $"{Subject} needs glibc {Needed} or newer; this system has {Has}.";
}
