using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Explaining;

/// <summary>How sure a cause is.</summary>
[JsonConverter(typeof(CertaintyNames))]
public enum Certainty
{
    /// <summary>The text has one meaning, or the facts settle it.</summary>
    Certain,

    /// <summary>The text mostly means this.</summary>
    Likely,

    /// <summary>The text allows it beside others.</summary>
    Possible,
}

/// <summary>The document names of <see cref="Certainty"/>.</summary>
internal sealed class CertaintyNames() : NamedEnumConverter<Certainty>((Certainty.Certain, "certain"), (Certainty.Likely, "likely"), (Certainty.Possible, "possible"))
{
    internal static readonly CertaintyNames Instance = new();
}

/// <summary>What an error text means, and what to type.</summary>
public sealed class Explanation
{
    /// <summary>The causes, the best first; empty where none is known.</summary>
    public required IReadOnlyList<ExplainedCause> Causes { get; init; }

    /// <summary>What to do, the best first.</summary>
    public required IReadOnlyList<NextStep> Next { get; init; }

    /// <summary>The machine that was asked about: what was given, and what the text states; null where neither is known.</summary>
    public DriverInfo? Machine { get; init; }
}

/// <summary>A cause of what a text shows.</summary>
public sealed class ExplainedCause
{
    /// <summary>One of the kinds of the contract: companion-mismatch, cpu-build, driver-too-old, ….</summary>
    public required string Kind { get; init; }

    /// <summary>How sure it is.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>The line that it rests on, as printed.</summary>
    public required string Line { get; init; }

    /// <summary>The number of that line in the text, from 1.</summary>
    public int LineNumber { get; init; }

    /// <summary>The cause in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Where the meaning is settled.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }
}

/// <summary>A thing to do.</summary>
public sealed class NextStep
{
    /// <summary>What to type; null where there is nothing to type.</summary>
    public string? Command { get; init; }

    /// <summary>What it does, or what to do, in one sentence.</summary>
    public required string Message { get; init; }
}

/// <summary>What is known beside a text.</summary>
public sealed class ExplainOptions
{
    /// <summary>The machine that the text was printed on, with what is installed there; null where it is not known.</summary>
    public DriverInfo? Machine { get; init; }

    /// <summary>True where the text may come from another machine than <see cref="Machine"/>: that one counts only where the text does not contradict it.</summary>
    public bool MachineMayDiffer { get; init; }

    /// <summary>True where nobody stated the operating system of <see cref="Machine"/>: what the text shows counts.</summary>
    public bool OperatingSystemIsAssumed { get; init; }

    /// <summary>What is known of builds; null takes the matrix that the library carries.</summary>
    public CompatibilityMatrix? Matrix { get; init; }
}
