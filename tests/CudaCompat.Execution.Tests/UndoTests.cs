using System.Diagnostics;
using System.Text;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

/// <summary>A rollback loses nothing that the plan did not make.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class UndoTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Scratch _scratch = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [NeedsProgramsTheory("python3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rollback_EnvironmentWithTheUsersWork_LeavesAndNamesItUnlessDiscarded(bool discard)
    {
        var environment = _scratch["venv"];
        var executor = Executor();
        var report = await executor.ExecuteAsync(FullStack.Of([new PythonStep { Component = "python", Version = Wheels.PythonVersion, Method = "venv", Environment = environment }]));
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        Directory.CreateDirectory(Path.Combine(environment, "notebooks"));
        File.WriteAllText(Path.Combine(environment, "notebooks", "thesis.ipynb"), "years of work");

        var undone = await Executor(o => o with { DiscardChanges = discard }).RollbackAsync();

        undone.Outcome.Should().Be(ExecutionOutcome.RolledBack);
        if (discard)
        {
            Directory.Exists(environment).Should().BeFalse();
            undone.Notes.Should().BeEmpty();
            return;
        }

        Scratch.Picture(environment).Keys.Should().BeEquivalentTo("notebooks", "notebooks/thesis.ipynb");
        undone.Notes.Should().ContainSingle().Which.Should().Contain("thesis.ipynb").And.Contain("--discard-changes");
    }

    /// <summary>What was told of a file is known by its path and not by the words of what was told.</summary>
    [Fact]
    public async Task Undo_FileWhoseNameBeginsThatOfAChangedOne_IsNamedToo()
    {
        using var journal = Journal.Open(_scratch["journal"], TimeProvider.System);
        var root = Path.GetDirectoryName(_scratch["tree/x y"])!;
        Directory.CreateDirectory(root);
        File.WriteAllText(_scratch["tree/x y"], "made");
        var made = TreeGuard.Made(root, journal);
        File.WriteAllText(_scratch["tree/x y"], "changed since");
        File.WriteAllText(_scratch["tree/x"], "added since");
        var undo = new ChangeUndo(_scratch["journal"], _ => Task.FromResult<string?>(null));

        await undo.UndoAsync(made);

        undo.Left.Should().HaveCount(2);
        undo.Left[0].Should().StartWith(_scratch["tree/x y"] + " was changed");
        undo.Left[1].Should().StartWith(_scratch["tree/x"] + " was not made by the plan");
    }

    [Fact]
    public async Task Rollback_Dry_TellsWhatItWouldUndoAndChangesNothing()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("bashrc", [.. "# text\n"u8]);
        await Executor().ExecuteAsync(Variables());
        var before = Scratch.Picture(_scratch.Root);

        var report = await Executor(o => o with { DryRun = true }).RollbackAsync();

        Scratch.Difference(before, Scratch.Picture(_scratch.Root)).Should().BeEmpty();
        report.Outcome.Should().Be(ExecutionOutcome.DryRun);
        report.Steps.Should().ContainSingle().Which.Message.Should().Be("would put back " + _scratch["bashrc"]);
        report.Steps[0].Outcome.Should().Be(StepOutcome.WouldRun);
        (await Executor().RollbackAsync()).Outcome.Should().Be(ExecutionOutcome.RolledBack);
        (await Executor(o => o with { DryRun = true }).RollbackAsync()).Notes.Should().ContainSingle().Which.Should().Contain("nothing");
    }

    [NeedsProgramsFact("python3")]
    public async Task Rollback_EnvironmentMadeInTheUsersEmptyFolder_LeavesTheFolderAndTheWork()
    {
        var environment = _scratch["venv"];
        Directory.CreateDirectory(environment);
        var executor = Executor();
        await executor.ExecuteAsync(FullStack.Of([new PythonStep { Component = "python", Version = Wheels.PythonVersion, Method = "venv", Environment = environment }]));
        File.WriteAllText(Path.Combine(environment, "thesis.ipynb"), "years of work");

        await executor.RollbackAsync();

        Scratch.Picture(environment).Keys.Should().Equal("thesis.ipynb");
    }

    [Theory]
    [InlineData("latin1")]
    [InlineData("bom")]
    [InlineData("crlf")]
    [InlineData("utf16")]
    public async Task Rollback_ShellFileEditedInAnyEncoding_TakesOutTheBlockAloneByteForByte(string form)
    {
        if (OperatingSystem.IsWindows())
            return;
        byte[] before = form switch
        {
            "latin1" => [.. "alias caf\xe9='x'\n".Select(c => (byte)c)],
            "bom" => [0xEF, 0xBB, 0xBF, .. "# text\n"u8],
            _ => [.. "# text\n"u8],
        };
        Write("bashrc", before);
        await Executor().ExecuteAsync(Variables());
        var written = File.ReadAllBytes(_scratch["bashrc"]);
        byte[] added = [.. "echo caf\xe9\n".Select(c => (byte)c)];
        byte[] edited = form switch
        {
            "crlf" => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString([.. written, .. added]).Replace("\n", "\r\n")),
            "utf16" => Encoding.Unicode.GetBytes(Encoding.Latin1.GetString([.. written, .. added])),
            _ => [.. written, .. added],
        };
        File.WriteAllBytes(_scratch["bashrc"], edited);

        var report = await Executor().RollbackAsync();

        report.Notes.Should().BeEmpty();
        byte[] wanted = form switch
        {
            "crlf" => [.. "# text\r\n"u8, .. Encoding.Latin1.GetBytes("echo caf\xe9\r\n")],
            "utf16" => Encoding.Unicode.GetBytes("# text\necho caf\xe9\n"),
            _ => [.. before, .. added],
        };
        File.ReadAllBytes(_scratch["bashrc"]).Should().Equal(wanted);
    }

    [Fact]
    public async Task Rollback_BlockEditedByTheUser_IsLeftAndTold()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("bashrc", [.. "# text\n"u8]);
        await Executor().ExecuteAsync(Variables());
        File.WriteAllText(_scratch["bashrc"], File.ReadAllText(_scratch["bashrc"]).Replace("CUDA_HOME", "MY_HOME"));
        var edited = File.ReadAllText(_scratch["bashrc"]);

        var report = await Executor().RollbackAsync();

        report.Notes.Should().ContainSingle().Which.Should().Contain("block").And.Contain("edited");
        File.ReadAllText(_scratch["bashrc"]).Should().Be(edited);
    }

    [NeedsProgramsFact("touch", "ln")]
    public async Task ApplyAndRollback_ShellFile_KeepsOwnerModeTimeAndOtherNames()
    {
        Write("bashrc", [.. "# text\n"u8]);
        Run("chmod", "640", _scratch["bashrc"]);
        if (Environment.IsPrivilegedProcess)
            Run("chown", "65534:65534", _scratch["bashrc"]);
        Run("touch", "-d", "2020-02-02 02:02:02.123456789", _scratch["bashrc"]);
        var before = UnixStatus.Of(_scratch["bashrc"])!.Value;

        await Executor().ExecuteAsync(Variables());
        var applied = UnixStatus.Of(_scratch["bashrc"])!.Value;
        await Executor().RollbackAsync();
        var after = UnixStatus.Of(_scratch["bashrc"])!.Value;

        (applied.Owner, applied.Group, applied.Mode).Should().Be((before.Owner, before.Group, before.Mode));
        (after.Owner, after.Group, after.Mode, after.Seconds, after.Nanoseconds).Should().Be((before.Owner, before.Group, before.Mode, before.Seconds, before.Nanoseconds));
        before.Nanoseconds.Should().Be(123456789);

        Run("ln", _scratch["bashrc"], _scratch["dotfile"]);
        await Executor().ExecuteAsync(Variables());
        File.ReadAllText(_scratch["dotfile"]).Should().Contain("cudacompat", "a file with two names stays one file");
        await Executor().RollbackAsync();
        UnixStatus.Of(_scratch["bashrc"])!.Value.Names.Should().Be(2);
        File.ReadAllText(_scratch["dotfile"]).Should().Be("# text\n");
    }

    [NeedsProgramsFact("sh")]
    public async Task Rollback_ProgramThatWritesInPlace_GivesTheOldContentBack()
    {
        // As conda does: it appends to conda-meta/history instead of writing it anew.
        Directory.CreateDirectory(_scratch["bin"]);
        File.WriteAllText(_scratch["bin/conda"], "#!/bin/sh\ncase $* in *--dry-run*) exit 0 ;; esac\necho '==> later <==' >> \"$4/conda-meta/history\"\necho '{}' > \"$4/conda-meta/pytorch-1.7.1-py3.8_0.json\"\n");
        Run("chmod", "755", _scratch["bin/conda"]);
        var environment = _scratch["env"];
        Directory.CreateDirectory(Path.Combine(environment, "conda-meta"));
        File.WriteAllText(Path.Combine(environment, "conda-meta", "history"), "==> first <==\n");
        var step = new TorchStep { Component = "torch", Method = "conda", Requirements = ["pytorch==1.7.1"], Channels = ["pytorch"], Environment = environment, Command = ["conda", "install", "--yes", "--prefix", environment, "pytorch==1.7.1", "-c", "pytorch"] };
        var executor = Executor(o => o with { ProgramPath = _scratch["bin"] });
        var report = await executor.ExecuteAsync(FullStack.Of([step]));
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        File.ReadAllText(Path.Combine(environment, "conda-meta", "history")).Should().Contain("later");

        await executor.RollbackAsync();

        File.ReadAllText(Path.Combine(environment, "conda-meta", "history")).Should().Be("==> first <==\n");
        Scratch.Picture(environment).Keys.Should().Equal("conda-meta", "conda-meta/history");
    }

    [NeedsProgramsTheory("xz")]
    [InlineData("journal deleted")]
    [InlineData("journal empty")]
    [InlineData("line zeroed")]
    [InlineData("list cut")]
    [InlineData("list leads out")]
    [InlineData("plan exchanged")]
    public async Task Rollback_DamagedJournal_IsRefusedAndUndoneAsFarAsProvedByForce(string damage)
    {
        var prefix = _scratch["cuda"];
        await Executor().ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", prefix)]));
        var journal = _scratch["journal/journal.jsonl"];
        File.WriteAllText(_scratch["victim"], "mine");
        switch (damage)
        {
            case "journal deleted":
                File.Delete(journal);
                break;
            case "journal empty":
                File.WriteAllText(journal, "");
                break;
            case "line zeroed":
                var lines = File.ReadAllLines(journal);
                var merged = Array.FindIndex(lines, l => l.Contains("files-merged"));
                lines[merged] = new string('\0', lines[merged].Length);
                File.WriteAllLines(journal, lines);
                break;
            case "list cut":
                File.WriteAllText(_scratch["journal/list-000"], File.ReadAllText(_scratch["journal/list-000"])[..100]);
                break;
            case "list leads out":
                File.WriteAllText(_scratch["journal/list-000"], File.ReadAllText(_scratch["journal/list-000"]).Replace("\"path\":\"LICENSE\"", "\"path\":\"../victim\""));
                break;
            default:
                File.WriteAllBytes(_scratch["journal/plan.json"], InstallPlanDocument.Write(FullStack.Of([])));
                break;
        }

        var act = () => Executor().RollbackAsync();
        var refusal = await act.Should().ThrowAsync<JournalException>();
        var forced = await Executor(o => o with { Force = true }).RollbackAsync();

        refusal.Which.Message.Should().NotBeEmpty();
        forced.Outcome.Should().Be(ExecutionOutcome.RolledBack);
        forced.Notes.Should().NotBeEmpty();
        File.ReadAllText(_scratch["victim"]).Should().Be("mine");
        if (damage == "plan exchanged")
            Directory.Exists(prefix).Should().BeFalse("the journal says all that is needed");
        else if (damage.StartsWith("journal", StringComparison.Ordinal))
            File.Exists(Path.Combine(prefix, "bin", "nvcc")).Should().BeTrue("nothing can be proved");
        else
            File.Exists(Path.Combine(prefix, "version.json")).Should().BeFalse("the rest was proved");
        (await Executor().ExecuteAsync(FullStack.Of([]))).Outcome.Should().Be(ExecutionOutcome.Finished, "the folder can be used again");
    }

    /// <summary>What outlives a killed run holds its journal; nothing begins before it has ended.</summary>
    [NeedsProgramsFact("sh")]
    public async Task Open_ProgramOfAnEarlierRunLives_IsWaitedFor()
    {
        using var first = Journal.Open(_scratch["journal"], TimeProvider.System);
        await first.HoldForChildrenAsync(_ => { }, default);
        using var child = Process.Start("sh", ["-c", $"sleep 2; echo wrote > '{_scratch["late"]}'"]);
        first.Dispose(); // as if it had been killed: the child lives on

        using var second = Journal.Open(_scratch["journal"], TimeProvider.System);
        var told = "";
        await second.HoldForChildrenAsync(who => told = who, default);

        told.Should().Contain("sh");
        File.Exists(_scratch["late"]).Should().BeTrue("nothing begins while it writes");
    }

    private InstallPlan Variables() =>
        FullStack.Of([new EnvironmentStep { Component = "toolkit", Scope = "shell-file", Set = new Dictionary<string, string> { ["CUDA_HOME"] = "/opt/cuda" } }]);

    private void Write(string name, byte[] content) => File.WriteAllBytes(_scratch[name], content);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    private PlanExecutor Executor(Func<ExecutionOptions, ExecutionOptions>? change = null)
    {
        var options = new ExecutionOptions
        {
            JournalFolder = _scratch["journal"],
            CacheFolder = _scratch["cache"],
            ShellFile = _scratch["bashrc"],
            TrustPlan = true,
            TrustedHosts = ["127.0.0.1", "localhost"],
        };
        return new PlanExecutor(change is null ? options : change(options));
    }
}
