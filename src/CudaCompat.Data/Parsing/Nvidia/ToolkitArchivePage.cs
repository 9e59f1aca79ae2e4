using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A release with its date on the archive page.</summary>
/// <param name="Label">As printed: "13.4.0 Developer Preview", "13.5 Update 1".</param>
/// <param name="Date">yyyy-MM, or yyyy-MM-dd where the page gives the day.</param>
internal sealed record ArchiveEntry(string Label, string Date);

/// <summary>The CUDA Toolkit archive, as a page or in its Markdown form: "CUDA Toolkit 13.5.0 (November 2026)" a line. Lines that name no release are prose.</summary>
internal static partial class ToolkitArchivePage
{
    /// <summary>Reads the page.</summary>
    /// <param name="unread">Told of each line that names a release and cannot be read.</param>
    public static IReadOnlyList<ArchiveEntry> Parse(string text, bool isMarkdown, Action<string> unread)
    {
        var entries = new List<ArchiveEntry>();
        foreach (var line in isMarkdown ? Markdown(text) : Page(text))
        {
            if (!Named().IsMatch(line))
                continue;
            if (Listed().Match(line) is { Success: true } listed && Months.Date(listed) is { } date)
                entries.Add(new ArchiveEntry(listed.Groups["label"].Value, date));
            else
                unread(line);
        }

        return entries;
    }

    // A link is its text; stars make it bold.
    private static IEnumerable<string> Markdown(string text) => TextLines.Of(Link().Replace(text, "$1").Replace("*", "", StringComparison.Ordinal)).Select(l => l.Text.TrimStart('-', '#', ' '));

    private static IEnumerable<string> Page(string html) => new HtmlParser().ParseDocument(html).QuerySelectorAll("a[href]")
        .Select(a => TextLines.Collapse(a.TextContent + " " + string.Concat(After(a).TakeWhile(n => n is not IElement { LocalName: "a" or "br" }).Select(n => n.TextContent))));

    private static IEnumerable<INode> After(INode node)
    {
        for (var next = node.NextSibling; next is not null; next = next.NextSibling)
            yield return next;
    }

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"^CUDA Toolkit \d+\.\d", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"^CUDA Toolkit (?<label>\d[\d.]*\d(?: (?:Developer Preview|Update \d+|RC ?\d*|Release Candidate(?: \d+)?))?) \((?<month>[A-Z][a-z]{2,})\.?(?: (?<day>\d{1,2})(?:st|nd|rd|th)?,)? (?<year>\d{4})\)", RegexOptions.CultureInvariant)]
    private static partial Regex Listed();
}
