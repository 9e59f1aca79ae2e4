using CudaCompat.Execution.Journals;

namespace CudaCompat.Execution.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Open_LastLineTornAtAnyByte_KeepsEverythingBefore()
    {
        using (var journal = Journal.Open(_scratch["j"], TimeProvider.System))
        {
            journal.Append(new PlanOpened("run", "hash"));
            journal.Append(new StepBegun(0, "toolkit"));
            journal.Append(new StepChange(0, new TreeCreated("/x/y+z")));
        }

        var whole = File.ReadAllBytes(_scratch["j/journal.jsonl"]);
        var lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var length = lastLine; length < whole.Length; length++)
        {
            File.WriteAllBytes(_scratch["j/journal.jsonl"], whole[..length]);
            using var journal = Journal.Open(_scratch["j"], TimeProvider.System);
            journal.State.PhaseOf(0).Should().Be(StepPhase.Begun);
            journal.State.ChangesOf(0).Should().BeEmpty();
            journal.Append(new StepDone(0));
            journal.State.PhaseOf(0).Should().Be(StepPhase.Done);
        }
    }

    [Fact]
    public void Open_LineDamagedInTheMiddle_IsRefusedWithItsNumber()
    {
        using (var journal = Journal.Open(_scratch["j"], TimeProvider.System))
        {
            journal.Append(new PlanOpened("run", "hash"));
            journal.Append(new StepBegun(0, "toolkit"));
        }

        File.WriteAllText(_scratch["j/journal.jsonl"], "{\"event\":\"nonsense\"}\n" + File.ReadAllText(_scratch["j/journal.jsonl"]));
        var act = () => Journal.Open(_scratch["j"], TimeProvider.System);

        act.Should().Throw<JournalException>().WithMessage("line 1*damaged*");
    }

    [Fact]
    public void Apply_TreeChangedAfterItsGuard_ReplacesTheGuard()
    {
        var state = new JournalState();
        state.Apply(new PlanOpened("run", "hash"));
        state.Apply(new StepBegun(1, "torch"));
        state.Apply(new StepChange(1, new TreeGuarded("/venv", "list-000", "backup-000")));
        state.Apply(new StepChange(1, new TreeChanged("/venv", "list-001", "backup-000")));

        state.ChangesOf(1).Should().ContainSingle().Which.Should().BeOfType<TreeChanged>();
        state.Apply(new StepUndone(1));
        state.StepsToUndo.Should().BeEmpty();
    }

    [Fact]
    public void Folder_OfAJournal_IsTheUsersAlone()
    {
        using var journal = Journal.Open(_scratch["deep/j"], TimeProvider.System);

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_scratch["deep/j"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, "the plan may hold the password of a mirror");
    }
}
