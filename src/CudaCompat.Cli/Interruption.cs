using System.Runtime.InteropServices;

namespace CudaCompat.Cli;

/// <summary>
/// Ctrl-C while a plan is carried out: the first asks the run to stop, which undoes the step under way however long that takes; the second
/// stops at once, and the journal makes that safe. A package manager at work is waited for in either case: stopped, it would leave packages
/// half installed.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _count;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        signal.Cancel = true; // the process is not ended; we end it
        if (Interlocked.Increment(ref _count) > 1)
        {
            if (Processes.UnstoppedWork.Current is { } program)
            {
                Console.Error.WriteLine($"cudacompat: {program} is writing packages; it is not stopped, since that would leave them half installed. Waiting for it.");
                return;
            }

            if (!Console.IsErrorRedirected)
                Console.Error.Write("\e[?25h"); // progress bars hide the cursor
            Environment.Exit(ExitCode.Interrupted);
        }

        Console.Error.WriteLine("cudacompat: stopping; the step under way is undone first. Ctrl-C again stops at once.");
        _stop.Cancel();
    }
}
