namespace CudaCompat.Explaining;

/// <summary>A text of the table cut into its fixed parts and what stands between them.</summary>
internal sealed class TextPattern
{
    private const int ShortestPart = 3;

    private TextPattern(CauseRow row, bool isWholeLine, IReadOnlyList<string> parts, IReadOnlyList<string?> gaps)
    {
        Row = row;
        IsWholeLine = isWholeLine;
        Parts = parts;
        Gaps = gaps;
        FixedLength = parts.Sum(p => p.Length);
    }

    public CauseRow Row { get; }

    /// <summary>True where the text is the whole line: ^Killed$.</summary>
    public bool IsWholeLine { get; }

    /// <summary>The fixed parts, in plain text.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>
    /// What stands before the first part, between the parts and after the last: a name ({name}), the empty name for * and null for nothing.
    /// One more than the parts.
    /// </summary>
    public IReadOnlyList<string?> Gaps { get; }

    /// <summary>How many characters are fixed.</summary>
    public int FixedLength { get; }

    /// <exception cref="FormatException">The text has no fixed part, one too short to tell anything, or two gaps without one between them.</exception>
    public static TextPattern Parse(CauseRow row, string text)
    {
        var plain = PlainLine.Of(text);
        var whole = plain.Length > 2 && plain[0] == '^' && plain[^1] == '$';
        if (whole)
            plain = plain[1..^1];
        var parts = new List<string>();
        var gaps = new List<string?> { null };
        var at = 0;
        while (at < plain.Length)
        {
            var gap = NextGap(plain, at, out var length, out var name);
            if (gap > at)
            {
                parts.Add(plain[at..gap]);
                gaps.Add(null);
            }

            if (length > 0)
            {
                if (gaps[^1] is not null)
                    throw new FormatException($"{row.Id}: '{text}' has two gaps without a text between them.");
                gaps[^1] = name;
            }

            at = gap + length;
        }

        if (parts.Count == 0 || whole && parts.Count != 1 || parts.Exists(p => p.Length < ShortestPart && p != parts[^1]))
            throw new FormatException($"{row.Id}: '{text}' has no fixed text, or a part of it is too short.");
        return new TextPattern(row, whole, parts, gaps);
    }

    private static int NextGap(string plain, int from, out int length, out string? name)
    {
        for (var i = from; i < plain.Length; i++)
        {
            if (plain[i] == '*')
            {
                length = 1;
                name = "";
                return i;
            }

            if (plain[i] == '{' && plain.IndexOf('}', i) is > 0 and var end && end - i is > 1 and < 16 && plain.AsSpan(i + 1, end - i - 1).IndexOfAnyExceptInRange('a', 'z') < 0)
            {
                length = end - i + 1;
                name = plain[(i + 1)..end];
                return i;
            }
        }

        length = 0;
        name = null;
        return plain.Length;
    }
}
