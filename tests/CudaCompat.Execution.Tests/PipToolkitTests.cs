using System.Diagnostics;
using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;
using CudaCompat.Verification;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests;

/// <summary>The toolkit as packages of the environment, with the real pip: installed, linked, used, found done, undone to an equal tree.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class PipToolkitTests(ITestOutputHelper output) : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Scratch _scratch = new();
    private LocalServer _server = null!;
    private int _journals;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_ToolkitFromPip_CompilesAndARollbackLeavesTheTreeAsItWas()
    {
        var environment = MakeEnvironment();
        var before = Scratch.Picture(environment);
        var plan = PipToolkit.Of([Existing(environment), .. PipToolkit.Steps(_server, environment)]);
        var executor = Executor();

        var report = await executor.ExecuteAsync(plan);
        var again = await executor.ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        again.Steps.Where(s => s.Kind is not ("python" or "verify")).Should().OnlyContain(s => s.Outcome == StepOutcome.AlreadyDone);
        var nvidia = Path.Combine(PipToolkit.Packages(environment), "nvidia");
        new FileInfo(Path.Combine(nvidia, "cu13/lib64")).LinkTarget.Should().Be("lib");
        new FileInfo(Path.Combine(nvidia, "cu13/lib/libcudart.so")).LinkTarget.Should().Be("libcudart.so.13");
        new FileInfo(Path.Combine(nvidia, "cudnn/lib64/libcudnn.so")).LinkTarget.Should().Be("libcudnn.so.9");
        new FileInfo(Path.Combine(nvidia, "cudnn/lib/libcudnn_ops.so")).LinkTarget.Should().Be("libcudnn_ops.so.9");
        File.ReadAllText(Path.Combine(nvidia, "cu13/lib/libcudart.so")).Should().Be("the runtime 13.0.96", "torch pins it");
        Shell($". '{environment}/bin/activate' && nvcc -o '{_scratch["a.out"]}' -lcudart x.cu && echo $CUDA_HOME && which nvcc").Should().Be($"{nvidia}/cu13\n{nvidia}/cu13/bin/nvcc");
        (await File.ReadAllTextAsync(Path.Combine(report.Journal, "pylock.toml"))).Should().Contain("name = \"torch\"").And.Contain("name = \"nvidia-cuda-nvcc\"", "one lock names what every step brought");
        (await File.ReadAllTextAsync(Path.Combine(report.Journal, BillOfMaterials.FileName))).Should().Contain("pkg:pypi/nvidia-nvvm@13.0.88").And.Contain("pkg:pypi/torch@");

        var undone = await executor.RollbackAsync();

        undone.Notes.Should().BeEmpty();
        Scratch.Difference(before, Scratch.Picture(environment)).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_ToolkitThatWouldMoveWhatTorchPins_IsRefusedAndChangesNothing()
    {
        var environment = MakeEnvironment();
        var steps = PipToolkit.Steps(_server, environment, runtime: "13.5.37").ToArray();
        (await Executor().ExecuteAsync(PipToolkit.Of(steps.Take(1)))).Outcome.Should().Be(ExecutionOutcome.Finished);
        var before = Scratch.Picture(environment);

        var report = await Executor().ExecuteAsync(PipToolkit.Of(steps.Skip(1)));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("cuda_toolkit 13.0.3 requires nvidia-cuda-runtime==13.0.96.*").And.Contain("never moved");
        report.Next.Should().Contain("--toolkit-from redist");
        Scratch.Difference(before, Scratch.Picture(environment)).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_OtherFolderThanTheEnvironmentHas_FailsAndChangesNothing()
    {
        var environment = MakeEnvironment();
        var before = Scratch.Picture(environment);
        var toolkit = PipToolkit.Steps(_server, environment).OfType<ToolkitStep>().Single();
        toolkit = toolkit with { Prefix = toolkit.Prefix!.Replace($"python{Wheels.PythonVersion}", "python3.2", StringComparison.Ordinal) };

        var report = await Executor().ExecuteAsync(PipToolkit.Of([toolkit]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("put nothing into").And.Contain("python3.2");
        Scratch.Difference(before, Scratch.Picture(environment)).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_ToolkitOfAnOlderPatch_IsReplaced()
    {
        var environment = MakeEnvironment();
        var toolkit = PipToolkit.Steps(_server, environment).OfType<ToolkitStep>().Single();
        var newer = toolkit with { Components = ["nvidia-nvvm==13.5.37"], Version = "13.5.0" };
        await Executor().ExecuteAsync(PipToolkit.Of([newer]));

        var report = await Executor().ExecuteAsync(PipToolkit.Of([toolkit]));

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        File.ReadAllText(Path.Combine(toolkit.Prefix!, "nvvm/bin/cicc")).Should().Be("13.0.88");
    }

    /// <summary>At each line of the journal that is about the toolkit's own steps.</summary>
    [NeedsProgramsFact("python3")]
    public async Task Apply_KilledWhileTheToolkitIsInstalled_ResumesOrRollsBackExactly()
    {
        await using var run = await KilledRun.PrepareAsync(output, plan: PipToolkit.Plan);
        var first = Array.FindIndex(run.Journal, l => l.Contains("\"toolkit\"", StringComparison.Ordinal));
        first.Should().BePositive(string.Join('\n', run.Journal).Replace("{", "{{").Replace("}", "}}"));
        for (var line = first; line < run.Lines - 1; line += KilledRun.IsFullProof ? 1 : 9)
        {
            run.Reset();
            var (exitCode, _) = await run.RunAsync("apply", line % 3 == 0 ? "torn" : "after", line.ToString());
            exitCode.Should().Be(KilledRun.Killed, $"line {line}");
            await run.FollowUpAsync(resume: (line - first) % 2 == 0, $"killed at line {line}: {run.Journal[line]}");
        }
    }

    /// <summary>In the middle of what pip writes, where the journal has no line.</summary>
    [NeedsProgramsFact("python3")]
    public async Task Apply_KilledAtRandomMoments_ResumesOrRollsBackExactly()
    {
        await using var run = await KilledRun.PrepareAsync(output, plan: PipToolkit.Plan);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Math.Max(2, KilledRun.Moments / 10); i++)
        {
            run.Reset();
            var moment = run.Duration * (0.5 + (random.NextDouble() * 0.5));
            await run.KillAfterAsync("apply", moment);
            await run.FollowUpAsync(i % 2 == 0, $"seed {seed}, moment {i}, killed after {moment.TotalMilliseconds:0} ms");
        }
    }

    [NeedsProgramsFact("python3")]
    public async Task Bundle_OfToolkitFromPip_IsCarriedOutWithoutANetwork()
    {
        var environment = MakeEnvironment();
        var plan = PipToolkit.Of([Existing(environment), .. PipToolkit.Steps(_server, environment)]);
        await PlanBundle.FetchAsync(plan, _scratch["bundle"], Options(), default);
        await _server.DisposeAsync();

        var (bundled, options) = PlanBundle.Open(_scratch["bundle"], Options() with { CacheFolder = _scratch["other"] });
        var report = await new PlanExecutor(options).ExecuteAsync(bundled);

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        File.Exists(Path.Combine(PipToolkit.Packages(environment), "nvidia/cu13/lib64/libcudart.so")).Should().BeTrue();
        _server = await LocalServer.StartAsync();
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_EnvironmentWithAToolkitOfItsOwn_FindsItAndItsCudnn()
    {
        var environment = MakeEnvironment();
        await Executor().ExecuteAsync(PipToolkit.Of(PipToolkit.Steps(_server, environment).Take(3)));

        var report = await Verifier.VerifyAsync(new VerificationOptions { Python = environment, Checks = ["nvcc", "compile", "cudnn"], ProgramPath = "/usr/bin:/bin" });

        report.Proves.Should().Equal(["nvcc", "compile", "cudnn"], string.Join("; ", report.Checks.Select(c => c.Message)));
        report.Checks[0].Subject.Should().EndWith("nvidia/cu13/bin/nvcc");
        report.Checks[2].Found.Should().Be("9.24.0");
    }

    private string MakeEnvironment()
    {
        QuickEnvironment.Make(_scratch["venv"]);
        return _scratch["venv"];
    }

    private static PythonStep Existing(string environment) => new() { Component = "python", Version = Wheels.PythonVersion, Method = "existing", Environment = environment };

    private static string Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
        return said.Trim();
    }

    private PlanExecutor Executor() => new(Options());

    private ExecutionOptions Options() => new()
    {
        JournalFolder = _scratch[$"journal{_journals++}"],
        CacheFolder = _scratch["cache"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
        Retry = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(10), LongestDelay = TimeSpan.FromMilliseconds(50) },
    };
}
