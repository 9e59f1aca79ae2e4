using AngleSharp.Html.Parser;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One link of a wheel index page.</summary>
/// <param name="Directory">The directory that the link names (cu128, cpu, rocm6.3); "" for the root. Every page also lists the root's files, so the page says nothing.</param>
/// <param name="Url">As printed, without the hash.</param>
/// <param name="Sha256">Of the file; null where the link has none.</param>
internal sealed record WheelLink(string Directory, string FileName, string Url, string? Sha256);

/// <summary>The pages of download.pytorch.org/whl/DIR/PACKAGE/ ("simple" index, PEP 503) and the old flat page torch_stable.html.</summary>
internal static class WheelIndexParser
{
    private const string Root = "/whl/";

    /// <summary>Reads a package page of the index.</summary>
    public static IReadOnlyList<WheelLink> ParsePage(string html, string file)
    {
        var document = new HtmlParser().ParseDocument(html);
        if (document.QuerySelector("h1")?.TextContent.StartsWith("Links for ", StringComparison.Ordinal) is not true)
            throw new SourceFormatException(file, "heading", "no \"Links for …\": not a package page of the wheel index.");
        if (document.Body is null || !html.Contains("</html>", StringComparison.Ordinal))
            throw new SourceFormatException(file, "end", "the page has no end: it is cut.");
        var links = new List<WheelLink>();
        foreach (var anchor in document.QuerySelectorAll("a"))
        {
            var href = anchor.GetAttribute("href") ?? throw new SourceFormatException(file, $"link {links.Count + 1}", "has no address.");
            if (!href.Contains(Root, StringComparison.Ordinal))
                throw new SourceFormatException(file, $"link {links.Count + 1}", $"does not point into /whl/: {href}");
            links.Add(Read(href, anchor.TextContent, file));
        }

        return links.Count > 0 ? links : throw new SourceFormatException(file, "links", "there are none.");
    }

    /// <summary>Reads torch_stable.html, whose links are relative and have no hashes.</summary>
    public static IReadOnlyList<WheelLink> ParseFlat(string html, string file)
    {
        var links = new List<WheelLink>();
        foreach (var anchor in new HtmlParser().ParseDocument(html).QuerySelectorAll("a"))
        {
            var href = anchor.GetAttribute("href") ?? throw new SourceFormatException(file, $"link {links.Count + 1}", "has no address.");
            links.Add(Read(Root + href, anchor.TextContent[(anchor.TextContent.LastIndexOf('/') + 1)..], file));
        }

        return links.Count > 0 ? links : throw new SourceFormatException(file, "links", "there are none.");
    }

    private static WheelLink Read(string href, string text, string file)
    {
        var hash = href.IndexOf('#', StringComparison.Ordinal);
        var url = hash < 0 ? href : href[..hash];
        var path = Uri.UnescapeDataString(url[(url.IndexOf(Root, StringComparison.Ordinal) + Root.Length)..]);
        var slash = path.LastIndexOf('/');
        var name = path[(slash + 1)..];
        if (name != Uri.UnescapeDataString(text.Trim()))
            throw new SourceFormatException(file, name, $"the link's text is '{text.Trim()}'.");
        string? sha256 = null;
        if (hash >= 0)
        {
            const string Kind = "#sha256=";
            sha256 = href[hash..].StartsWith(Kind, StringComparison.Ordinal) && href.Length - hash == Kind.Length + 64
                ? href[(hash + Kind.Length)..]
                : throw new SourceFormatException(file, name, $"not a sha256: {href[hash..]}");
        }

        return new WheelLink(slash < 0 ? "" : path[..slash], name, url, sha256);
    }
}
