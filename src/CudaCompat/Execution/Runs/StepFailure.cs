using CudaCompat.Execution.Archives;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Runs;

/// <summary>Why a step did not come to its end, and what to do about it.</summary>
/// <param name="Outcome">Failed or cancelled.</param>
/// <param name="Message">Why.</param>
/// <param name="Next">What to do next; null where nothing is.</param>
/// <param name="ExitCode">The exit code of the program that failed, if it was one.</param>
/// <param name="LastLines">The last lines it printed.</param>
internal sealed record StepFailure(StepOutcome Outcome, string Message, string? Next, int? ExitCode, IReadOnlyList<string> LastLines)
{
    /// <summary>What an exception of a step means.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="isCancelled">True where the run was asked to stop: Ctrl-C reaches the programs of a step too, and that one of them ended is no failure of its own.</param>
    public static StepFailure Of(Exception exception, bool isCancelled) => exception switch
    {
        OperationCanceledException or StepFailedException when isCancelled => new(StepOutcome.Cancelled, "cancelled", null, null, []),
        StepFailedException e => new(StepOutcome.Failed, e.Message, e.Next, e.ExitCode, e.LastLines),
        ArchiveRefusedException e => Failed(e.Message, "nothing of it was used; choose another mirror or make the plan anew."),
        ProgramNotFoundException e => Failed(e.Message, "install it, or put it on PATH."),
        UnauthorizedAccessException e => Failed(e.Message, "this user may not write there: choose another folder (--prefix for the toolkit), or run as the user who may."),
        PathTooLongException e => Failed(e.Message, "choose a shorter folder."),
        IOException e => Failed(e.Message, "look at the message; space or rights may be missing."),
        _ => Failed($"{exception.GetType().Name}: {exception.Message}", "look at the message; rights or space may be missing."),
    };

    private static StepFailure Failed(string message, string next) => new(StepOutcome.Failed, message, next, null, []);
}
