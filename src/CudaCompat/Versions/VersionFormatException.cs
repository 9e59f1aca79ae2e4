namespace CudaCompat.Versions;

/// <summary>A text was not a version of the form asked for.</summary>
public sealed class VersionFormatException : FormatException
{
    private const int ShownLength = 40;

    private VersionFormatException(string expected, string? text, string message)
        : base(message)
    {
        Expected = expected;
        Text = text;
    }

    /// <summary>The accepted form, with an example.</summary>
    public string Expected { get; }

    /// <summary>The text that was given.</summary>
    public string? Text { get; }

    /// <summary>A text that is known for what it is not, in the words that say what to give in its stead.</summary>
    internal static VersionFormatException Refused(string expected, string? text, string sentence) => new(expected, text, sentence);

    internal static VersionFormatException For(string expected, string? text)
    {
        var shown = text is null ? "null" : text.Length > ShownLength ? $"'{text[..ShownLength]}…' ({text.Length} characters)" : $"'{text}'";
        return new VersionFormatException(expected, text, $"{shown} is not {expected}.");
    }
}
