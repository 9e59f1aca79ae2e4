using CudaCompat.Execution.Steps;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>pip sees the plan and nothing of a person's own settings; what it installs is known, hash by hash, before.</summary>
[Collection("variables of the process")]
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class PipIsolationTests : IAsyncLifetime
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
    [InlineData("PIP_EXTRA_INDEX_URL")]
    [InlineData("PIP_INDEX_URL")]
    [InlineData("PIP_FIND_LINKS")]
    [InlineData("PIP_TARGET")]
    [InlineData("PIP_NO_DEPS")]
    [InlineData("PIP_CONFIG_FILE")]
    public async Task Execute_VariableOfThePersonsOwnPip_ChangesNothing(string variable)
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var other = Wheels.Index(_server, "/other", ("filelock", "99.0", Wheels.Wheel("filelock", "99.0", "x = 2")));
        await File.WriteAllTextAsync(_scratch["pip.conf"], $"[global]\nextra-index-url = {other}\n[install]\ntarget = {_scratch["elsewhere"]}\n");
        var value = variable switch
        {
            "PIP_TARGET" => _scratch["elsewhere"],
            "PIP_NO_DEPS" => "1",
            "PIP_CONFIG_FILE" => _scratch["pip.conf"],
            "PIP_FIND_LINKS" => other + "/filelock/",
            _ => other,
        };
        var notes = new List<string>();
        Environment.SetEnvironmentVariable(variable, value);
        try
        {
            var report = await Executor(notes).ExecuteAsync(FullStack.Of([FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single()]));

            report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        (await PythonPrograms.PackagesAsync(PythonPrograms.Of(environment)!, default))["filelock"].Should().Be("3.13.1");
        Directory.Exists(_scratch["elsewhere"]).Should().BeFalse();
        if (value == other)
            notes.Should().Contain(n => n.Contains("is not taken"));
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_DependencyOnlyAsSource_IsNotBuilt()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var torch = Wheels.Wheel("torch", "2.8.0+cu128", "x = 1", "evil");
        var index = Wheels.Index(_server, "/src", ("torch", "2.8.0+cu128", torch));
        var setup = $"open({System.Text.Json.JsonSerializer.Serialize(_scratch["canary"])}, 'w')\nfrom setuptools import setup\nsetup(name='evil', version='1.0')\n";
        _server.File("/src/evil-1.0.tar.gz", Archives.Gz(Archives.Tar("evil-1.0", ("setup.py", setup), ("PKG-INFO", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"))));
        _server.File("/src/evil/", "<a href=\"/src/evil-1.0.tar.gz\">evil-1.0.tar.gz</a>"u8.ToArray(), "text/html");
        var step = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single() with { Requirements = ["torch==2.8.0+cu128"], IndexUrl = index, Files = [] };

        var report = await Executor().ExecuteAsync(FullStack.Of([step]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        string.Join(' ', report.Steps[0].LastLines).Should().Contain("evil");
        File.Exists(_scratch["canary"]).Should().BeFalse();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_ClosureIsLocked_WrittenDownAndFetchedOnce()
    {
        var environment = _scratch["venv"];
        QuickEnvironment.Make(environment);
        var step = FullStack.TorchSteps(_server, environment).OfType<TorchStep>().Single();
        var executor = Executor();

        var report = await executor.ExecuteAsync(FullStack.Of([step]));
        var fetched = _server.Requests.Count(r => r.Contains(".whl", StringComparison.Ordinal));
        await executor.RollbackAsync();
        var again = await executor.ExecuteAsync(FullStack.Of([step]));

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        again.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(again));
        var lockText = await File.ReadAllTextAsync(_scratch["journal/pylock.toml"]);
        lockText.Should().StartWith("lock-version = \"1.0\"").And.Contain("name = \"filelock\"").And.Contain("name = \"torch\"").And.Contain("name = \"torchvision\"");
        foreach (var file in step.Files)
            lockText.Should().Contain($"hashes = {{ sha256 = \"{file.Sha256}\" }}");
        _server.Requests.Count(r => r.Contains(".whl", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(2 * fetched, "pip may look into a wheel for its metadata; the files themselves come from the cache");
        Directory.EnumerateFiles(_scratch["cache/files"], "sha256-*").Should().HaveCount(3);
    }

    [Fact]
    public void Of_PipsConfiguration_PassesHowToReachTheNetworkAndTellsTheRest()
    {
        var (variables, notes) = PipSettings.Of("global.index-url='https://me:secret@mirror.example/simple'\nglobal.timeout='60'\n:env:.proxy='http://proxy:8080'\ninstall.cert='/etc/ca.pem'\ninstall.target='/x'\n");

        variables.Should().BeEquivalentTo(new Dictionary<string, string?> { ["PIP_TIMEOUT"] = "60", ["PIP_PROXY"] = "http://proxy:8080", ["PIP_CERT"] = "/etc/ca.pem" });
        notes.Should().ContainSingle().Which.Should().Contain("mirror.example").And.NotContain("secret");
    }

    private PlanExecutor Executor(List<string>? notes = null) => new(new ExecutionOptions
    {
        JournalFolder = _scratch["journal"],
        CacheFolder = _scratch["cache"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
        Events = notes is null ? null : new Listener(notes),
    });

    private sealed class Listener(List<string> notes) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value)
        {
            if (value is not Noted note)
                return;
            lock (notes)
                notes.Add(note.Message);
        }
    }
}

/// <summary>Tests that set variables of the whole process run alone.</summary>
[CollectionDefinition("variables of the process", DisableParallelization = true)]
public sealed class ProcessVariablesCollection;
