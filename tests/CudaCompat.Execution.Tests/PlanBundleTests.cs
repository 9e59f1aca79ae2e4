using System.Diagnostics;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>Everything that a plan needs in a folder, and the plan carried out from it where there is no network.</summary>
#pragma warning disable CA1001 // the test disposes of what it makes
public sealed class PlanBundleTests : IDisposable
#pragma warning restore CA1001
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("python3", "xz")]
    public async Task Apply_BundleWithoutANetwork_InstallsAndProvesTheWholePlan()
    {
        var plan = await FetchAsync();

        var (bundled, options) = PlanBundle.Open(_scratch["bundle"], Options("other"));
        var report = await new PlanExecutor(options).ExecuteAsync(bundled);

        InstallPlanDocument.Write(bundled).Should().Equal(InstallPlanDocument.Write(plan));
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        File.Exists(_scratch["target/cuda/bin/nvcc"]).Should().BeTrue();
        var bill = await File.ReadAllTextAsync(Path.Combine(report.Journal, BillOfMaterials.FileName));
        bill.Should().Contain("\"bomFormat\": \"CycloneDX\"").And.Contain("pkg:pypi/filelock@3.13.1").And.Contain("cuda_nvcc");
    }

    /// <summary>A network namespace of its own has no route and no loopback: whatever would be fetched fails there.</summary>
    [NeedsNetworkNamespaceFact]
    public async Task Apply_BundleInANetworkNamespaceWithoutARoute_InstallsAndProvesTheWholePlan()
    {
        await FetchAsync();
        string[] run = [Path.Combine(AppContext.BaseDirectory, "CudaCompat.FakeTools.dll"), "apply", _scratch["bundle"], _scratch["ns-journal"], _scratch["ns-cache"], _scratch["target/home/.bashrc"], "python3"];

        var (exit, said) = Shell("test \"$(wc -l < /proc/net/route)\" -le 1 || exit 99; exec dotnet \"$@\"", run);

        exit.Should().Be(0, said);
        said.Should().Contain("Finished");
        File.Exists(_scratch["target/cuda/bin/nvcc"]).Should().BeTrue();
        Directory.EnumerateDirectories(_scratch["target/venv/lib"], "torchvision", new EnumerationOptions { RecurseSubdirectories = true }).Should().NotBeEmpty();
    }

    [NeedsProgramsTheory("python3", "xz")]
    [InlineData("a file changed")]
    [InlineData("a file missing")]
    [InlineData("a name that leads out")]
    public async Task Open_BundleThatIsNotWhatWasFetched_IsRefused(string what)
    {
        await FetchAsync();
        var file = Directory.EnumerateFiles(_scratch["bundle/files"]).Order().First();
        var sums = _scratch["bundle/SHA256SUMS"];
        switch (what)
        {
            case "a file changed":
                await File.AppendAllTextAsync(file, "x");
                break;
            case "a file missing":
                File.Delete(file);
                break;
            default:
                await File.WriteAllTextAsync(sums, (await File.ReadAllTextAsync(sums)).Replace("files/" + Path.GetFileName(file), "files/../../../etc/passwd", StringComparison.Ordinal));
                break;
        }

        var act = () => PlanBundle.Open(_scratch["bundle"], Options("other"));

        act.Should().Throw<PlanDocumentException>();
    }

    [NeedsProgramsFact("python3")]
    public async Task Execute_OfflineWithoutABundle_SaysWhatIsMissing()
    {
        var plan = FullStack.Of([new DownloadStep { Component = "cudnn", Url = "http://127.0.0.1:1/a.zip", FileName = "a.zip", Size = 5 }]);

        var report = await new PlanExecutor(Options("alone") with { Offline = true }).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("not in the cache");
        report.Next.Should().Contain("fetch");
    }

    private static (int Exit, string Said) Shell(string script, string[] arguments)
    {
        var start = new ProcessStartInfo("unshare", ["--net", "--", "sh", "-c", script, "sh", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit(600_000).Should().BeTrue();
        return (process.ExitCode, output.Result + errors.Result);
    }

    // The server is gone when this returns: nothing can be fetched any more.
    private async Task<InstallPlan> FetchAsync()
    {
        await using var server = await LocalServer.StartAsync();
        PlanExecutorTests.SeedTarget(_scratch["target"]);
        var plan = FullStack.Plan(server, _scratch["target"]);
        await PlanBundle.FetchAsync(plan, _scratch["bundle"], Options("fetch"), default);
        return plan;
    }

    private ExecutionOptions Options(string name) => new()
    {
        JournalFolder = _scratch[$"{name}-journal"],
        CacheFolder = _scratch[$"{name}-cache"],
        ShellFile = _scratch["target/home/.bashrc"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
    };
}
