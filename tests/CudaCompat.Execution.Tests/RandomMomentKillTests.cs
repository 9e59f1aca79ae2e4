using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests;

/// <summary>Kills the executor at random moments, forwards and backwards.</summary>
public sealed class RandomMomentKillTests(ITestOutputHelper output)
{
    [NeedsProgramsFact("python3", "xz")]
    public Task Apply_KilledAtRandomMoments_ResumesOrRollsBackExactly() => ApplyAsync(KilledRun.Moments);

    /// <summary>Python starts programs of its own when it makes an environment; they outlive the executor.</summary>
    [NeedsProgramsFact("python3", "xz")]
    public Task Apply_KilledWhilePythonMakesAnEnvironment_ResumesOrRollsBackExactly() => ApplyAsync(Math.Max(2, KilledRun.Moments / 20), usual: true);

    [NeedsProgramsFact("python3", "xz")]
    public async Task Rollback_KilledAtRandomMoments_CanBeFinished()
    {
        await using var run = await KilledRun.PrepareAsync(output);
        var random = new Random(7);
        var (hits, count) = (0, Math.Max(3, KilledRun.Moments / 10));
        for (var i = 0; i < count; i++)
        {
            run.Reset();
            await run.SucceedAsync("apply");
            hits += await run.KillAfterAsync("rollback", TimeSpan.FromMilliseconds(random.Next(80, 500))) ? 1 : 0;
            await run.SucceedAsync("rollback");
            run.ShouldBe(run.Before, $"rollback {i}");
        }

        output.WriteLine($"{count} rollbacks, {hits} killed in the middle; none lost");
    }

    private async Task ApplyAsync(int moments, bool usual = false)
    {
        await using var run = await KilledRun.PrepareAsync(output, usual);
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_SEED"), out var asked) ? asked : Environment.TickCount;
        var random = new Random(seed);
        var (hits, late) = (0, 0);
        for (var i = 0; i < moments; i++)
        {
            run.Reset();
            var moment = run.Duration * (0.05 + (random.NextDouble() * 0.95));
            if (await run.KillAfterAsync("apply", moment))
                hits++;
            else
                late++;
            await run.FollowUpAsync(i % 2 == 0, $"seed {seed}, moment {i}, killed after {moment.TotalMilliseconds:0} ms");
        }

        output.WriteLine($"{moments} random moments (seed {seed}) of a run of {run.Duration.TotalMilliseconds:0} ms: {hits} killed, {late} had finished; none lost");
        hits.Should().BePositive();
    }
}
