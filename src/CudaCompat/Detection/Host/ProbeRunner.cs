using CudaCompat.Processes;

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
        var result = await OutputAsync(
            new ProcessRequest(files.Map(program), arguments)
            {
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
                WorkingFolder = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } drive ? drive : "/", // nothing is looked up in the user's folder
                TimeLimit = limit * patience,
                Grace = TimeSpan.Zero, // it only reads
                MostOutput = MaximumOutput,
            },
            cancellation).ConfigureAwait(false);
        lock (_started)
            _started.Add(new StartedProcess(program, arguments, clock.GetElapsedTime(start), result.ExitCode, result.TimedOut));
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    private async Task<ProgramOutput> OutputAsync(ProcessRequest request, CancellationToken cancellation)
    {
        try
        {
            var result = await ProcessRunner.RunAsync(request, cancellation, clock).ConfigureAwait(false);
            return new ProgramOutput(result.Output, result.Error, result.TimedOut || result.Flooded ? null : result.ExitCode, result.TimedOut, result.Flooded);
        }
        catch (ProgramNotFoundException e)
        {
            return new ProgramOutput("", e.Message, null, false);
        }
        catch (OperationCanceledException)
        {
            return new ProgramOutput("", "", null, false); // told once it is remembered
        }
    }
}
