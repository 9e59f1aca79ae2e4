using System.Diagnostics;
using System.Text;

namespace CudaCompat.Detection.Host;

/// <summary>What a program printed and how it ended.</summary>
/// <param name="Output">Standard output, bounded.</param>
/// <param name="Error">Standard error, bounded.</param>
/// <param name="ExitCode">Its exit code; null where it was killed or never started.</param>
/// <param name="TimedOut">True where it was killed for its time.</param>
/// <param name="Flooded">True where it was killed for printing without end.</param>
internal sealed record ProgramOutput(string Output, string Error, int? ExitCode, bool TimedOut, bool Flooded = false)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Starts programs by absolute path with an argument list, bounded in time and output, and remembers each of them.</summary>
internal sealed class ProbeRunner(HostFiles files, TimeSpan limit, TimeProvider clock)
{
    private const int MaximumOutput = 4 * 1024 * 1024;
    private readonly List<StartedProcess> _started = [];

    /// <summary>Every process started so far.</summary>
    public IReadOnlyList<StartedProcess> Started
    {
        get
        {
            lock (_started)
                return [.. _started];
        }
    }

    /// <summary>Runs <paramref name="program"/>; never throws but for <paramref name="cancellation"/>.</summary>
    /// <param name="program">Its absolute path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="patience">How many times the usual limit it may take.</param>
    public async Task<ProgramOutput> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation, int patience = 1)
    {
        var start = clock.GetTimestamp();
        var info = new ProcessStartInfo(files.Map(program))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } drive ? drive : "/", // nothing is looked up in the user's folder
        };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment["LC_ALL"] = "C";
        var result = await RunAsync(info, limit * patience, cancellation).ConfigureAwait(false);
        lock (_started)
            _started.Add(new StartedProcess(program, arguments, clock.GetElapsedTime(start), result.ExitCode, result.TimedOut));
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private async Task<ProgramOutput> RunAsync(ProcessStartInfo info, TimeSpan longest, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = info };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return new ProgramOutput("", e.Message, null, false);
        }

        process.StandardInput.Close();
        var output = new StringBuilder();
        var error = new StringBuilder();
        using var timer = new CancellationTokenSource(longest, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        var timedOut = false;
        try
        {
            // A grandchild may hold the pipes open for ever: the readers end with the time limit, not with the end of the pipes alone.
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, output, stop),
                ReadAsync(process.StandardError, error, stop)).ConfigureAwait(false);
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            timedOut = timer.IsCancellationRequested;
            Kill(process);
        }

        var flooded = stop.IsCancellationRequested && !timedOut && !cancellation.IsCancellationRequested;
        int? exitCode = process.HasExited && !timedOut && !flooded ? process.ExitCode : null;
        lock (output)
        {
            lock (error)
                return new ProgramOutput(output.ToString(), error.ToString(), exitCode, timedOut, flooded);
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text, CancellationTokenSource stop)
    {
        var buffer = new char[8192];
        while (true)
        {
            var read = await reader.ReadAsync(buffer, stop.Token).ConfigureAwait(false);
            if (read == 0)
                return;
            lock (text)
                text.Append(buffer, 0, read);
            if (text.Length > MaximumOutput)
            {
                await stop.CancelAsync().ConfigureAwait(false); // no answer is that long
                return;
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException or AggregateException)
        {
            return; // it ended by itself, or will not be killed; either way it is not waited for
        }
    }
}
