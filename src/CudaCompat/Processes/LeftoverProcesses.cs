using System.Diagnostics;
using System.Text;

namespace CudaCompat.Processes;

/// <summary>
/// Programs that a killed run left behind (pip goes on when its parent dies) and that would work against the run that takes over.
/// Each program we start carries the run's id in its environment and passes it on to its own children; so they are found without a race.
/// </summary>
internal static class LeftoverProcesses
{
    /// <summary>The variable that names the run.</summary>
    public const string Variable = "CUDACOMPAT_RUN";

    /// <summary>Ends all programs of the run, except this one and those to be spared; returns how many there were. Linux only: elsewhere it finds none.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="spare">True for the name of a program that must not be stopped.</param>
    public static int End(string runId, Func<string, bool> spare)
    {
        var ended = 0;
        // Twice, since a program may start another while we look.
        for (var pass = 0; pass < 2 && OperatingSystem.IsLinux(); pass++)
        {
            Thread.Sleep(pass * 20); // one that is just being started gets its environment a moment later
            // A package manager's own helpers and scripts are spared with it.
            if (Names(runId, spare).Count > 0)
                return ended;
            ForEach(runId, process =>
            {
                process.Kill();
                process.WaitForExit(5000);
                ended++;
            });
        }

        return ended;
    }

    /// <summary>The programs of a run that live and that a test of their name holds for.</summary>
    public static IReadOnlyList<string> Names(string runId, Func<string, bool> wanted)
    {
        var names = new List<string>();
        ForEach(runId, process =>
        {
            if (wanted(process.ProcessName))
                names.Add($"{process.ProcessName} ({process.Id})");
        });
        return names;
    }

    private static void ForEach(string runId, Action<Process> act)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (process.Id == Environment.ProcessId || !Carries(process.Id, runId))
                    continue;
                try
                {
                    act(process);
                }
                catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It has ended by itself.
                }
            }
        }
    }

    private static bool Carries(int pid, string runId)
    {
        try
        {
            var wanted = Encoding.ASCII.GetBytes($"{Variable}={runId}\0");
            return File.ReadAllBytes($"/proc/{pid}/environ").AsSpan().IndexOf(wanted) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // another user's, or gone
        }
    }
}
