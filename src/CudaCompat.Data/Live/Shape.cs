using AngleSharp.Html.Parser;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Live;

/// <summary>What any document must be before a parser sees it: not empty, not cut, and not a web page where data was asked for.</summary>
internal static class Shape
{
    private static readonly string[] Challenges = ["just a moment", "access denied", "attention required", "captcha", "sign in", "log in", "login", "are you human", "welcome to", "hotspot"];

    public static void Check(SourceFile file)
    {
        var text = file.Text.AsSpan().Trim();
        if (text.IsEmpty)
            throw file.Error("document", "is empty.");
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
}
