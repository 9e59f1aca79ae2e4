using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CudaCompat.Processes;

/// <summary>
/// Runs programs: arguments as a list, no window, no standard input, a time limit. Cancelling asks first (SIGTERM), then ends the program
/// and everything it started.
/// </summary>
internal static partial class ProcessRunner
{
    private const int Terminate = 15;

    /// <summary>How long a program may take to end by itself once asked.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="ProgramNotFoundException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the program has ended.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (request.UnstoppedLog is { } log && !OperatingSystem.IsWindows())
            return await RunUnstoppedAsync(request, log, cancellation).ConfigureAwait(false);
        using var process = new Process { StartInfo = StartInfo(request) };
        var output = new OutputTail();
        var tail = new OutputTail(characters: 0);
        process.OutputDataReceived += (_, e) => Take(e.Data, isOutput: true);
        process.ErrorDataReceived += (_, e) => Take(e.Data, isOutput: false);
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            throw new ProgramNotFoundException(request.Program, $"{request.Program} could not be started: {e.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(request.TimeLimit);
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            timedOut = true;
        }

        return new ProcessResult(process.ExitCode, output.Text, tail.Lines, timedOut);

        void Take(string? line, bool isOutput)
        {
            if (line is null)
                return;
            if (isOutput)
                output.Add(line);
            var masked = SecretText.Mask(line);
            tail.Add(masked);
            request.OnLine?.Invoke(masked);
        }
    }

    // Signals that are ignored stay ignored in the program that takes the shell's place; its output goes to a file, so that it does not end
    // with us for want of a reader.
    private static async Task<ProcessResult> RunUnstoppedAsync(ProcessRequest request, string log, CancellationToken cancellation)
    {
        const string shielded = "trap '' INT TERM HUP QUIT PIPE; log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";
        await File.AppendAllTextAsync(log, "", CancellationToken.None).ConfigureAwait(false);
        var shell = StartInfo(request with { Program = "/bin/sh", Arguments = ["-c", shielded, "sh", log, request.Program, .. request.Arguments] });
        using var process = new Process { StartInfo = shell };
        var output = new OutputTail();
        var tail = new OutputTail(characters: 0);
        UnstoppedWork.Begin(Path.GetFileName(request.Program == "/usr/bin/sudo" && request.Arguments.Count > 1 ? request.Arguments.First(a => a.StartsWith('/')) : request.Program));
        try
        {
            try
            {
                process.Start();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
            {
                throw new ProgramNotFoundException(request.Program, $"{request.Program} could not be started: {e.Message}");
            }

            process.StandardInput.Close();
            using var lines = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var told = false;
            while (true)
            {
                var ended = process.HasExited; // asked before reading, so that nothing it printed is missed
                while (await lines.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
                {
                    output.Add(line);
                    tail.Add(SecretText.Mask(line));
                    request.OnLine?.Invoke(SecretText.Mask(line));
                }

                if (ended)
                    break;
                if (cancellation.IsCancellationRequested && !told)
                {
                    request.OnLine?.Invoke($"{UnstoppedWork.Current} is writing packages and is not stopped, since that would leave them half installed; waiting for it.");
                    told = true;
                }

                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
            }

            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, output.Text, tail.Lines, TimedOut: false);
        }
        finally
        {
            UnstoppedWork.End();
        }
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

    private static async Task EndAsync(Process process)
    {
        if (!OperatingSystem.IsWindows() && !process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
            using var grace = new CancellationTokenSource(Grace);
            try
            {
                await process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException)
            {
                // It did not listen.
            }
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }

        using var last = new CancellationTokenSource(Grace);
        try
        {
            await process.WaitForExitAsync(last.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A grandchild may hold the pipe open; the program itself is gone.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
