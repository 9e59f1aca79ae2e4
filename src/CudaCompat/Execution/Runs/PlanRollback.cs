using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Runs;

/// <summary>Undoes what a run did, the last step first; or says what that would do.</summary>
internal static class PlanRollback
{
    /// <summary>Undoes everything.</summary>
    public static async Task<ExecutionReport> CarryOutAsync(InstallPlan plan, Journal journal, ExecutionOptions options, CancellationToken cancellation)
    {
        using var targets = await RunLocks.TakeAsync(plan, options, cancellation).ConfigureAwait(false);
        using var log = new RunLog(journal.Folder, options.Events, options.Clock);
        options = options with { Events = log };
        var record = new RunRecord(plan, journal.Folder, log);
        await RunLocks.EndLeftoversAsync(journal, log, cancellation).ConfigureAwait(false);
        if (!journal.State.IsRollbackBegun)
            journal.Append(new RollbackBegun());
        foreach (var index in journal.State.StepsToUndo)
        {
            cancellation.ThrowIfCancellationRequested();
            var started = record.Elapsed;
            try
            {
                await StepUndo.UndoAsync(index, journal, options, record.Notes).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StepFailedException)
            {
                record.End(record.Ended(index, started, StepOutcome.Failed, $"it could not be undone: {e.Message}"));
                var rights = e is UnauthorizedAccessException ? ", or undo as the user whose files they are (sudo where an administrator installed them)" : "";
                return record.ReportOfReached(ExecutionOutcome.Failed, $"remove the cause{rights}.\nto go on: cudacompat apply --rollback --journal {journal.Folder}");
            }

            record.End(record.Ended(index, started, StepOutcome.Undone, "undone"));
        }

        journal.Append(new RolledBack());
        foreach (var kept in new[] { "backup-*", "wheels-*" }.SelectMany(p => Directory.EnumerateFileSystemEntries(journal.Folder, p)).ToArray())
            FileState.Remove(kept);
        return record.ReportOfReached(ExecutionOutcome.RolledBack, null);
    }

    /// <summary>What undoing everything would do; changes nothing.</summary>
    public static ExecutionReport Describe(InstallPlan plan, JournalState state, string folder)
    {
        var record = new RunRecord(plan, folder, events: null);
        foreach (var index in state.StepsToUndo)
        {
            var words = state.ChangesOf(index).Reverse().Select(c => ChangeWords.OfUndoing(c, folder));
            record.End(record.Ended(index, record.Elapsed, StepOutcome.WouldRun, "would " + string.Join("; ", words)));
        }

        return record.ReportOfReached(ExecutionOutcome.DryRun, null);
    }
}
