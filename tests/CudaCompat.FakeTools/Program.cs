using System.Diagnostics;
using System.Globalization;
using CudaCompat.Execution;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Planning;

namespace CudaCompat.FakeTools;

/// <summary>
/// The executor in a process of its own, so that tests can kill it or shut it in: apply|resume|rollback PLAN|BUNDLE JOURNAL CACHE SHELLFILE PYTHON [WHEN LINE].
/// WHEN is before or after (the journal's line reaches the disk) or torn (half of it does); then the process kills itself.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Length > 6)
            KillAt(args[6], int.Parse(args[7], CultureInfo.InvariantCulture), Path.Combine(args[2], "journal.jsonl"));
        var options = new ExecutionOptions
        {
            JournalFolder = args[2],
            CacheFolder = args[3],
            TrustPlan = true,
            TrustedHosts = ["127.0.0.1", "localhost"],
            ShellFile = args[4],
            Python = args[5],
            Retry = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(20), LongestDelay = TimeSpan.FromMilliseconds(200) },
        };
        InstallPlan? plan = null;
        if (args[0] == "apply" && Directory.Exists(args[1]))
            (plan, options) = PlanBundle.Open(args[1], options);
        else if (args[0] == "apply")
            plan = InstallPlanDocument.Read(await File.ReadAllBytesAsync(args[1]));
        var executor = new PlanExecutor(options);
        ExecutionReport report;
        try
        {
            report = args[0] switch
            {
                "apply" => await executor.ExecuteAsync(plan!),
                "resume" => await executor.ResumeAsync(),
                _ => await executor.RollbackAsync(),
            };
        }
        catch (JournalException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 9;
        }

        foreach (var step in report.Steps)
            Console.WriteLine($"{step.Index} {step.Kind} {step.Component} {step.Outcome} {step.Duration.TotalMilliseconds:0} ms: {step.Message} {string.Join(" | ", step.LastLines.TakeLast(5))}");
        Console.WriteLine($"{report.Outcome} {report.Next} {string.Join(" | ", report.Notes)}");
        return report.Succeeded ? 0 : 1;
    }

    private static void KillAt(string when, int line, string journal) => Journal.Observer = (number, isWritten) =>
    {
        if (number != line || isWritten != (when != "before"))
            return;
        if (when == "torn")
        {
            using var file = new FileStream(journal, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(file.Length - 7);
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    };
}
