using CudaCompat.Execution.Downloads;
using CudaCompat.Machines;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class PlanExecutorTests : IAsyncLifetime
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

    [NeedsProgramsFact("python3", "xz")]
    public async Task Execute_WholePlan_InstallsVerifiesAndChangesNothingASecondTime()
    {
        var target = _scratch["target"];
        SeedTarget(target);
        var plan = FullStack.Plan(_server, target);

        var report = await Executor().ExecuteAsync(plan);
        var after = Scratch.Picture(target);
        var requests = _server.Requests.Count;
        var second = await Executor().ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Finished, Told(report));
        report.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.Done, Told(report));
        after.Should().ContainKeys("cuda/bin/nvcc", "cuda/lib/libcudart.so", "cuda/lib64", "cuda/version.json", "cuda/include/cudnn_version.h", "venv/pyvenv.cfg");
        after["cuda/lib/libcudart.so"].Should().StartWith("link").And.EndWith("libcudart.so.12");
        File.ReadAllText(Path.Combine(target, "home", ".bashrc")).Should().StartWith("alias ll='ls -l'\n").And.Contain($"export CUDA_HOME='{target}/cuda'");
        second.Outcome.Should().Be(ExecutionOutcome.Finished);
        second.Steps.SkipLast(1).Should().OnlyContain(s => s.Outcome == StepOutcome.AlreadyDone, Told(second));
        Scratch.Difference(after, Scratch.Picture(target)).Should().BeEmpty();
        _server.Requests.Count.Should().Be(requests, "nothing is fetched twice");
    }

    [NeedsProgramsFact("python3", "xz")]
    public async Task Rollback_WholePlan_RestoresTheStateBefore()
    {
        var target = _scratch["target"];
        SeedTarget(target);
        var before = Scratch.Picture(target);
        var executor = Executor();
        (await executor.ExecuteAsync(FullStack.Plan(_server, target))).Outcome.Should().Be(ExecutionOutcome.Finished);

        var report = await executor.RollbackAsync();

        report.Outcome.Should().Be(ExecutionOutcome.RolledBack);
        report.Notes.Should().BeEmpty();
        Scratch.Difference(before, Scratch.Picture(target)).Should().BeEmpty();
        (await executor.RollbackAsync()).Outcome.Should().Be(ExecutionOutcome.RolledBack, "undoing what is undone is harmless");
        (await executor.ExecuteAsync(FullStack.Plan(_server, target))).Outcome.Should().Be(ExecutionOutcome.Finished, "it can be applied again");
    }

    [NeedsProgramsFact("xz")]
    public async Task Rollback_FileChangedByTheUserSince_IsLeftAndNamed()
    {
        var prefix = _scratch["cuda"];
        var executor = Executor();
        await executor.ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", prefix)]));
        File.WriteAllText(Path.Combine(prefix, "include", "cuda.h"), "mine now\n");
        File.WriteAllText(Path.Combine(prefix, "bin", "own"), "mine\n");

        var report = await executor.RollbackAsync();

        report.Notes.Should().ContainSingle().Which.Should().Contain("cuda.h");
        Scratch.Picture(prefix).Keys.Should().BeEquivalentTo("bin", "bin/own", "include", "include/cuda.h");
    }

    [NeedsProgramsFact("python3", "xz")]
    public async Task DryRun_WholePlan_TouchesNothingAndTellsEveryStep()
    {
        var plan = FullStack.Plan(_server, _scratch["target"]);

        var report = await new PlanExecutor(Options() with { DryRun = true }).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.DryRun);
        report.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.WouldRun && s.Message.StartsWith("would "));
        Directory.EnumerateFileSystemEntries(_scratch.Root).Should().BeEmpty();
        _server.Requests.Should().BeEmpty();
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_SbsaAndWindowsArchives_AreMergedInTheirOwnShape()
    {
        var arm = await new PlanExecutor(Options() with { JournalFolder = _scratch["j1"] }).ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-sbsa", _scratch["sbsa"])]));
        var windows = await new PlanExecutor(Options() with { JournalFolder = _scratch["j2"] }).ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "windows-x86_64", _scratch["win"])]));

        arm.Outcome.Should().Be(ExecutionOutcome.Finished, Told(arm));
        windows.Outcome.Should().Be(ExecutionOutcome.Finished, Told(windows));
        Scratch.Picture(_scratch["win"]).Keys.Should().BeEquivalentTo("LICENSE", "bin", "bin/nvcc.exe", "bin/cudart64_12.dll", "bin/cudnn64_9.dll", "include", "include/cudnn_version.h", "lib", "lib/x64", "lib/x64/cudart.lib", "lib/x64/cudnn.lib", "version.json");
        File.ReadAllText(Path.Combine(_scratch["win"], "LICENSE")).Should().Be("licence of cudart", "archives are merged in order, and cuDNN's licence stays out");
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_StepFails_UndoesItNamesTheCauseAndResumes()
    {
        var prefix = _scratch["cuda"];
        var steps = FullStack.ToolkitSteps(_server, "linux-x86_64", prefix).ToArray();
        var inTheWay = Path.Combine(prefix, "lib", "libcudnn.so.9", "the user's");
        Directory.CreateDirectory(inTheWay);
        var executor = Executor();

        var failed = await executor.ExecuteAsync(FullStack.Of(steps));
        var half = Scratch.Picture(prefix);
        Directory.Delete(Path.GetDirectoryName(inTheWay)!, recursive: true);
        var resumed = await executor.ResumeAsync();

        failed.Outcome.Should().Be(ExecutionOutcome.Failed);
        failed.Steps[^1].Message.Should().Contain("lib/libcudnn.so.9 is a file in it, but a folder", Told(failed));
        failed.Next.Should().Contain("--resume");
        half.Keys.Should().NotContain(k => k.Contains("cudnn") && !k.StartsWith("lib/libcudnn.so.9"));
        half.Should().ContainKey("bin/nvcc", "the steps before stand");
        resumed.Outcome.Should().Be(ExecutionOutcome.Finished, Told(resumed));
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_OtherToolkitInTheFolder_IsRefusedBeforeAnyChange()
    {
        var prefix = _scratch["cuda"];
        Directory.CreateDirectory(prefix);
        File.WriteAllText(Path.Combine(prefix, "version.json"), """{ "cuda": { "name": "CUDA SDK", "version": "11.8.0" } }""");
        var before = Scratch.Picture(prefix);

        var report = await Executor().ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", prefix)]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps.Single(s => s.Kind == "toolkit").Message.Should().Contain("11.8.0");
        Scratch.Difference(before, Scratch.Picture(prefix)).Should().BeEmpty();
    }

    [Fact]
    public async Task Execute_StepNeedsAdministratorAndNobodyAgreed_ChangesNothing()
    {
        var plan = FullStack.Of([new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "apt", Components = ["cuda-toolkit-12-8"], RequiresAdmin = true }]);

        var report = await Executor().ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.NotAgreed);
        report.Next.Should().Contain("administrator");
        report.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.NotReached);
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_PrefixOverridden_MovesToolkitAndVariables()
    {
        var prefix = _scratch["elsewhere"];
        InstallStep[] steps =
        [
            .. FullStack.ToolkitSteps(_server, "linux-x86_64", _scratch["cuda"]),
            new EnvironmentStep { Component = "toolkit", Scope = "shell-file", Set = new Dictionary<string, string> { ["CUDA_HOME"] = _scratch["cuda"] } },
        ];

        var report = await new PlanExecutor(Options() with { Prefix = prefix }).ExecuteAsync(FullStack.Of(steps));

        report.Outcome.Should().Be(ExecutionOutcome.Finished, Told(report));
        File.Exists(Path.Combine(prefix, "bin", "nvcc")).Should().BeTrue();
        Directory.Exists(_scratch["cuda"]).Should().BeFalse();
        File.ReadAllText(_scratch["target/home/.bashrc"]).Should().Contain($"CUDA_HOME='{prefix}'");
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_SecondRunWhileOneHoldsTheJournal_IsRefused()
    {
        var plan = FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", _scratch["cuda"])]);
        using var held = Journals.Journal.Open(_scratch["journal"], TimeProvider.System);

        var act = () => Executor().ExecuteAsync(plan);

        (await act.Should().ThrowAsync<JournalException>()).WithMessage("*another run*");
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_Cancelled_StopsCleanlyAndResumes()
    {
        var prefix = _scratch["cuda"];
        using var stop = new CancellationTokenSource();
        var options = Options() with { Events = new Listener(e => { if (e is ArchiveUnpacked) stop.Cancel(); }) };

        var cancelled = await new PlanExecutor(options).ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", prefix)]), stop.Token);
        var left = Directory.Exists(prefix);
        var resumed = await Executor().ResumeAsync();

        cancelled.Outcome.Should().Be(ExecutionOutcome.Cancelled, Told(cancelled));
        left.Should().BeFalse("the step under way is undone");
        resumed.Outcome.Should().Be(ExecutionOutcome.Finished, Told(resumed));
    }

    [Fact]
    public async Task Execute_PlanForAnotherSystem_IsRefusedBeforeAnyChangeAndShownByADryRun()
    {
        var windows = FullStack.Of([new PythonStep { Component = "python", Method = "venv", Environment = _scratch["venv"] }]) with
        {
            Machine = new DriverInfo { OperatingSystem = OperatingSystem.IsWindows() ? OperatingSystemFamily.Linux : OperatingSystemFamily.Windows },
        };

        var act = () => Executor().ExecuteAsync(windows);
        var dry = await new PlanExecutor(Options() with { DryRun = true }).ExecuteAsync(windows);

        (await act.Should().ThrowAsync<PlanDocumentException>()).Which.Path.Should().Be("$.machine.os");
        dry.Outcome.Should().Be(ExecutionOutcome.DryRun);
        Directory.EnumerateFileSystemEntries(_scratch.Root).Should().BeEmpty();
    }

    [NeedsProgramsFact("xz")]
    public async Task Execute_AnotherRunWorksOnTheSameFolder_WaitsAndSaysSo()
    {
        var target = _scratch["cuda"];
        var name = "target-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(target)))[..32];
        var held = await new DownloadCache(_scratch["cache"]).LockAsync(name, () => { }, default);
        var heard = new List<string>();
        var options = Options() with
        {
            Events = new Listener(e =>
            {
                if (e is not Noted note)
                    return;
                heard.Add(note.Message);
                held.Dispose();
            }),
        };

        var report = await new PlanExecutor(options).ExecuteAsync(FullStack.Of([.. FullStack.ToolkitSteps(_server, "linux-x86_64", target)]));

        report.Outcome.Should().Be(ExecutionOutcome.Finished, Told(report));
        heard.Should().ContainSingle().Which.Should().Contain("another run works on " + target);
    }

    internal static void SeedTarget(string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "home"));
        Directory.CreateDirectory(Path.Combine(target, "cuda", "bin"));
        File.WriteAllText(Path.Combine(target, "home", ".bashrc"), "alias ll='ls -l'\n");
        File.WriteAllText(Path.Combine(target, "cuda", "bin", "nvcc.profile"), "the user's own\n");
        File.WriteAllText(Path.Combine(target, "cuda", "notes.txt"), "the user's own\n");
    }

    internal static string Told(ExecutionReport report) => string.Join("; ", report.Steps.Select(s => $"{s.Kind} {s.Outcome}: {s.Message} {string.Join(" | ", s.LastLines)}")).Replace("{", "{{").Replace("}", "}}");

    private PlanExecutor Executor() => new(Options());

    private ExecutionOptions Options() => new()
    {
        JournalFolder = _scratch["journal"],
        CacheFolder = _scratch["cache"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
        ShellFile = _scratch["target/home/.bashrc"],
        Retry = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(10), LongestDelay = TimeSpan.FromMilliseconds(50) },
    };

    private sealed class Listener(Action<ExecutionEvent> heard) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value) => heard(value);
    }
}
