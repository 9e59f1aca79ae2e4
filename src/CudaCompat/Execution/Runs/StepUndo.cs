using CudaCompat.Execution.Journals;
using CudaCompat.Execution.Steps;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Runs;

/// <summary>Undoes the changes of one step, the last first, and says so in the journal once that is on disk.</summary>
internal static class StepUndo
{
    /// <summary>Undoes a step; what was left alone goes to the notes.</summary>
    public static async Task UndoAsync(int index, Journal journal, ExecutionOptions options, List<string> notes)
    {
        var undo = new ChangeUndo(journal.Folder, packages => SystemPackageRunner.RemoveAsync(packages, journal.Folder, options), options.DiscardChanges);
        foreach (var change in journal.State.ChangesOf(index).Reverse())
        {
            try
            {
                await undo.UndoAsync(change).ConfigureAwait(false);
            }
            catch (JournalException e) when (options.Force)
            {
                notes.Add(e.Message);
            }
        }

        undo.Flush();
        journal.Append(new StepUndone(index));
        notes.AddRange(undo.Left.Select(VisibleText.Of));
    }
}
