using System.Diagnostics;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

/// <summary>
/// A whole run whose journal, plan or lists lose bits or pieces: a rollback refuses, or comes to the same end; with --force nothing of the
/// user's is lost. CUDACOMPAT_FLIPS says how many.
/// </summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class JournalDamageTests : IAsyncLifetime
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

    [NeedsProgramsFact("xz", "cp")]
    public async Task Rollback_OfDamagedRecords_IsRefusedOrComesToTheSameEnd()
    {
        Directory.CreateDirectory(_scratch["live/cuda/include"]);
        File.WriteAllText(_scratch["live/cuda/mine.txt"], "years of work");
        File.WriteAllText(_scratch["live/cuda/include/cuda.h"], "the user's own");
        File.WriteAllText(_scratch["live/bashrc"], "alias ll='ls -l'\n");
        var before = Picture();
        var steps = FullStack.ToolkitSteps(_server, "linux-x86_64", _scratch["live/cuda"]);
        var variables = new EnvironmentStep { Component = "toolkit", Scope = "shell-file", Set = new Dictionary<string, string> { ["CUDA_HOME"] = _scratch["live/cuda"] } };
        var run = await Executor().ExecuteAsync(FullStack.Of([.. steps, variables]));
        run.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(run));
        var after = Picture();
        Copy("live", "pristine");
        var files = Directory.EnumerateFiles(_scratch["live/journal"]).Select(Path.GetFileName).Where(n => n is "journal.jsonl" or "plan.json" || n!.StartsWith("list-")).Order(StringComparer.Ordinal).ToArray();
        files.Should().HaveCountGreaterThan(2);
        var random = new Random(7);
        var (refused, undone) = (0, 0);

        for (var i = 0; i < Count; i++)
        {
            Copy("pristine", "live");
            var what = Damage(files[i % 3 == 0 ? random.Next(files.Length) : Array.IndexOf(files, "journal.jsonl")]!, random);

            var (message, rolledBack) = await RollBackAsync(force: false);

            if (rolledBack)
            {
                undone++;
                Scratch.Difference(before, Picture()).Should().BeEmpty($"{i}, {what}: what is obeyed comes to the same end");
                continue;
            }

            refused++;
            message.Should().NotBeEmpty();
            var forced = await RollBackAsync(force: true);
            var now = Picture();
            forced.Message.Should().NotBeNull();
            foreach (var (path, state) in before)
                new[] { state, after[path] }.Should().Contain(now.GetValueOrDefault(path) ?? "nothing", $"{i}, {what}: {path} is what it was or what the plan made of it");
            now.Keys.Should().BeSubsetOf(before.Keys.Union(after.Keys), $"{i}, {what}");
        }

        (refused + undone).Should().Be(Count);
        refused.Should().BeGreaterThan(Count / 3, "most damage is seen");
    }

    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FLIPS"), out var asked) ? asked : 60;

    // What it says, and whether it was done; anything but a refusal in words is a failure of the test.
    private async Task<(string Message, bool IsDone)> RollBackAsync(bool force)
    {
        try
        {
            var report = await Executor(force).RollbackAsync();
            return (string.Join("; ", report.Notes), report.Outcome == ExecutionOutcome.RolledBack && (force || report.Notes.Count == 0));
        }
        catch (Exception e) when (e is JournalException or PlanDocumentException)
        {
            return (e.Message, false);
        }
    }

    private string Damage(string name, Random random)
    {
        var file = _scratch["live/journal/" + name];
        var bytes = File.ReadAllBytes(file);
        var at = random.Next(bytes.Length);
        var cut = random.Next(4) == 0 ? random.Next(1, 120) : 0;
        if (cut > 0)
            bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + cut)..]];
        else
            bytes[at] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(file, bytes);
        return cut > 0 ? $"{name} without {cut} bytes at {at}" : $"{name} with another bit at {at}";
    }

    private SortedDictionary<string, string> Picture()
    {
        var picture = Scratch.Picture(_scratch["live"]);
        foreach (var path in picture.Keys.Where(k => k == "journal" || k.StartsWith("journal/", StringComparison.Ordinal)).ToArray())
            picture.Remove(path);
        return picture;
    }

    private void Copy(string from, string to)
    {
        CudaCompat.Execution.Journals.FileState.Remove(_scratch[to]);
        using var process = Process.Start("cp", ["--archive", _scratch[from], _scratch[to]]);
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    private PlanExecutor Executor(bool force = false) => new(new ExecutionOptions
    {
        JournalFolder = _scratch["live/journal"],
        CacheFolder = _scratch["cache"],
        ShellFile = _scratch["live/bashrc"],
        TrustPlan = true,
        TrustedHosts = ["127.0.0.1", "localhost"],
        Force = force,
    });
}
