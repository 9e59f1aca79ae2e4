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

    /// <summary>Ends all programs of the run, except this one; returns how many there were. Linux only: elsewhere it finds none.</summary>
    public static int End(string runId)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var ended = 0;
        // Twice, since a program may start another while we look.
        for (var pass = 0; pass < 2; pass++)
        {
            Thread.Sleep(pass * 20); // one that is just being started gets its environment a moment later
            foreach (var process in Process.GetProcesses())
            {
                using (process)
                {
                    if (process.Id == Environment.ProcessId || !Carries(process.Id, runId))
                        continue;
                    try
                    {
                        process.Kill();
                        process.WaitForExit(5000);
                        ended++;
                    }
                    catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
                    {
                        // It has ended by itself.
                    }
                }
            }
        }

        return ended;
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
