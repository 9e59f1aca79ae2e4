using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CudaCompat.Data.Parsing;

/// <summary>The headings and code blocks of a page as Markdown, in their order, so that one parser reads the page and its Markdown copy.</summary>
internal static class HtmlOutline
{
    /// <summary>Headings as #, code blocks between fences; everything else is left out.</summary>
    public static string ToMarkdown(string html)
    {
        var lines = new List<string>();
        var document = new HtmlParser().ParseDocument(html);
        foreach (var line in document.QuerySelectorAll("pre br").ToList())
            line.Replace(document.CreateTextNode("\n"));
        foreach (var element in document.QuerySelectorAll("h1, h2, h3, h4, h5, h6, pre"))
        {
            if (element.LocalName == "pre")
                lines.AddRange(["```", .. element.TextContent.Trim('\n', '\r').Split('\n').Select(l => l.TrimEnd('\r')), "```"]);
            else
                lines.Add(new string('#', element.LocalName[1] - '0') + " " + TextLines.Collapse(element.TextContent));
        }

        return string.Join('\n', lines) + "\n";
    }
}
