namespace CudaCompat.Processes;

/// <summary>A program to run: its full path and its arguments, one list entry an argument, never a shell string.</summary>
internal sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables to set for it; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The folder it runs in; null for ours.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>When it has to be done; it is ended after that.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it may take to end by itself once it is asked to; zero for one that is ended without being asked.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most characters of one stream; a program that prints more is ended. Null: what is beyond the first of them is dropped.</summary>
    public int? MostOutput { get; init; }

    /// <summary>Set for a program that must come to its end whatever happens to us; null for one that may be stopped.</summary>
    public UnstoppedProgram? Unstopped { get; init; }

    /// <summary>Called for each line as it comes, secrets masked.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>As a person would read it, secrets masked.</summary>
    public override string ToString() => SecretText.Mask(string.Join(' ', Arguments.Prepend(Program).Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a)));
}

/// <summary>How a program runs that is never stopped: Ctrl-C and signals do not reach it, cancelling waits for it, and it does not need us to read what it prints.</summary>
/// <param name="Name">What a person calls it, also where it is started through another program.</param>
/// <param name="Log">The file for what it prints, which several may share one after another.</param>
internal sealed record UnstoppedProgram(string Name, string Log);

/// <summary>What a program did.</summary>
/// <param name="ExitCode">Its exit code; on Unix 128 + the number of the signal that ended it.</param>
/// <param name="Output">Its standard output, secrets not masked, bounded.</param>
/// <param name="Tail">The last lines of standard output and standard error together, secrets masked.</param>
/// <param name="TimedOut">True where it was ended for taking too long.</param>
internal sealed record ProcessResult(int ExitCode, string Output, IReadOnlyList<string> Tail, bool TimedOut)
{
    /// <summary>Its standard error, secrets not masked, bounded.</summary>
    public string Error { get; init; } = "";

    /// <summary>True where it was ended for printing without end.</summary>
    public bool Flooded { get; init; }

    public bool Succeeded => ExitCode == 0 && !TimedOut && !Flooded;

    /// <summary>One line on how it ended.</summary>
    public string Outcome => TimedOut ? "ran past its time limit" : Flooded ? "printed without end" : $"exit code {ExitCode}";
}
