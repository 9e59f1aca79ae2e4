namespace CudaCompat.Planning.Formats;

/// <summary>Words for a POSIX shell.</summary>
internal static class BashQuote
{
    /// <summary>A word that the shell reads back as it is; plain words stay readable.</summary>
    public static string Word(string text)
    {
        if (text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or '+' or ',' or '@' or '%'))
            return text;
        // Where the text itself has quotes or signs of expansion, escapes say plainly that they are meant as they stand.
        return text.AsSpan().ContainsAny('\'', '$', '`')
            ? "\"" + string.Concat(text.Select(c => c is '"' or '$' or '`' or '\\' ? "\\" + c : c.ToString())) + "\""
            : "'" + text + "'";
    }

    /// <summary>A command, each argument quoted.</summary>
    public static string Command(IEnumerable<string> words) => string.Join(' ', words.Select(Word));
}
