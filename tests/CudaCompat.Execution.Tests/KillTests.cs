using System.Diagnostics;
using System.Globalization;
using CudaCompat.Planning;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests;

/// <summary>
/// Kills the executor, a real process, with SIGKILL: at every line of its journal and at random moments. Afterwards a resumed run must end
/// byte for byte like an undisturbed one, and a rollback like the state before. CUDACOMPAT_KILLS sets how many random moments (200 for the
/// full proof; then both follow-ups are also tried at every line).
/// </summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
#pragma warning restore CA1001
{
    private const int Killed = 137;

    private readonly Scratch _scratch = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await LocalServer.StartAsync();
        File.WriteAllBytes(_scratch["plan.json"], InstallPlanDocument.Write(FullStack.Plan(_server, _scratch["target"])));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    private static int Moments => int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_KILLS"), out var asked) ? asked : 15;

    [NeedsProgramsFact("python3", "xz")]
    public async Task Apply_KilledAtEveryJournalLine_ResumesOrRollsBackExactly()
    {
        var (before, after, _, lines) = await UndisturbedAsync();
        string[] whens = ["after", "torn", "before"];
        var full = Moments >= 200;
        var tried = 0;
        for (var line = 0; line < lines; line++)
        {
            foreach (var when in full ? whens : [whens[line % 3]])
            {
                foreach (var resume in full ? [true, false] : new[] { line % 2 == 0 })
                {
                    Reset();
                    (await RunAsync("apply", when, line.ToString(CultureInfo.InvariantCulture))).ExitCode.Should().Be(Killed, $"it kills itself {when} line {line}");
                    await FollowUpAsync(resume, before, after, $"killed {when} line {line}");
                    tried++;
                }
            }
        }

        output.WriteLine($"{tried} kills at {lines} journal lines, none lost");
        lines.Should().BeGreaterThan(25);
    }

    [NeedsProgramsFact("python3", "xz")]
    public async Task Apply_KilledAtRandomMoments_ResumesOrRollsBackExactly()
    {
        var (before, after, duration, _) = await UndisturbedAsync();
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_SEED"), out var asked) ? asked : Environment.TickCount;
        var random = new Random(seed);
        var (hits, late) = (0, 0);
        for (var i = 0; i < Moments; i++)
        {
            Reset();
            var moment = duration * (0.05 + (random.NextDouble() * 0.95));
            if (await KillAfterAsync("apply", moment))
                hits++;
            else
                late++;
            await FollowUpAsync(i % 2 == 0, before, after, $"seed {seed}, moment {i}, killed after {moment.TotalMilliseconds:0} ms");
        }

        output.WriteLine($"{Moments} random moments (seed {seed}) of a run of {duration.TotalMilliseconds:0} ms: {hits} killed, {late} had finished; none lost");
        hits.Should().BePositive();
    }

    [NeedsProgramsFact("python3", "xz")]
    public async Task Rollback_KilledAtRandomMoments_CanBeFinished()
    {
        var (before, _, _, _) = await UndisturbedAsync();
        var random = new Random(7);
        for (var i = 0; i < Math.Max(3, Moments / 10); i++)
        {
            Reset();
            (await RunAsync("apply")).ExitCode.Should().Be(0);
            await KillAfterAsync("rollback", TimeSpan.FromMilliseconds(random.Next(80, 500)));
            (await RunAsync("rollback")).ExitCode.Should().Be(0);
            Scratch.Difference(before, Scratch.Picture(_scratch["target"])).Should().BeEmpty();
        }
    }

    private async Task FollowUpAsync(bool resume, SortedDictionary<string, string> before, SortedDictionary<string, string> after, string moment)
    {
        var (exitCode, told) = await RunAsync(resume ? "resume" : "rollback");
        if (exitCode == 9 && resume)
            (exitCode, told) = await RunAsync("apply"); // killed before there was a journal
        if (exitCode == 9)
            exitCode = 0; // nothing was begun, so nothing is to be undone
        exitCode.Should().Be(0, $"{moment}: {told}".Replace("{", "{{").Replace("}", "}}"));
        Scratch.Difference(resume ? after : before, Scratch.Picture(_scratch["target"])).Should().BeEmpty($"{moment}, {(resume ? "resumed" : "rolled back")}");
    }

    private async Task<(SortedDictionary<string, string> Before, SortedDictionary<string, string> After, TimeSpan Duration, int Lines)> UndisturbedAsync()
    {
        Reset();
        var before = Scratch.Picture(_scratch["target"]);
        var watch = Stopwatch.StartNew();
        var (exitCode, told) = await RunAsync("apply");
        exitCode.Should().Be(0, told.Replace("{", "{{").Replace("}", "}}"));
        return (before, Scratch.Picture(_scratch["target"]), watch.Elapsed, File.ReadAllLines(_scratch["journal/journal.jsonl"]).Length);
    }

    private void Reset()
    {
        foreach (var name in (string[])["target", "journal", "cache"])
            Journals.FileState.Remove(_scratch[name]);
        PlanExecutorTests.SeedTarget(_scratch["target"]);
    }

    private Process Start(string verb, params string[] more) => Process.Start(new ProcessStartInfo("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "CudaCompat.FakeTools.dll"), verb, _scratch["plan.json"], _scratch["journal"], _scratch["cache"],
        Path.Combine(_scratch["target"], "home", ".bashrc"), .. more,
    ])
    { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private async Task<(int ExitCode, string Told)> RunAsync(string verb, params string[] more)
    {
        using var process = Start(verb, more);
        var error = process.StandardError.ReadToEndAsync();
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, told + await error);
    }

    // Only the executor is killed: what it started lives on, as after a real kill.
    private async Task<bool> KillAfterAsync(string verb, TimeSpan moment)
    {
        using var process = Start(verb);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(moment));
        var hit = !process.HasExited;
        process.Kill();
        // Not WaitForExitAsync: orphans may hold the pipes for long.
        while (!process.HasExited)
            await Task.Delay(5);
        return hit;
    }
}
