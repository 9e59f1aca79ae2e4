using System.Diagnostics;
using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>The PyTorch branch with the real pip in real virtual environments, against an index on loopback.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class TorchStepTests : IAsyncLifetime
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
    public async Task Execute_CpuBuildInTheUsersEnvironment_IsReplacedAndARollbackBringsItBack()
    {
        var environment = _scratch["venv"];
        Run("python3", "-m", "venv", environment);
        var cpu = Wheels.Index(_server, "/whl/cpu", ("torch", "2.8.0+cpu", Wheels.Torch("2.8.0+cpu", null)), ("filelock", "3.13.1", Wheels.Wheel("filelock", "3.13.1", "x = 1")));
        var own = Wheels.Index(_server, "/own", ("mine", "1.0", Wheels.Wheel("mine", "1.0", "x = 2")));
        Run(Pip(environment), "install", "--quiet", "--index-url", cpu, "torch==2.8.0+cpu");
        var before = Scratch.Picture(environment);
        var steps = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().ToArray<InstallStep>();
        var executor = Executor();

        var report = await executor.ExecuteAsync(FullStack.Of(steps));
        var installed = Run(Path.Combine(environment, "bin", "python"), "-c", "import torch; print(torch.__version__, torch.version.cuda)");
        var second = await executor.ExecuteAsync(FullStack.Of(steps));
        Run(Pip(environment), "install", "--quiet", "--index-url", own, "mine");
        var rolledBack = await executor.RollbackAsync();

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        installed.Should().Be("2.8.0+cu128 12.8");
        second.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.AlreadyDone);
        rolledBack.Notes.Should().BeEmpty();
        var after = Scratch.Picture(environment);
        after.Keys.Where(k => k.Contains("site-packages/mine/")).Should().NotBeEmpty("what the user installed afterwards is not the plan's to remove");
        foreach (var path in after.Keys.Where(k => k.Contains("/mine") || k.EndsWith(".pyc", StringComparison.Ordinal) || k.EndsWith("__pycache__", StringComparison.Ordinal)).ToArray())
            after.Remove(path);
        foreach (var path in before.Keys.Where(k => k.EndsWith(".pyc", StringComparison.Ordinal) || k.EndsWith("__pycache__", StringComparison.Ordinal)).ToArray())
            before.Remove(path);
        Scratch.Difference(before, after).Should().BeEmpty();
        Run(Path.Combine(environment, "bin", "python"), "-c", "import torch; print(torch.__version__)").Should().Be("2.8.0+cpu");
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_WrongHash_IsRefusedAndNothingStays()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var before = Scratch.Picture(environment);
        var torch = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single();
        var wrong = torch with { Files = [torch.Files[0] with { Sha256 = new string('0', 64) }, torch.Files[1]] };

        var report = await Executor().ExecuteAsync(FullStack.Of([wrong]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("another hash than the plan");
        Scratch.Difference(before, Scratch.Picture(environment)).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_WheelIsMissing_FailsWithPipsOwnWords()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var torch = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single() with { Requirements = ["torch==9.9.9+cu999"], Files = [] };

        var report = await Executor().ExecuteAsync(FullStack.Of([torch]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        string.Join('\n', report.Steps[0].LastLines).Should().Contain("No matching distribution found for torch==9.9.9+cu999");
        report.Steps[0].Message.Should().Contain(Explaining.Explainer.Explain(string.Join('\n', report.Steps[0].LastLines)).Causes[0].Message, "a failed step says the same as explain of its output");
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_MirrorThatRedirectsOrLacksTheWheel_IsNotTrusted()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var torch = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single();
        await using var redirecting = await LocalServer.StartAsync();
        redirecting.Route("/whl/cu128/torch/", c =>
        {
            c.Response.Redirect(_server.Url + "/whl/cu128/torch/");
            return Task.CompletedTask;
        });
        await using var stale = await LocalServer.StartAsync();
        var index = Wheels.Index(stale, "/whl/cu128", ("torch", "2.7.0+cu128", Wheels.Torch("2.7.0+cu128", "12.8")));
        var notes = new List<string>();
        var options = Options() with { Events = new Listener(e => { if (e is Noted n) lock (notes) notes.Add(n.Message); }) };
        var plan = FullStack.Of([torch with { IndexUrl = redirecting.Url + "/whl/cu128", Mirrors = [index, torch.IndexUrl!] }]);

        var report = await new PlanExecutor(options).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        notes.Should().Contain(n => n.Contains("only redirects")).And.Contain(n => n.Contains("does not list torch==2.8.0+cu128"));
        redirecting.Requests.Should().ContainSingle("pip never sees a mirror that is not trusted");
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_MirrorBehindAPassword_IsProbedWithItAndItIsNeverTold()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var torch = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single();
        await using var closed = await LocalServer.StartAsync();
        closed.Route("/whl/torch/", c =>
        {
            c.Response.StatusCode = c.Request.Headers.Authorization.ToString() == "Basic " + Convert.ToBase64String("me:hunter2"u8) ? 404 : 401;
            return Task.CompletedTask;
        });
        var heard = new List<string>();
        var options = Options() with
        {
            Events = new Listener(e =>
            {
                lock (heard)
                    heard.Add(e.ToString());
            }),
        };
        var plan = FullStack.Of([torch with { IndexUrl = closed.Url.Replace("http://", "http://me:hunter2@") + "/whl", Mirrors = [torch.IndexUrl!] }]);

        var report = await new PlanExecutor(options).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        string.Concat(heard).Should().Contain("HTTP 404").And.NotContain("hunter2").And.NotContain("HTTP 401");
        (await File.ReadAllTextAsync(Path.Combine(report.Journal, "journal.jsonl"))).Should().NotContain("hunter2");
    }

    [NeedsProgramsTheory("sh")]
    [InlineData(false, "")]
    [InlineData(true, " --offline")]
    public async Task Execute_CondaEnvironment_IsMadeFilledFoundDoneAndRemoved(bool offline, string last)
    {
        // As much of conda as is asked of it: it fills the folder behind --prefix and keeps its records there.
        Directory.CreateDirectory(_scratch["bin"]);
        await File.WriteAllTextAsync(_scratch["bin/conda"], $$"""
            #!/bin/sh
            echo "$*" >> '{{_scratch["log"]}}'
            mkdir -p "$4/conda-meta" "$4/bin"
            case $1 in
              create) printf '#!/bin/sh\necho 3.8\n' > "$4/bin/python"; chmod 755 "$4/bin/python" ;;
              install) echo '{}' > "$4/conda-meta/pytorch-1.7.1-py3.8_cuda11.0.221_cudnn8.0.5_0.json"; echo '{}' > "$4/conda-meta/cudatoolkit-11.0.221-h6bb024c_0.json" ;;
            esac
            """);
        Run("chmod", "755", _scratch["bin/conda"]);
        var environment = _scratch["env"];
        var plan = FullStack.Of(
        [
            new PythonStep { Component = "python", Version = "3.8", Method = "conda", Environment = environment, Command = ["conda", "create", "--yes", "--prefix", environment, "python=3.8"] },
            new TorchStep
            {
                Component = "torch",
                Method = "conda",
                Requirements = ["pytorch==1.7.1", "cudatoolkit=11.0"],
                Channels = ["pytorch"],
                Environment = environment,
                Command = ["conda", "install", "--yes", "--prefix", "env", "pytorch==1.7.1", "cudatoolkit=11.0", "-c", "pytorch"],
            },
        ]);
        var executor = new PlanExecutor(Options() with { ProgramPath = _scratch["bin"], Offline = offline });

        var report = await executor.ExecuteAsync(plan);
        var second = await executor.ExecuteAsync(plan);
        await executor.RollbackAsync();

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        second.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.AlreadyDone);
        (await File.ReadAllLinesAsync(_scratch["log"])).Should().Equal(
            $"create --yes --prefix {environment} python=3.8{last}", $"install --yes --prefix {environment} pytorch==1.7.1 cudatoolkit=11.0 -c pytorch{last}");
        Directory.Exists(environment).Should().BeFalse();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_FlatListThatLacksTheWheel_IsNotTrusted()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var torch = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single();
        var list = _server.File("/flat/", "<html><a href=\"torch-2.7.0%2Bcu128-cp311-cp311-linux_x86_64.whl\">x</a></html>"u8.ToArray(), "text/html");

        var report = await Executor().ExecuteAsync(FullStack.Of([torch with { FindLinks = [list] }]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("does not list torch==2.8.0+cu128");
        report.Next.Should().Contain("another mirror");
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_SystemPythonManagedByItsSystem_IsNeverForced()
    {
        // A Python whose standard library says that its system manages it (PEP 668).
        var real = Run("python3", "-c", "import os, sysconfig; print(os.path.realpath(sysconfig.get_path('stdlib')))");
        var fake = Path.Combine(_scratch["sys"], "bin", "python3");
        Directory.CreateDirectory(Path.GetDirectoryName(fake)!);
        Directory.CreateDirectory(_scratch["sys/lib"]);
        await File.WriteAllTextAsync(_scratch["sys/lib/EXTERNALLY-MANAGED"], "[externally-managed]\n");
        await File.WriteAllTextAsync(_scratch["sys/site.py"], $"import sysconfig\n_get = sysconfig.get_path\nsysconfig.get_path = lambda name, *a, **k: '{_scratch["sys/lib"]}' if name == 'stdlib' else _get(name, *a, **k)\n");
        var python = Run("python3", "-c", "import sys; print(sys.executable)");
        await File.WriteAllTextAsync(fake, $"#!/bin/sh\nif [ \"$1\" = -c ]; then shift; code=$1; shift; exec '{python}' -c \"exec(open('{_scratch["sys/site.py"]}').read())\n$code\" \"$@\"; fi\nexec '{python}' \"$@\"\n");
        Run("chmod", "+x", fake);
        real.Should().NotBeEmpty();

        var report = await Executor().ExecuteAsync(FullStack.Of([new PythonStep { Component = "python", Method = "existing", Environment = _scratch["sys"] }]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("PEP 668");
        report.Next.Should().Contain("virtual environment");
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_NoPythonOfThatVersion_SaysWhatWasLookedFor()
    {
        var report = await Executor().ExecuteAsync(FullStack.Of([new PythonStep { Component = "python", Version = "3.99", Method = "venv", Environment = _scratch["venv"] }]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("python3.99");
        Directory.Exists(_scratch["venv"]).Should().BeFalse();
    }

    [Theory]
    [InlineData("torch")]
    [InlineData("--index-url==x")]
    [InlineData("torch==1;rm -rf ~")]
    [InlineData("torch @ file:///x==1")]
    public void Parse_RequirementThatIsNotExact_IsRefused(string text)
    {
        var act = () => Downloads.Requirement.Parse(text);

        act.Should().Throw<StepFailedException>();
    }

    private static string Pip(string environment) => Path.Combine(environment, "bin", "pip");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"{program} {string.Join(' ', arguments)}".Replace("{", "{{").Replace("}", "}}"));
        return output.Trim();
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

    private sealed class Listener(Action<ExecutionEvent> heard) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value) => heard(value);
    }
}
