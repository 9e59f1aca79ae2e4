using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>One file that an index lists.</summary>
/// <param name="Url">Where it lies: absolute, without the hash.</param>
/// <param name="Sha256">Lower case; null where the index has none, or a hash of another kind.</param>
/// <param name="IsYanked">True where its publisher took it back (PEP 592).</param>
internal sealed record SimpleLink(string FileName, Uri Url, string? Sha256, bool IsYanked);

/// <summary>A page of a package index, in HTML (PEP 503) or in JSON (PEP 691), whichever answered.</summary>
internal static partial class SimpleIndex
{
    /// <summary>Reads the page.</summary>
    /// <param name="left">Told of each entry that cannot be read: its name and why.</param>
    public static IReadOnlyList<SimpleLink> Parse(SourceFile page, Action<string, string> left)
    {
        var links = page.Text.AsSpan().TrimStart().StartsWith("{") ? FromJson(page, left) : FromHtml(page, left);
        return links.Count > 0 ? links : throw page.Error("links", "there are none: not a package page of an index.");
    }

    private static List<SimpleLink> FromJson(SourceFile page, Action<string, string> left)
    {
        using var document = StrictJson.Parse(page.Path, page.Text);
        var links = new List<SimpleLink>();
        foreach (var file in StrictJson.Member(page.Path, "$", document.RootElement, "files", JsonValueKind.Array).EnumerateArray())
        {
            if (Text(file, "filename") is not { } name || Text(file, "url") is not { } url || !Uri.TryCreate(new Uri(page.Url), url, out var address))
            {
                left(file.ToString(), "a file without name and address");
                continue;
            }

            var sha256 = file.TryGetProperty("hashes", out var hashes) && hashes.ValueKind == JsonValueKind.Object ? Text(hashes, "sha256") : null;
            // The member is false, or the reason for taking the file back.
            var yanked = file.TryGetProperty("yanked", out var taken) && taken.ValueKind is JsonValueKind.True or JsonValueKind.String;
            links.Add(new SimpleLink(name, address, Hash(sha256), yanked));
        }

        return links;
    }

    private static List<SimpleLink> FromHtml(SourceFile page, Action<string, string> left)
    {
        if (!page.Text.Contains("</html>", StringComparison.OrdinalIgnoreCase))
            throw page.Error("end", "the page has no end: it is cut.");
        var links = new List<SimpleLink>();
        foreach (var anchor in new HtmlParser().ParseDocument(page.Text).QuerySelectorAll("a"))
        {
            var text = anchor.TextContent.Trim();
            if (anchor.GetAttribute("href") is not { } href || !Uri.TryCreate(new Uri(page.Url), href, out var url))
            {
                left(text, "a link without an address");
                continue;
            }

            var name = Uri.UnescapeDataString(url.AbsolutePath[(url.AbsolutePath.LastIndexOf('/') + 1)..]);
            if (name != Uri.UnescapeDataString(text))
            {
                left(text, "a link to a file of another name");
                continue;
            }

            var hash = Fragment().Match(url.Fragment);
            links.Add(new SimpleLink(name, new Uri(url.GetLeftPart(UriPartial.Path)), Hash(hash.Success ? hash.Groups[1].Value : null), anchor.HasAttribute("data-yanked")));
        }

        return links;
    }

    private static string? Text(JsonElement parent, string member) => parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Hash(string? text) => text is not null && Sha256().IsMatch(text) ? text.ToLowerInvariant() : null;

    [GeneratedRegex(@"#sha256=([0-9A-Fa-f]+)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Fragment();

    [GeneratedRegex(@"^[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha256();
}
