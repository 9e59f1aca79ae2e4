namespace CudaCompat.Resolution;

/// <summary>
/// Why something does not work, or could not be judged: the facts, without wording (the writer of explanations has the words).
/// </summary>
internal abstract record Cause
{
    /// <summary>The rule id of the contract.</summary>
    public abstract string Rule { get; }

    public Severity Severity { get; init; } = Severity.Error;

    /// <summary>What it is about: "torch 2.8.0+cu128", "driver 535.104.05".</summary>
    public required string Subject { get; init; }

    /// <summary>True where nothing known decides: with no error beside it the verdict is unknown.</summary>
    public bool Undecided { get; init; }

    /// <summary>Ids of the sources of the facts.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];
}
