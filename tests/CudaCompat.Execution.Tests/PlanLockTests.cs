using System.Diagnostics;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;

namespace CudaCompat.Execution.Tests;

/// <summary>A plan with everything that its Python packages need, by hash: as texts that other programs install from.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class PlanLockTests : IAsyncLifetime
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

    [NeedsProgramsFact("python3")]
    public async Task Requirements_WithALock_InstallTheWholeClosureByHash()
    {
        var plan = Plan();
        var packages = await PlanLock.ResolveAsync(plan, Options, default);
        await File.WriteAllTextAsync(_scratch["requirements.txt"], PlanFormats.Find("requirements")!.Write(plan, packages));
        QuickEnvironment.Make(_scratch["venv"]);

        var (exit, said) = Run(_scratch["venv/bin/python"], "-m", "pip", "install", "--require-hashes", "--requirement", _scratch["requirements.txt"]);

        exit.Should().Be(0, said);
        packages.Select(p => p.Name).Should().BeEquivalentTo("torch", "torchvision", "filelock");
        Run(_scratch["venv/bin/python"], "-c", "import torch, torchvision, filelock; print(torch.__version__)").Said.Trim().Should().Be("2.8.0+cu128");
    }

    [NeedsProgramsTheory("python3", "bash")]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Bash_InstallsByHash_AndNothingElse(bool locked, bool isTampered)
    {
        var plan = Plan();
        var packages = locked ? await PlanLock.ResolveAsync(plan, Options, default) : null;
        var format = PlanFormats.Find("bash")!;
        var script = packages is null ? format.Write(plan) : format.Write(plan, packages);
        if (isTampered)
            Wheels.Index(_server, "/whl/cu128", ("torch", "2.8.0+cu128", Wheels.Torch("2.8.0+cu128", "12.8", gpus: 7)));

        var (exit, said) = RunWith("bash", ["-c", $"cd '{_scratch.Root}' && bash -s"], script);

        script.Should().Contain("--require-hashes").And.Contain("torch==2.8.0+cu128 --hash=sha256:");
        (exit == 0).Should().Be(!isTampered, said);
        var installed = Directory.EnumerateDirectories(_scratch[".venv/lib"], "torch", new EnumerationOptions { RecurseSubdirectories = true });
        installed.Any().Should().Be(!isTampered);
    }

    [NeedsProgramsFact("python3")]
    public async Task Pylock_IsTomlOfTheStandard()
    {
        var plan = Plan();
        var text = PlanFormats.Find("pylock")!.Write(plan, await PlanLock.ResolveAsync(plan, Options, default));

        const string program = "import sys, tomllib; d = tomllib.loads(sys.stdin.read()); print(d['lock-version'], *('%s=%s:%s' % (p['name'], p['version'], len(p['wheels'][0]['hashes']['sha256'])) for p in d['packages']))";
        var (exit, said) = RunWith("python3", ["-c", program], text);

        exit.Should().Be(0, said);
        said.Trim().Should().Be("1.0 filelock=3.13.1:64 torch=2.8.0+cu128:64 torchvision=0.23.0+cu128:64");
    }

    [Theory]
    [InlineData("windows", "pip", "another system")]
    [InlineData("linux", "conda", "conda")]
    public async Task Resolve_WhatCannotBeSaidHere_SaysWhy(string system, string packaging, string why)
    {
        var plan = Plan();
        plan = plan with
        {
            Machine = new() { OperatingSystem = system == "windows" ^ OperatingSystem.IsWindows() ? Machines.OperatingSystemFamily.Windows : Machines.OperatingSystemFamily.Linux },
            Steps = [.. plan.Steps.Select(s => s is TorchStep t ? t with { Method = packaging } : s)],
        };
        var resolve = () => PlanLock.ResolveAsync(plan, Options, default);
        (await resolve.Should().ThrowAsync<StepFailedException>()).Which.Message.Should().Contain(why);
    }

    private ExecutionOptions Options => new();

    // Torch and its companion with what they need, in the commands that a plan has.
    private InstallPlan Plan()
    {
        var steps = FullStack.TorchSteps(_server, ".venv").ToArray();
        var torch = steps.OfType<TorchStep>().Single();
        return FullStack.Of(
        [
            .. steps.OfType<PythonStep>().Select(p => p with { Command = ["python3", "-m", "venv", ".venv"] }),
            torch with { Command = [".venv/bin/python", "-m", "pip", "install", .. torch.Requirements, "--index-url", torch.IndexUrl!] },
        ]);
    }

    private static (int Exit, string Said) Run(string program, params string[] arguments) => RunWith(program, arguments, "");

    private static (int Exit, string Said) RunWith(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PIP_NO_CACHE_DIR"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit(300_000).Should().BeTrue();
        return (process.ExitCode, output.Result + errors.Result);
    }
}
