using System.Globalization;
using System.Runtime.CompilerServices;

namespace CudaCompat.Explaining;

/// <summary>
/// A line as the table compares it: lower case, one kind of quotation mark, one kind of slash, single blanks, without colours and frames;
/// and where each of its characters stood in the line as printed.
/// </summary>
internal sealed class PlainLine
{
    private char[] _text = new char[256];
    private int[] _origin = new int[256];

    /// <summary>The line as printed.</summary>
    public string Printed { get; private set; } = "";

    /// <summary>Its number in the text, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The place of its first plain character in the plain text.</summary>
    public long Start { get; set; }

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _text.AsSpan(0, Length);

    /// <summary>A pattern or an example as plain text.</summary>
    public static string Of(string text)
    {
        var line = new PlainLine();
        line.Set(text, 0);
        return line.Text.ToString();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // the first log is mostly the only one
    public void Set(string printed, int number)
    {
        Printed = printed;
        Number = number;
        Length = 0;
        for (var i = 0; i < printed.Length; i++)
        {
            var c = printed[i];
            if (c is >= 'a' and <= 'z')
            {
                Add(c, i);
                continue;
            }

            if (c == '\u001b')
            {
                i = EndOfEscape(printed, i);
                continue;
            }

            if (c == '…')
            {
                Add('.', i);
                Add('.', i);
                Add('.', i);
                continue;
            }

            if (Plain(c) is not '\0' and var plain)
                Add(plain, i);
        }

        if (Length > 0 && _text[Length - 1] == ' ')
            Length--;
    }

    /// <summary>What was printed between two places of this line's plain text.</summary>
    public string PrintedBetween(int from, int to) =>
        from >= to || from >= Length ? "" : Printed[_origin[from]..(to < Length ? _origin[to] : Printed.Length)].Trim();

    private void Add(char c, int origin)
    {
        var last = Length > 0 ? _text[Length - 1] : ' ';
        if (c == ' ' && last == ' ' || c is '/' or '\'' && last == c)
            return;
        if (c == '\'' && last == '/') // a quotation mark that was escaped
        {
            _text[Length - 1] = c;
            if (Length > 1 && _text[Length - 2] == c)
                Length--;
            return;
        }

        if (Length == _text.Length)
        {
            Array.Resize(ref _text, Length * 2);
            Array.Resize(ref _origin, Length * 2);
        }

        _text[Length] = c;
        _origin[Length++] = origin;
    }

    private static char Plain(char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        '\\' => '/',
        '"' or '`' or '´' or '’' or '‘' or '“' or '”' or '„' or '«' or '»' => '\'',
        ' ' or '\t' or '\u00a0' or '\u3000' => ' ',
        < ' ' => '\0',
        < '\u0080' => c,
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '，' => ',',
        >= '\u2500' and <= '\u257f' => ' ',
        '\ufeff' or '\u200b' or '\u200c' or '\u200d' or '\u2060' => '\0',
        _ => char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.SpaceSeparator => ' ',
            UnicodeCategory.Control or UnicodeCategory.Format => '\0',
            _ => char.ToLowerInvariant(c),
        },
    };

    private static int EndOfEscape(string text, int start)
    {
        var i = start + 1;
        if (i >= text.Length || text[i] != '[')
            return Math.Min(i, text.Length - 1);
        for (i++; i < text.Length && i < start + 32; i++)
        {
            if (text[i] is >= '@' and <= '~')
                return i;
        }

        return start;
    }
}
