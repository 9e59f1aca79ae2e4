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
