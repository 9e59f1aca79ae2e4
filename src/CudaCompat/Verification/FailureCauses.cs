using CudaCompat.Explaining;

namespace CudaCompat.Verification;

/// <summary>The cause behind a failing text and the next step, by the table of causes; none is named where the text shows none.</summary>
internal static class FailureCauses
{
    private const string Doctor = "`cudacompat doctor --python-path PATH` reads the whole environment and names what is wrong in it.";

    /// <summary>The cause and the next step of a message; the cause is null where the text shows none.</summary>
    /// <param name="message">What was printed.</param>
    /// <param name="otherwise">The next step where the table knows none; null for the doctor.</param>
    public static (string? Cause, string Next) Of(string message, string? otherwise = null)
    {
        var explanation = Explainer.Explain(message);
        if (explanation.Causes.Count == 0)
            return (null, otherwise ?? Doctor);
        var next = explanation.Next.Count == 0 ? otherwise ?? Doctor
            : explanation.Next[0] is { Command: { } command } step ? $"{step.Message} {command}"
            : explanation.Next[0].Message;
        return (explanation.Causes[0].Message, next);
    }

    /// <summary>A failed check whose text is explained.</summary>
    public static VerificationCheck Failed(string name, string subject, string message, string? expected = null, string? found = null)
    {
        var (cause, next) = Of(message);
        return new VerificationCheck(name, subject, VerificationStatus.Failed, expected, found, LastLine(message), cause, next);
    }

    /// <summary>What Python says last, which is what it is about.</summary>
    public static string LastLine(string message)
    {
        const int Longest = 300;
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.Length > 1 && !lines[0].EndsWith(':') && lines[0].Length > 12 ? lines[0] : lines.LastOrDefault() ?? "";
        if (lines.Length > 1 && line == lines[0] && lines[^1].Contains("Error: ", StringComparison.Ordinal))
            line += $" ({lines[^1]})";
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
