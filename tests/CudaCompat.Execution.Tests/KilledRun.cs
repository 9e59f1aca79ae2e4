using System.Diagnostics;
using CudaCompat.Planning;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests;

/// <summary>
/// The executor as a real process that is killed with SIGKILL, and what must hold afterwards: a resumed run ends byte for byte like an
/// undisturbed one, a rollback like the state before. CUDACOMPAT_KILLS says how many random moments are tried; from 200 on it is the full
/// proof, with every follow-up at every line.
/// </summary>
internal sealed class KilledRun : IAsyncDisposable
{
    public const int Killed = 137;

    private readonly Scratch _scratch = new();
    private readonly LocalServer _server;
    private readonly ITestOutputHelper _output;

    private string _python = "python3";

    private KilledRun(LocalServer server, ITestOutputHelper output) => (_server, _output) = (server, output);

    public static int Moments => int.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_KILLS"), out var asked) ? asked : 15;

    public static bool IsFullProof => Moments >= 200;

    public SortedDictionary<string, string> Before { get; private set; } = [];

    public SortedDictionary<string, string> After { get; private set; } = [];

    /// <summary>How long an undisturbed run takes.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>How many lines its journal has.</summary>
    public int Lines { get; private set; }

    private string Target => _scratch["target"];

    /// <summary>A plan with all kinds of steps, carried out once undisturbed.</summary>
    /// <param name="output">Hears what the runs say.</param>
    /// <param name="usual">True to make environments as Python usually does, however long that takes.</param>
    /// <param name="plan">The plan for a server and a folder; null for one with all kinds of steps.</param>
    public static async Task<KilledRun> PrepareAsync(ITestOutputHelper output, bool usual = false, Func<LocalServer, string, InstallPlan>? plan = null)
    {
        var server = await LocalServer.StartAsync();
        var run = new KilledRun(server, output);
        await File.WriteAllBytesAsync(run._scratch["plan.json"], InstallPlanDocument.Write((plan ?? FullStack.Plan)(server, run.Target)));
        if (!usual)
            QuickEnvironment.WritePython(run._python = run._scratch["python3"]);
        run.Reset();
        run.Before = Scratch.Picture(run.Target);
        var watch = Stopwatch.StartNew();
        await run.SucceedAsync("apply");
        run.Duration = watch.Elapsed;
        run.After = Scratch.Picture(run.Target);
        run.Journal = await File.ReadAllLinesAsync(run._scratch["journal/journal.jsonl"]);
        run.Lines = run.Journal.Length;
        return run;
    }

    /// <summary>The lines of the undisturbed run's journal.</summary>
    public string[] Journal { get; private set; } = [];

    /// <summary>Everything as before the first run.</summary>
    public void Reset()
    {
        foreach (var name in (string[])["target", "journal", "cache"])
            Journals.FileState.Remove(_scratch[name]);
        PlanExecutorTests.SeedTarget(Target);
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="verb">apply, resume or rollback.</param>
    /// <param name="more">When to kill itself.</param>
    public async Task<(int ExitCode, string Told)> RunAsync(string verb, params string[] more)
    {
        using var process = Start(verb, more);
        var error = process.StandardError.ReadToEndAsync();
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, told + await error);
    }

    public async Task SucceedAsync(string verb)
    {
        var (exitCode, told) = await RunAsync(verb);
        exitCode.Should().Be(0, told.Replace("{", "{{").Replace("}", "}}"));
        _output.WriteLine(told);
    }

    /// <summary>Kills the executor, and only it: what it started lives on, as after a real kill. False where it had finished.</summary>
    public async Task<bool> KillAfterAsync(string verb, TimeSpan moment)
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

    /// <summary>Resumes or rolls back after a kill; the result must be exact.</summary>
    public async Task FollowUpAsync(bool resume, string moment)
    {
        var (exitCode, told) = await RunAsync(resume ? "resume" : "rollback");
        if (exitCode == 9 && resume)
            (exitCode, told) = await RunAsync("apply"); // killed before there was a journal
        if (exitCode == 9)
            exitCode = 0; // nothing was begun, so nothing is to be undone
        exitCode.Should().Be(0, $"{moment}: {told}".Replace("{", "{{").Replace("}", "}}"));
        ShouldBe(resume ? After : Before, $"{moment}, {(resume ? "resumed" : "rolled back")}");
    }

    public void ShouldBe(SortedDictionary<string, string> picture, string moment) => Scratch.Difference(picture, Scratch.Picture(Target)).Should().BeEmpty(moment);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    private Process Start(string verb, params string[] more) => Process.Start(new ProcessStartInfo("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "CudaCompat.FakeTools.dll"), verb, _scratch["plan.json"], _scratch["journal"], _scratch["cache"],
        Path.Combine(Target, "home", ".bashrc"), _python, .. more,
    ])
    { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
