using System.Diagnostics;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

/// <summary>The one place that runs programs, with real ones.</summary>
public sealed class ProcessRunnerTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("sh")]
    public async Task Output_OfBothStreams_IsKeptApartAndItsLastLinesTogether()
    {
        var result = await Run("echo one; echo two >&2; printf 'end without a line'; exit 3");

        result.ExitCode.Should().Be(3);
        result.Output.Should().Be("one\nend without a line");
        result.Error.Should().Be("two\n");
        result.Tail.Should().BeEquivalentTo("one", "two", "end without a line");
    }

    [NeedsProgramsFact("sh", "sleep")]
    public async Task GrandchildThatHoldsThePipes_IsNotWaitedFor()
    {
        var watch = Stopwatch.StartNew();

        var result = await Run("sleep 60 & echo done");

        result.Succeeded.Should().BeTrue();
        result.Output.Should().Be("done\n");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [NeedsProgramsFact("sh")]
    public async Task OutputWithoutEnd_IsCutOrEndsTheProgram()
    {
        var cut = await Run("i=0; while [ $i -lt 40000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done");
        var ended = await Run("while :; do printf 0123456789; done", r => r with { MostOutput = 100_000, Grace = TimeSpan.Zero });

        cut.Succeeded.Should().BeTrue();
        cut.Output.Length.Should().Be(1 << 20);
        ended.Flooded.Should().BeTrue();
        ended.Output.Length.Should().Be(100_000);
        ended.Succeeded.Should().BeFalse();
    }

    [NeedsProgramsFact("sh", "sleep")]
    public async Task ProgramPastItsTime_IsAskedAndThenEnded()
    {
        var watch = Stopwatch.StartNew();

        var result = await Run("trap '' TERM; echo began; sleep 60; sleep 60", r => r with { TimeLimit = TimeSpan.FromSeconds(1), Grace = TimeSpan.FromSeconds(1) });

        result.TimedOut.Should().BeTrue();
        result.Output.Should().Be("began\n");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    /// <summary>The log is another's too, the name is that of the manager though sudo is what is started, and half a line is no line.</summary>
    [NeedsProgramsFact("sh", "env")]
    public async Task UnstoppedProgram_TellsItsOwnOutputByLinesAndIsKnownByItsName()
    {
        var log = _scratch["packages.log"];
        File.WriteAllText(log, "of the run before\n");
        var told = new List<string>();
        string? working = null;
        var request = new ProcessRequest("/usr/bin/env", ["sh", "-c", "printf half; sleep 0.5; echo ' and half'"])
        {
            Unstopped = new UnstoppedProgram("apt-get", log),
            OnLine = line =>
            {
                working = UnstoppedWork.Current;
                told.Add(line);
            },
        };

        var result = await ProcessRunner.RunAsync(request, default);

        result.Output.Should().Be("half and half\n");
        told.Should().Equal("half and half");
        working.Should().Be("apt-get");
        File.ReadAllText(log).Should().Be("of the run before\nhalf and half\n");
    }

    [Fact]
    public async Task ProgramThatIsNotThere_IsNamed()
    {
        var run = () => ProcessRunner.RunAsync(new ProcessRequest(_scratch["nothing"], []), default);
        (await run.Should().ThrowAsync<ProgramNotFoundException>()).Which.Program.Should().Be(_scratch["nothing"]);
    }

    private static Task<ProcessResult> Run(string script, Func<ProcessRequest, ProcessRequest>? with = null) =>
        ProcessRunner.RunAsync((with ?? (r => r))(new ProcessRequest("/bin/sh", ["-c", script])), default);
}
