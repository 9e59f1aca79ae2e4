using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace CudaCompat.Processes;

/// <summary>
/// Runs programs, the only place that does: arguments as a list, no window, no standard input, bounds on time and output. Cancelling asks
/// first (SIGTERM), then ends the program and everything it started.
/// </summary>
internal static partial class ProcessRunner
{
    private const int Terminate = 15;
    private const int MostKept = 1 << 20;

    /// <summary>How long what was printed may be on its way once the program is gone; a grandchild may hold the pipes for ever.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="request">The program.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="clock">Measures the time limit; null for the system's.</param>
    /// <exception cref="ProgramNotFoundException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the program has ended.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellation, TimeProvider? clock = null)
    {
        cancellation.ThrowIfCancellationRequested();
        if (request.Unstopped is { } unstopped && !OperatingSystem.IsWindows())
            return await RunUnstoppedAsync(request, unstopped, cancellation).ConfigureAwait(false);
        using var process = Start(request, request.Program);
        var tail = new OutputTail(request.OnLine);
        var output = new OutputText(request.MostOutput ?? MostKept, tail);
        var error = new OutputText(request.MostOutput ?? MostKept, tail);
        using var timer = new CancellationTokenSource(request.TimeLimit, clock ?? TimeProvider.System);
        using var flood = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token, flood.Token);
        using var drained = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, output, request.MostOutput is null ? null : flood, drained.Token),
            ReadAsync(process.StandardError, error, request.MostOutput is null ? null : flood, drained.Token));
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            timedOut = !flood.IsCancellationRequested;
            await EndAsync(process, request.Grace).ConfigureAwait(false);
        }

        drained.CancelAfter(Drain);
        await reading.ConfigureAwait(false);
        output.Finish();
        error.Finish();
        cancellation.ThrowIfCancellationRequested();
        return new ProcessResult(process.HasExited ? process.ExitCode : -1, output.Text, tail.Lines, timedOut)
        {
            Error = error.Text,
            Flooded = flood.IsCancellationRequested,
        };
    }

    // Signals that are ignored stay ignored in the program that takes the shell's place; its output goes to a file, so that it does not end
    // with us for want of a reader.
    private static async Task<ProcessResult> RunUnstoppedAsync(ProcessRequest request, UnstoppedProgram unstopped, CancellationToken cancellation)
    {
        const string shielded = "trap '' INT TERM HUP QUIT PIPE; log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
        await File.AppendAllTextAsync(unstopped.Log, "", CancellationToken.None).ConfigureAwait(false);
        using var log = new FileStream(unstopped.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(0, SeekOrigin.End); // what stands there is another's
        using var lines = new StreamReader(log);
        var tail = new OutputTail(request.OnLine);
        var output = new OutputText(MostKept, tail);
        UnstoppedWork.Begin(unstopped.Name);
        try
        {
            using var process = Start(request with { Program = "/bin/sh", Arguments = ["-c", shielded, "sh", unstopped.Log, request.Program, .. request.Arguments] }, request.Program);
            var told = false;
            while (true)
            {
                var ended = process.HasExited; // asked before reading, so that nothing it printed is missed
                await ReadAsync(lines, output, flood: null, CancellationToken.None).ConfigureAwait(false);
                if (ended)
                    break;
                if (cancellation.IsCancellationRequested && !told)
                {
                    request.OnLine?.Invoke($"{unstopped.Name} is writing packages and is not stopped, since that would leave them half installed; waiting for it.");
                    told = true;
                }

                await Task.Delay(Poll, CancellationToken.None).ConfigureAwait(false);
            }

            output.Finish();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, output.Text, tail.Lines, TimedOut: false);
        }
        finally
        {
            UnstoppedWork.End();
        }
    }

    private static Process Start(ProcessRequest request, string named)
    {
        var process = new Process { StartInfo = StartInfo(request) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            process.Dispose();
            throw new ProgramNotFoundException(named, $"{named} could not be started: {e.Message}");
        }

        process.StandardInput.Close();
        return process;
    }

    private static ProcessStartInfo StartInfo(ProcessRequest request)
    {
        var info = new ProcessStartInfo(request.Program, request.Arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = request.WorkingFolder ?? "",
        };
        foreach (var (name, value) in request.Environment)
        {
            if (value is null)
                info.Environment.Remove(name);
            else
                info.Environment[name] = value;
        }

        return info;
    }

    // To the end of the stream as it is now, or until nobody waits for it any more.
    private static async Task ReadAsync(StreamReader reader, OutputText text, CancellationTokenSource? flood, CancellationToken drained)
    {
        var buffer = new char[8192];
        try
        {
            while (await reader.ReadAsync(buffer, drained).ConfigureAwait(false) is > 0 and var read)
            {
                text.Add(buffer.AsSpan(0, read));
                if (flood is not null && text.IsOver)
                {
                    await flood.CancelAsync().ConfigureAwait(false); // no answer is that long
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // A grandchild holds the pipe; the program itself is gone.
        }
    }

    private static async Task EndAsync(Process process, TimeSpan grace)
    {
        if (!OperatingSystem.IsWindows() && grace > TimeSpan.Zero && !process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
            if (await HasEndedAsync(process, grace).ConfigureAwait(false))
                return;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
        {
            // It has ended meanwhile, or will not be ended; either way it is not waited for any longer.
        }

        await HasEndedAsync(process, Drain).ConfigureAwait(false);
    }

    private static async Task<bool> HasEndedAsync(Process process, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
