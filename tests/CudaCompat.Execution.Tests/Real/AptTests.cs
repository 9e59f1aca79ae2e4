using System.Diagnostics;
using CudaCompat.Planning;
using CudaCompat.Processes;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests.Real;

/// <summary>The apt step with the real apt-get and Debian's non-free nvidia-cuda-toolkit, in a system of one's own: it changes the machine.</summary>
public sealed class AptTests(ITestOutputHelper output)
{
    [RealAptFact]
    public async Task Apply_OfDebiansToolkit_InstallsIt_AgainChangesNothing_AndIsUndoneByExactNames()
    {
        using var scratch = new Scratch();
        var executor = new PlanExecutor(new ExecutionOptions { JournalFolder = scratch["journal"], CacheFolder = scratch["cache"], AllowAdmin = true, Unattended = true, TrustPlan = true });
        var plan = FullStack.Of(
        [
            new ToolkitStep { Component = "toolkit", Version = "11.8.0", Method = "apt", Components = ["nvidia-cuda-toolkit"], RequiresAdmin = true },
            new VerifyStep { Component = "stack", Checks = ["nvcc"] },
        ]) with
        {
            Stack = new() { Toolkit = Versions.CudaVersion.Parse("11.8.0") },
        };
        var before = Installed();

        var report = await executor.ExecuteAsync(plan);
        var added = Installed().Except(before).ToArray();
        var second = await executor.ExecuteAsync(plan);
        var undone = await executor.RollbackAsync();

        output.WriteLine($"{added.Length} packages: {string.Join(", ", added)}");
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        added.Should().Contain(p => p.StartsWith("nvidia-cuda-toolkit ", StringComparison.Ordinal)).And.NotContain(p => p.StartsWith("nvidia-driver", StringComparison.Ordinal) || p.Contains("dkms", StringComparison.Ordinal));
        second.Steps[0].Outcome.Should().Be(StepOutcome.AlreadyDone);
        undone.Notes.Should().BeEmpty();
        Installed().Should().BeEquivalentTo(before);
    }

    private static string[] Installed()
    {
        using var query = Process.Start(new ProcessStartInfo("dpkg-query", ["--show", "--showformat=${db:Status-Status} ${binary:Package} ${Version}\\n"]) { RedirectStandardOutput = true })!;
        var lines = query.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        query.WaitForExit();
        return [.. lines.Where(l => l.StartsWith("installed ", StringComparison.Ordinal)).Select(l => l["installed ".Length..])];
    }
}

/// <summary>A test that installs and removes real packages: only where it is asked for, and then only as administrator of a Debian.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealAptFactAttribute : FactAttribute
{
    public RealAptFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_REAL_APT") != "1")
            Skip = "CUDACOMPAT_REAL_APT is not 1: this puts 1.6 GB of Debian's non-free packages on the machine and takes them off again";
        else if (!Environment.IsPrivilegedProcess || TrustedPath.Current.Find("apt-get") is null || File.Exists("/usr/bin/nvcc"))
            Skip = "needs apt-get, administrator's rights, and no nvcc yet";
    }
}
