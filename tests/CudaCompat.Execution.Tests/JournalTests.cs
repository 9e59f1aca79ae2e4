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
        for (var length = lastLine; length < whole.Length - 1; length++)
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

        act.Should().Throw<JournalException>().WithMessage("line 1*damaged*--rollback --force*");
    }

    /// <summary>CUDACOMPAT_FLIPS says how many; each bit of the file may flip, and bytes may be missing.</summary>
    [Fact]
    public void Open_BitsFlippedAndPiecesCutAtRandom_IsRefusedOrMeansTheSame()
    {
        var (entries, whole) = Sample();
        var count = int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FLIPS"), out var asked) ? asked : 1_000;
        var random = new Random(5);
        var refused = 0;
        for (var i = 0; i < count; i++)
        {
            var bytes = whole.ToArray();
            if (i % 4 == 0)
            {
                var at = random.Next(bytes.Length);
                bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 120))..]];
            }
            else
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            var (read, _, damage) = JournalLine.ReadAll(bytes);
            refused += damage.Count > 0 ? 1 : 0;
            // What is obeyed without a word is a beginning of what was written: a cut or damaged end never took effect.
            if (damage.Count == 0)
                read.Select(e => e.ToString()).Should().Equal(entries.Take(read.Count).Select(e => e.ToString()), $"flip {i}");
            else
                read.Select(e => e.ToString()).Should().BeSubsetOf(entries.Select(e => e.ToString()), $"flip {i}: a salvage keeps only what was written");
        }

        refused.Should().BeGreaterThan(count / 2);
    }

    [Theory]
    [InlineData("the last line", true)]
    [InlineData("the last line with its end", true)]
    [InlineData("behind the last line", true)]
    [InlineData("a line in the middle", false)]
    public void Open_ZerosAsAfterALossOfPower_AreDroppedAtTheEndAndRefusedElsewhere(string where, bool isDropped)
    {
        var (entries, whole) = Sample();
        var last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        var first = Array.IndexOf(whole, (byte)'\n') + 1;
        var second = Array.IndexOf(whole, (byte)'\n', first);
        byte[] bytes = [.. whole, .. where == "behind the last line" ? new byte[4096] : []];
        switch (where)
        {
            case "the last line":
                Array.Clear(bytes, last, bytes.Length - last);
                break;
            case "the last line with its end":
                Array.Clear(bytes, last, bytes.Length - 1 - last);
                break;
            case "a line in the middle":
                Array.Clear(bytes, first, second - first);
                break;
            default:
                break;
        }

        File.WriteAllBytes(_scratch["j/journal.jsonl"], bytes);
        var act = () => Journal.Open(_scratch["j"], TimeProvider.System).Dispose();

        if (isDropped)
        {
            act.Should().NotThrow();
            JournalLine.ReadAll(File.ReadAllBytes(_scratch["j/journal.jsonl"])).Entries.Count.Should().Be(where == "behind the last line" ? entries.Count : entries.Count - 1);
        }
        else
        {
            act.Should().Throw<JournalException>().WithMessage("line 2*");
        }
    }

    private (IReadOnlyList<JournalEntry> Entries, byte[] Bytes) Sample()
    {
        using (var journal = Journal.Open(_scratch["j"], TimeProvider.System))
        {
            journal.Append(new PlanOpened("run", "hash"));
            for (var i = 0; i < 6; i++)
            {
                journal.Append(new StepBegun(i, "toolkit"));
                journal.Append(new StepChange(i, new FilesMerged("/x/y+z", $"list-{i:D3}", $"backup-{i:D3}", "ab12")));
                journal.Append(new StepDone(i));
            }
        }

        var bytes = File.ReadAllBytes(_scratch["j/journal.jsonl"]);
        return (JournalLine.ReadAll(bytes).Entries, bytes);
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
