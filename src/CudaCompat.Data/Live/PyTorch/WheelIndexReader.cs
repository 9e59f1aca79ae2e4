using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>
/// The wheel index of one package: the page of all files, and the page of each directory that the index names or that the data knows, so that
/// a directory which stops being named is still looked at. Links are compared by their path; hosts move.
/// </summary>
internal sealed partial class WheelIndexReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "wheel-index";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var root = await work.GetAsync(work.Source.Url("root"), nameof(WheelIndexReader), "page", cancellation);
        var named = Directories(root);
        var known = work.Known.BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Package == work.Source.Package).Select(f => f.Index)
            .Where(d => d is { Length: > 0 } && Covered().IsMatch(d)).Distinct().ToList();
        var all = await work.GetAsync(work.Source.Url("list"), nameof(WheelIndexParser), "page", cancellation);
        var links = new Dictionary<(string, string), (SourceFile Page, string Place, WheelLink Link)>();
        Take(all, null, links);
        foreach (var directory in named.Union(known, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("directory", directory!)), nameof(WheelIndexParser), "page", cancellation) is { } page)
                Take(page, directory, links);
            else if (known.Contains(directory))
                work.Notes.Add($"directory {directory} has no page of {work.Source.Package} any more; what it held stays");
            if (known.Contains(directory) && !named.Contains(directory!))
                work.Notes.Add($"directory {directory} is no longer named by the index");
        }

        var builds = new ListedBuilds(work);
        foreach (var (page, place, link) in links.Values)
            builds.Add(page, place, link.FileName, link.Directory, PublicUrl(work, link), link.Sha256);
        builds.Finish();
        work.Complete(work.Known.BuildFiles, work.Fresh.BuildFiles, f => f.Packaging == Packaging.Pip && f.Package == work.Source.Package && f.Index is not null && !f.Index.Contains('/', StringComparison.Ordinal));
    }

    // Every page also lists the files of the root; the link says where a file lies.
    private static void Take(SourceFile page, string? directory, Dictionary<(string, string), (SourceFile Page, string Place, WheelLink Link)> links)
    {
        var number = 0;
        foreach (var link in WheelIndexParser.ParsePage(page.Text, page.Path))
        {
            number++;
            var key = (link.Directory, link.FileName);
            if (!links.TryGetValue(key, out var same))
            {
                links.Add(key, (page, $"link {number}", link));
                continue;
            }

            if (same.Link.Sha256 is not null && link.Sha256 is not null && same.Link.Sha256 != link.Sha256)
                throw page.Error($"link {number}", $"{link.FileName} has another SHA-256 than on {same.Page.Path}.");
            if (same.Link.Sha256 is null && link.Sha256 is not null || link.Directory == directory)
                links[key] = (page, $"link {number}", link with { Sha256 = link.Sha256 ?? same.Link.Sha256 });
        }
    }

    private static HashSet<string> Directories(SourceFile page)
    {
        var anchors = new HtmlParser().ParseDocument(page.Text).QuerySelectorAll("a").Select(a => a.GetAttribute("href") ?? "").ToList();
        var found = anchors.Select(h => h.TrimEnd('/')).Where(d => Covered().IsMatch(d)).ToHashSet(StringComparer.Ordinal);
        return found.Count > 0 && anchors.Any(h => h.TrimEnd('/') == "torch") ? found : throw page.Error("links", "no directory of a CUDA version and no torch: not the root of the wheel index.");
    }

    // Links are written from the root, or to a copy on another host; what the data keeps is the index's own address.
    private static string PublicUrl(LiveWork work, WheelLink link)
    {
        var root = work.Source.Url("root");
        return root + (link.Directory.Length == 0 ? "" : link.Directory + "/") + link.FileName.Replace("+", "%2B", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(?:cpu|cu\d+)(?:_full)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Covered();
}
