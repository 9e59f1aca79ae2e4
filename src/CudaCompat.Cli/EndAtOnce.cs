using System.Runtime.InteropServices;

namespace CudaCompat.Cli;

/// <summary>Ctrl-C ends the tool at the first press, whatever it waits for: nothing is under way that would have to be undone.</summary>
internal sealed class EndAtOnce : IDisposable
{
    private const int Terminated = 143;
    private readonly PosixSignalRegistration _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, ExitCode.Interrupted));
    private readonly PosixSignalRegistration _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, Terminated));

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private static void End(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true; // the runtime's own way out waits for what is read
        Environment.Exit(exitCode);
    }
}
