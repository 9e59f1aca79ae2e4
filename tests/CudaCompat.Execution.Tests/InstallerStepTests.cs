using CudaCompat.Execution.Steps;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>The steps that run a vendor's or a distribution's program, with small programs of the same manners in its place.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class InstallerStepTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Runfile = """
        #!/bin/bash
        for a in "$@"; do
          case $a in
            --help) printf 'Options:\n  --silent\n  --toolkit\n  --installpath=<path>\n  --tmpdir=<path>\n  --no-man-page\n'; exit 0 ;;
            --silent|--toolkit|--no-man-page|--tmpdir=*) ;;
            --installpath=*) place=${a#--installpath=} ;;
            *) echo "Unknown option: $a"; exit 1 ;;
          esac
        done
        mkdir -p "$place/bin" "$place/lib64"
        printf '#!/bin/sh\n' > "$place/bin/nvcc"
        chmod 755 "$place/bin/nvcc"
        """;

    // Keeps its state in a folder; simulates as apt-get does.
    private const string Apt = """
        #!/bin/sh
        state=$(dirname "$0")/../state
        mkdir -p "$state"
        if [ "$1" = --simulate ]; then
          echo 'Inst cuda-toolkit-12-8-config-common (12.8.57-1 cuda [all])'
          echo "Inst cuda-toolkit-12-8 (12.8.1-1 cuda [amd64])"
          [ -f "$state/extra" ] && cat "$state/extra"
          exit 0
        fi
        echo "$*" >> "$state/log"
        case "$*" in
          *remove*) rm -f "$state"/installed-* ;;
          *install*) echo 12.8.1-1 > "$state/installed-cuda-toolkit-12-8"; echo 12.8.57-1 > "$state/installed-cuda-toolkit-12-8-config-common" ;;
        esac
        """;

    private const string DpkgQuery = """
        #!/bin/sh
        state=$(dirname "$0")/../state
        shift 2
        for p in "$@"; do
          [ -f "$state/installed-$p" ] && echo "$p|$(cat "$state/installed-$p")|installed"
        done
        exit 0
        """;

    private readonly Scratch _scratch = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [NeedsProgramsFact("bash")]
    public async Task Runfile_HelpAskedFirst_OnlyListedOptionsAreSentAndARollbackRemovesIt()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Runfile);
        var url = _server.File("/cuda_linux.run", bytes);
        InstallStep[] steps =
        [
            new DownloadStep { Component = "toolkit", Url = url, FileName = "cuda_linux.run", Checksum = new Checksum("sha256", Wheels.Sha256(bytes)), Size = bytes.Length },
            new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "runfile", FileName = "cuda_linux.run", Prefix = _scratch["opt/cuda"] },
        ];
        var executor = Executor();

        var report = await executor.ExecuteAsync(FullStack.Of(steps));
        var there = File.Exists(_scratch["opt/cuda/bin/nvcc"]);
        await executor.RollbackAsync();

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        there.Should().BeTrue();
        Directory.Exists(_scratch["opt"]).Should().BeFalse();
    }

    [Fact]
    public void Options_OldHelp_UsesItsOwnNames()
    {
        RunfileRunner.Options("--silent --toolkit --toolkitpath --defaultroot --no-opengl-libs", "/p", "/t")
            .Should().Equal("--silent", "--toolkit", "--toolkitpath=/p", "--defaultroot=/p", "--no-opengl-libs");
        var act = () => RunfileRunner.Options("--silent --driver", "/p", "/t");
        act.Should().Throw<StepFailedException>();
    }

    [NeedsProgramsFact("sh")]
    public async Task Apt_ToolkitPackage_IsSimulatedInstalledAndRemovedByExactNames()
    {
        PutPrograms();
        var executor = Executor();
        var plan = FullStack.Of([Package("cuda-toolkit-12-8")]);

        var report = await executor.ExecuteAsync(plan);
        var second = await executor.ExecuteAsync(plan);
        var rolledBack = await executor.RollbackAsync();

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        second.Steps.Should().OnlyContain(s => s.Outcome == StepOutcome.AlreadyDone);
        rolledBack.Notes.Should().BeEmpty();
        File.ReadAllLines(_scratch["state/log"]).Should().Equal(
            "-o DPkg::Lock::Timeout=600 --yes --no-install-recommends install cuda-toolkit-12-8", "-o DPkg::Lock::Timeout=600 --yes remove cuda-toolkit-12-8-config-common cuda-toolkit-12-8");
    }

    [NeedsProgramsFact("sh")]
    public async Task Apt_SimulationWouldTouchADriver_IsRefusedBeforeAnyChange()
    {
        PutPrograms();
        Directory.CreateDirectory(_scratch["state"]);
        File.WriteAllText(_scratch["state/extra"], "Inst libnvidia-compute-580 [570.1] (580.2 cuda [amd64])\n");

        var report = await Executor().ExecuteAsync(FullStack.Of([Package("cuda-toolkit-12-8")]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("libnvidia-compute-580");
        File.Exists(_scratch["state/log"]).Should().BeFalse();
    }

    [NeedsProgramsFact("sh")]
    public async Task Apt_NewLibrariesOfADriver_AreTakenOnlyWhereNoDriverIs()
    {
        PutPrograms();
        Directory.CreateDirectory(_scratch["state"]);
        File.WriteAllText(_scratch["state/extra"], "Inst libcuda1 (535.261.03-1 Debian:12 [amd64])\nInst libnvidia-ml1 (535.261.03-1 Debian:12 [amd64])\n");
        var plan = FullStack.Of([Package("nvidia-cuda-toolkit")]);

        var beside = await Executor(driver: true, "a").ExecuteAsync(plan);
        var alone = await Executor(driver: false, "b").ExecuteAsync(plan);
        File.WriteAllText(_scratch["state/extra"], "Inst nvidia-kernel-dkms (535.261.03-1 Debian:12 [amd64])\n");
        var kernel = await Executor(driver: false, "c").ExecuteAsync(plan);

        beside.Steps[0].Message.Should().Contain("libcuda1");
        alone.Steps[0].Message.Should().Contain("libcuda1").And.StartWith("4 packages");
        kernel.Steps[0].Message.Should().Contain("touch the driver package nvidia-kernel-dkms");
    }

    [NeedsProgramsFact("sh")]
    public async Task Apt_WithoutANetwork_IsNotStarted()
    {
        PutPrograms(Apt.Replace("#!/bin/sh", $"#!/bin/sh\ntouch '{_scratch["started"]}'", StringComparison.Ordinal));

        var report = await Executor(with: o => o with { Offline = true }).ExecuteAsync(FullStack.Of([Package("cuda-toolkit-12-8")]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("apt takes its packages from a network");
        File.Exists(_scratch["started"]).Should().BeFalse();
    }

    /// <summary>All runs of a manager write to one log; each tells what it printed itself.</summary>
    [NeedsProgramsFact("sh")]
    public async Task Apt_SecondStep_TellsItsOwnOutputAlone()
    {
        PutPrograms(Apt.Replace("case \"$*\" in", "echo \"writes $*\"\ncase \"$*\" in", StringComparison.Ordinal));
        var told = new List<string>();

        var report = await Executor(heard: new Listener(e => { if (e is ProgramPrinted p) lock (told) told.Add($"{p.Index}: {p.Line}"); }))
            .ExecuteAsync(FullStack.Of([Package("cuda-toolkit-12-8"), Package("cuda-nvcc-12-8")]));

        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        told.Where(t => t.Contains("writes")).Should().Equal(
            "0: writes -o DPkg::Lock::Timeout=600 --yes --no-install-recommends install cuda-toolkit-12-8",
            "1: writes -o DPkg::Lock::Timeout=600 --yes --no-install-recommends install cuda-nvcc-12-8");
    }

    /// <summary>Ctrl-C while packages are written: the manager comes to its end, whatever it is sent, and then its work is undone.</summary>
    [NeedsProgramsFact("sh")]
    public async Task Apt_CancelledWhileItWrites_IsNeverStoppedAndThenUndone()
    {
        PutPrograms(Apt.Replace("case \"$*\" in", "case \"$*\" in *install*) touch \"$state/writes\"; kill -INT $$; kill -TERM $$; sleep 2; echo ended >> \"$state/log\" ;; esac\ncase \"$*\" in", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        var run = Executor().ExecuteAsync(FullStack.Of([Package("cuda-toolkit-12-8")]), stop.Token);
        while (!File.Exists(_scratch["state/writes"]) && !run.IsCompleted)
            await Task.Delay(20);
        await stop.CancelAsync();

        var report = await run;

        report.Outcome.Should().Be(ExecutionOutcome.Cancelled, PlanExecutorTests.Told(report));
        File.ReadAllLines(_scratch["state/log"]).Should().Equal(
            "-o DPkg::Lock::Timeout=600 --yes --no-install-recommends install cuda-toolkit-12-8", "ended",
            "-o DPkg::Lock::Timeout=600 --yes remove cuda-toolkit-12-8-config-common cuda-toolkit-12-8");
        Directory.EnumerateFiles(_scratch["state"], "installed-*").Should().BeEmpty();
    }

    /// <summary>After a crash a package is half configured: it counts as there, is configured and then removed.</summary>
    [NeedsProgramsFact("sh")]
    public async Task Rollback_PackageHalfConfigured_IsConfiguredAndRemoved()
    {
        PutPrograms();
        var executor = Executor();
        (await executor.ExecuteAsync(FullStack.Of([Package("cuda-toolkit-12-8")]))).Outcome.Should().Be(ExecutionOutcome.Finished);
        File.WriteAllText(_scratch["state/half"], "");
        var query = DpkgQuery.Replace("|installed\"", "|$([ -f \"$state/half\" ] && echo half-configured || echo installed)\"", StringComparison.Ordinal);
        Program("dpkg-query", query);
        Program("dpkg", "#!/bin/sh\nstate=$(dirname \"$0\")/../state\necho \"dpkg $*\" >> \"$state/log\"\nrm -f \"$state/half\"\n");

        var report = await executor.RollbackAsync();

        report.Notes.Should().BeEmpty();
        File.ReadAllLines(_scratch["state/log"])[1..].Should().Equal("dpkg --configure --pending", "-o DPkg::Lock::Timeout=600 --yes remove cuda-toolkit-12-8-config-common cuda-toolkit-12-8");
    }

    [Theory]
    [InlineData("cuda", true)]
    [InlineData("cuda-12-4", true)]
    [InlineData("cuda-drivers", true)]
    [InlineData("cuda-drivers-550", true)]
    [InlineData("cuda-runtime-12-4", true)]
    [InlineData("nvidia-driver-550", true)]
    [InlineData("nvidia-open", true)]
    [InlineData("kmod-nvidia-latest-dkms", true)]
    [InlineData("libnvidia-compute-580:amd64", true)]
    [InlineData("cuda-toolkit-12-4", false)]
    [InlineData("cuda-toolkit=12.2.0-1", false)]
    [InlineData("cuda-driver-dev-12-4", false)]
    [InlineData("libnvidia-ml-dev", false)]
    [InlineData("cudnn9-cuda-12", false)]
    [InlineData("libnvjitlink-12-4", false)]
    public void DriverPackages_Name_IsKnown(string package, bool isDriver) => DriverPackages.Contains(package).Should().Be(isDriver);

    [Fact]
    public void Parse_DnfAndZypperSimulations_GiveNamesAndVersions()
    {
        var dnf = PackageManager.ParseDnf("""
            Dependencies resolved.
            ================================================================
             Package             Arch     Version      Repository       Size
            ================================================================
            Installing:
             cuda-toolkit-12-8   x86_64   12.8.1-1     cuda-rhel9      3.3 k
            Installing dependencies:
             cuda-nvcc-12-8      x86_64   12.8.93-1    cuda-rhel9       80 M
            Removing:
             old-thing           x86_64   1.0-1        @System         1.0 k

            Transaction Summary
            """);
        var zypper = PackageManager.ParseZypper("""
            Loading repository data...

            The following 2 NEW packages are going to be installed:
              cuda-nvcc-12-8     12.8.93-1  x86_64  cuda  NVIDIA
              cuda-toolkit-12-8  12.8.1-1   x86_64  cuda  NVIDIA

            2 new packages to install.
            """);

        dnf.Changes.Select(c => $"{c.Name} {c.After}").Should().Equal("cuda-toolkit-12-8 12.8.1-1", "cuda-nvcc-12-8 12.8.93-1");
        dnf.Removed.Should().Equal("old-thing");
        zypper.Changes.Select(c => $"{c.Name} {c.After}").Should().Equal("cuda-nvcc-12-8 12.8.93-1", "cuda-toolkit-12-8 12.8.1-1");
    }

    private static ToolkitStep Package(string name) => new() { Component = "toolkit", Version = "12.8.1", Method = "apt", Components = [name], RequiresAdmin = true };

    private void PutPrograms(string? apt = null)
    {
        Program("apt-get", apt ?? Apt);
        Program("dpkg-query", DpkgQuery);
        Program("sudo", "#!/bin/sh\nshift\nexec \"$@\"\n");
    }

    private void Program(string name, string text)
    {
        Directory.CreateDirectory(_scratch["bin"]);
        File.WriteAllText(_scratch["bin/" + name], text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_scratch["bin/" + name], (UnixFileMode)0x1ED);
    }

    private PlanExecutor Executor(bool? driver = null, string journal = "journal", IProgress<ExecutionEvent>? heard = null, Func<ExecutionOptions, ExecutionOptions>? with = null) => new((with ?? (o => o))(new ExecutionOptions
    {
        DriverIsThere = driver,
        JournalFolder = _scratch[journal],
        CacheFolder = _scratch["cache"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
        AllowAdmin = true,
        Events = heard,
        ProgramPath = Directory.Exists(_scratch["bin"]) ? _scratch["bin"] : null,
    }));

    private sealed class Listener(Action<ExecutionEvent> heard) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value) => heard(value);
    }
}
