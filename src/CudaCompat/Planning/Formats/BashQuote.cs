namespace CudaCompat.Planning.Formats;

/// <summary>Words for a POSIX shell.</summary>
internal static class BashQuote
{
    /// <summary>A word that the shell reads back as it is; plain words stay readable.</summary>
    public static string Word(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or '+' or ',' or '@' or '%')
            ? text
            : "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>A command, each argument quoted.</summary>
    public static string Command(IEnumerable<string> words) => string.Join(' ', words.Select(Word));
}
