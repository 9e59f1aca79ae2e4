namespace CudaCompat.Execution.Downloads;

/// <summary>An exact requirement: torch==2.8.0+cu128.</summary>
internal sealed record Requirement(string Name, string Version)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="StepFailedException">It is not of the form name==version; nothing else is installed, since it could be taken for an option.</exception>
    public static Requirement Parse(string text)
    {
        var parts = text.Split("==");
        var isExact = parts.Length == 2 && IsName(parts[0]) && parts[1].Length > 0
            && parts[1].All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '!' or '_' or '-');
        return isExact ? new Requirement(Normal(parts[0]), parts[1]) : throw new StepFailedException($"'{text}' is no exact requirement (name==version).", "correct the plan.");
    }

    /// <summary>Name and version of a wheel's file name; null where it is none.</summary>
    public static Requirement? OfWheel(string fileName)
    {
        var parts = fileName.Split('-');
        return fileName.EndsWith(".whl", StringComparison.Ordinal) && parts.Length is 5 or 6 ? new Requirement(Normal(parts[0]), parts[1]) : null;
    }

    public override string ToString() => $"{Name}=={Version}";

    /// <summary>True for the name of a package, which no option can be.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>The name as indexes compare it.</summary>
    public static string Normal(string name) => name.ToLowerInvariant().Replace('_', '-').Replace('.', '-');
}
