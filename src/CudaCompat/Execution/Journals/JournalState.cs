namespace CudaCompat.Execution.Journals;

/// <summary>How far a step came, by the journal.</summary>
internal enum StepPhase
{
    Untouched,
    Begun,
    Done,
    Skipped,
}

/// <summary>What a journal says: folded from its lines, the last run only.</summary>
internal sealed class JournalState
{
    private readonly Dictionary<int, StepPhase> _phases = [];
    private readonly Dictionary<int, List<Change>> _changes = [];

    /// <summary>The id of the run; null where no run has begun.</summary>
    public string? Run { get; private set; }

    public string? PlanSha256 { get; private set; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>True once a step has begun or been skipped.</summary>
    public bool HasSteps => _phases.Count > 0;

    public bool Finished { get; private set; }

    public bool IsRollbackBegun { get; private set; }

    public bool IsRolledBack { get; private set; }

    /// <summary>The steps that still have something to undo, last first.</summary>
    public IReadOnlyList<int> StepsToUndo => [.. _changes.Where(c => c.Value.Count > 0).Select(c => c.Key).OrderDescending()];

    public StepPhase PhaseOf(int step) => _phases.GetValueOrDefault(step);

    /// <summary>The changes of a step in the order they were made.</summary>
    public IReadOnlyList<Change> ChangesOf(int step) => _changes.GetValueOrDefault(step) ?? [];

    /// <summary>Takes in the next line.</summary>
    public void Apply(JournalEntry entry)
    {
        switch (entry)
        {
            case PlanOpened opened:
                _phases.Clear();
                _changes.Clear();
                (Run, PlanSha256, Since) = (opened.Run, opened.PlanSha256, opened.At);
                Finished = IsRollbackBegun = IsRolledBack = false;
                break;
            case StepBegun begun:
                _phases[begun.Step] = StepPhase.Begun;
                Finished = false;
                break;
            case StepChange change:
                if (!_changes.TryGetValue(change.Step, out var list))
                    _changes[change.Step] = list = [];
                // What a program did to a tree is known exactly from here on, so the guard that kept the whole tree has served.
                if (change.Change is TreeChanged changed)
                    list.RemoveAll(c => (c is TreeGuarded guard && guard.Root == changed.Root) || (c is TreeCreated created && changed.IsNew && created.Path == changed.Root));
                list.Add(change.Change);
                break;
            case StepDone done:
                _phases[done.Step] = StepPhase.Done;
                break;
            case StepSkipped skipped:
                _phases[skipped.Step] = StepPhase.Skipped;
                break;
            case StepUndone undone:
                _phases[undone.Step] = StepPhase.Untouched;
                _changes.Remove(undone.Step);
                Finished = false;
                break;
            case PlanFinished:
                Finished = true;
                break;
            case RollbackBegun:
                IsRollbackBegun = true;
                Finished = false;
                break;
            case RolledBack:
                IsRolledBack = true;
                break;
            default:
                break; // a failure is told by what follows it
        }
    }
}
