using System.Globalization;
using Xunit.Abstractions;

namespace CudaCompat.Execution.Tests;

/// <summary>Kills the executor at each line of its journal: before it is on disk, half of it, and after.</summary>
public sealed class JournalLineKillTests(ITestOutputHelper output)
{
    [NeedsProgramsFact("python3", "xz")]
    public async Task Apply_KilledAtEveryJournalLine_ResumesOrRollsBackExactly()
    {
        await using var run = await KilledRun.PrepareAsync(output);
        string[] whens = ["after", "torn", "before"];
        var (resumed, rolledBack) = (0, 0);
        for (var line = 0; line < run.Lines; line++)
        {
            foreach (var when in KilledRun.IsFullProof ? whens : [whens[line % 3]])
            {
                foreach (var resume in KilledRun.IsFullProof ? [true, false] : new[] { line % 2 == 0 })
                {
                    run.Reset();
                    var (exitCode, _) = await run.RunAsync("apply", when, line.ToString(CultureInfo.InvariantCulture));
                    exitCode.Should().Be(KilledRun.Killed, $"it kills itself {when} line {line}");
                    await run.FollowUpAsync(resume, $"killed {when} line {line}");
                    (resumed, rolledBack) = resume ? (resumed + 1, rolledBack) : (resumed, rolledBack + 1);
                }
            }
        }

        output.WriteLine($"{resumed + rolledBack} kills at {run.Lines} journal lines: {resumed} resumed, {rolledBack} rolled back; none lost");
        run.Lines.Should().BeGreaterThan(25);
    }
}
