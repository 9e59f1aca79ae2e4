namespace CudaCompat.Execution;

/// <summary>A step cannot go on: why, and what to do next.</summary>
public sealed class StepFailedException : Exception
{
    /// <summary>Says why, and what to do next.</summary>
    public StepFailedException(string message, string next, int? exitCode = null, IReadOnlyList<string>? lastLines = null)
        : base(message) => (Next, ExitCode, LastLines) = (next, exitCode, lastLines ?? []);

    /// <summary>What to do next.</summary>
    public string Next { get; }

    /// <summary>The exit code of the program that failed, if it was one.</summary>
    public int? ExitCode { get; }

    /// <summary>The last lines it printed, secrets masked.</summary>
    public IReadOnlyList<string> LastLines { get; }
}
