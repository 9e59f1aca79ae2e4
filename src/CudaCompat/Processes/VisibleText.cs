using System.Globalization;
using System.Text;

namespace CudaCompat.Processes;

/// <summary>
/// Text from elsewhere as a terminal may show it: control characters, and those that change the direction or hide what follows, are
/// written as their number. What a person agrees to must be what stands there.
/// </summary>
internal static class VisibleText
{
    /// <summary>True where every character shows itself.</summary>
    public static bool IsPlain(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHidden(text, i))
                return false;
            if (char.IsHighSurrogate(text[i]))
                i++;
        }

        return true;
    }

    /// <summary>The text with every hidden character as its number, U+001B as \u{1B}.</summary>
    public static string Of(string text)
    {
        if (IsPlain(text))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!IsHidden(text, i))
                visible.Append(text, i, pair ? 2 : 1);
            else
                visible.Append(CultureInfo.InvariantCulture, $"\\u{{{(pair ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i]):X}}}");
            if (pair)
                i++;
        }

        return visible.ToString();
    }

    // Lone surrogates count as hidden: no terminal shows them.
    private static bool IsHidden(string text, int i) => char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        || CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
