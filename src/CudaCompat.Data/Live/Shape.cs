using System.Buffers;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Live;

/// <summary>What any document must be before a parser sees it: not empty, not cut, and not a web page where data was asked for.</summary>
internal static class Shape
{
    private static readonly string[] Challenges = ["just a moment", "access denied", "attention required", "captcha", "sign in", "log in", "login", "are you human", "welcome to", "hotspot"];

    private const int Deepest = 500;
    private static readonly HashSet<string> Nesting = new(StringComparer.Ordinal) { "div", "span", "table", "ul", "ol", "dl", "section", "article", "b", "i", "em", "strong", "font", "blockquote", "pre", "code", "form", "nav", "main" };
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static void Check(SourceFile file)
    {
        var text = file.Text.AsSpan().Trim();
        if (text.IsEmpty)
            throw file.Error("document", "is empty.");
        CheckDepth(file);
        var isPage = text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        if (!isPage)
            return;
        var title = TextLines.Collapse(new HtmlParser().ParseDocument(file.Text).Title ?? "");
        if (Challenges.Any(c => title.Contains(c, StringComparison.OrdinalIgnoreCase)))
            throw file.Error("document", $"another page answered in its place: \"{title}\" (a challenge, a login or a captive portal).");
        if (!file.Path.EndsWith(".html", StringComparison.Ordinal))
            throw file.Error("document", $"a web page answered in place of the file{(title.Length > 0 ? $": \"{title}\"" : "")}.");
        if (!file.Text.Contains("</html>", StringComparison.OrdinalIgnoreCase))
            throw file.Error("end", "the page has no end: it is cut.");
    }

    // A page of a hundred thousand tags inside each other is no page, and a parser would be at it for hours. What may stay open (p, li, td) does not count.
    private static void CheckDepth(SourceFile file)
    {
        var text = file.Text.AsSpan();
        var depth = 0;
        for (var at = text.IndexOf('<'); at >= 0; at = text.IndexOf('<'))
        {
            text = text[(at + 1)..];
            var isEnd = text.StartsWith("/");
            var name = isEnd ? text[1..] : text;
            if (name.IndexOfAnyExcept(Letters) is var length and > 0 && Nesting.Contains(name[..length].ToString().ToLowerInvariant()))
                depth += isEnd ? -1 : 1;
            if (depth > Deepest)
                throw file.Error("tags", $"more than {Deepest} stand inside each other: no page is like that.");
        }
    }
}
