using AngleSharp.Html.Parser;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A directory page of NVIDIA's file hosts: a list (class directorycontents) of relative links, "..", directories with a slash at the end, and files. Quotes are single; sizes are rounded to blocks and mean nothing.</summary>
internal static class DirectoryPage
{
    /// <summary>The names in the directory.</summary>
    public static IReadOnlyList<string> Parse(string name, string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        var title = TextLines.Collapse((document.Title ?? "") + " " + document.QuerySelector("h1,h2,h3")?.TextContent);
        if (document.QuerySelector(".directorycontents") is null && !title.Contains("Index of /", StringComparison.Ordinal))
            throw new SourceFormatException(name, "page", "neither a list of directory contents nor \"Index of …\": not a directory page.");
        var names = document.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!).Where(h => h is not ("." or "..") && !h.StartsWith("../", StringComparison.Ordinal) && !h.StartsWith('/') && !h.Contains(':', StringComparison.Ordinal))
            .Select(Uri.UnescapeDataString).Distinct(StringComparer.Ordinal).ToList();
        return names.Count > 0 ? names : throw new SourceFormatException(name, "page", "the directory is empty.");
    }
}
