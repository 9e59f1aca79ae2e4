using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CudaCompat.Detection.Text;

/// <summary>
/// What a person pasted, made plain: byte order marks, colour codes, box drawing, odd spaces and line ends are gone, hard-wrapped table lines are whole again.
/// Prefixes of logs, quotes and comments stay; the parsers look past them.
/// </summary>
internal static partial class PastedText
{
    /// <summary>Longer texts are cut here; a full -q -x of sixteen busy GPUs is below 2 million characters.</summary>
    public const int MaximumLength = 4 * 1024 * 1024;

    /// <summary>Longer lines are cut here: XML may come as one line, nothing else is long.</summary>
    public const int MaximumLineLength = 1024 * 1024;

    /// <summary>Lines beyond these are not read: a log that long has its table in it long before.</summary>
    public const int MaximumLines = 100_000;

    /// <summary>The lines of <paramref name="text"/>, made plain.</summary>
    public static string[] Lines(string text)
    {
        if (text.Length > MaximumLength)
            text = text[..MaximumLength];
        if (Entity().IsMatch(text))
            text = WebUtility.HtmlDecode(text);
        text = Characters(text);
        if (!text.Contains('\n') && text.Contains("\\n", StringComparison.Ordinal)) // a string literal, as JSON and Python print it
            text = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (text.Contains("<br", StringComparison.OrdinalIgnoreCase))
            text = LineBreakTag().Replace(text, "\n");
        var lines = text.Split('\n', MaximumLines + 1);
        if (lines.Length > MaximumLines)
            lines = lines[..MaximumLines];
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > MaximumLineLength)
                lines[i] = lines[i][..MaximumLineLength];
        }

        return Unwrap(lines);
    }

    /// <summary>The line without what quotes, comments, lists and logs put in front of it.</summary>
    public static string WithoutPrefix(string line) => line.Length > 2048 ? line : Prefix().Replace(line, "", 1);

    /// <summary>All lines as one, without prefixes and table bars, in single spaces: for sentences that were wrapped.</summary>
    public static string Flatten(IEnumerable<string> lines)
    {
        var flat = new StringBuilder();
        foreach (var line in lines)
        {
            foreach (var c in WithoutPrefix(line))
            {
                if (c is ' ' or '\t' or '|' or '`')
                {
                    if (flat.Length > 0 && flat[^1] != ' ')
                        flat.Append(' ');
                }
                else
                {
                    flat.Append(c);
                }
            }

            if (flat.Length > 0 && flat[^1] != ' ')
                flat.Append(' ');
        }

        return flat.ToString();
    }

    private static string Characters(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '\u001b':
                    i = EndOfEscape(text, i);
                    break;
                case '\r':
                    if (i + 1 >= text.Length || text[i + 1] is not ('\n' or '\r'))
                        plain.Append('\n');
                    break;
                case '\n' or '\t':
                    plain.Append(c);
                    break;
                case '\u2028' or '\u2029' or '\u0085':
                    plain.Append('\n');
                    break;
                case '│' or '┃' or '║' or '｜' or '¦':
                    plain.Append('|');
                    break;
                case '─' or '━':
                    plain.Append('-');
                    break;
                case '═':
                    plain.Append('=');
                    break;
                case >= '\u2500' and <= '\u257f':
                    plain.Append('+');
                    break;
                case '：':
                    plain.Append(':');
                    break;
                case '’' or '‘' or '`' when c != '`':
                    plain.Append('\'');
                    break;
                case '“' or '”':
                    plain.Append('"');
                    break;
                case '…':
                    plain.Append("...");
                    break;
                case '\ufeff' or '\u200b' or '\u200c' or '\u200d' or '\u2060':
                    break;
                default:
                    if (char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.SpaceSeparator)
                        plain.Append(' ');
                    else if (!char.IsControl(c))
                        plain.Append(c);
                    break;
            }
        }

        return plain.ToString();
    }

    /// <summary>The last character of the escape sequence that starts at <paramref name="start"/>.</summary>
    private static int EndOfEscape(string text, int start)
    {
        var i = start + 1;
        if (i >= text.Length)
            return start;
        if (text[i] == '[') // colours and cursor moves: parameters, then one letter
        {
            for (i++; i < text.Length && i < start + 32; i++)
            {
                if (text[i] is >= '@' and <= '~')
                    return i;
            }

            return start + 1;
        }

        if (text[i] == ']') // window titles: until bell or escape
        {
            var end = text.AsSpan(i, Math.Min(512, text.Length - i)).IndexOfAny('\u0007', '\u001b');
            return end < 0 ? start + 1 : i + end;
        }

        return i;
    }

    /// <summary>Joins a table line that opens with a bar and does not close with what follows it, when the terminal was too narrow.</summary>
    private static string[] Unwrap(string[] lines)
    {
        var widest = 0;
        foreach (var line in lines)
            widest = Math.Max(widest, line.Length);
        List<string>? joined = null;
        var isOpen = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var isFull = i > 0 && lines[i - 1].Length == widest; // cut by the terminal, not by a mail program: no space was lost
            if (isOpen && line.Length > 0 && line[0] is not ('|' or '+') && (isFull || !OpensRow(line)) && joined![^1].Length < 400)
            {
                joined[^1] += isFull ? line : " " + WithoutQuote(line);
                isOpen = !line.TrimEnd().EndsWith('|');
                continue;
            }

            joined?.Add(line);
            isOpen = line.Length < 200 && i + 1 < lines.Length && OpensRow(line) && !line.TrimEnd().EndsWith('|');
            if (isOpen)
                joined ??= [.. lines[..(i + 1)]];
        }

        return joined?.ToArray() ?? lines;
    }

    private static string WithoutQuote(string line) => line.TrimStart(' ', '\t', '>', '#', '*').TrimEnd();

    private static bool OpensRow(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0 || bar + 2 >= line.Length || line[bar + 1] != ' ')
            return false;
        foreach (var c in line.AsSpan(0, bar))
        {
            if (c is not (' ' or '\t' or '>' or '#' or '*' or '/'))
                return false;
        }

        return true;
    }

    // A text that went through a web page: its signs are spelt out.
    [GeneratedRegex("&(?:lt|gt|quot|amp|nbsp|#x?[0-9a-f]{1,5});", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    [GeneratedRegex(@"<br\s*/?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LineBreakTag();

    [GeneratedRegex(@"^(?:[ \t>#*`|]|//|=>|-(?=\s)|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?(?=\s|\|)|\[[^\]\s]{1,40}\](?=\s)|_bk;t=\d+|[A-Za-z0-9_.-]{1,40}\s+\|)*", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
