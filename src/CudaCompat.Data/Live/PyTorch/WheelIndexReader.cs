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
    private const string Root = "/whl/";

    /// <inheritdoc/>
    public string Name => "wheel-index";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var root = await work.GetAsync(work.Source.Url("root"), cancellation);
        var named = Directories(root);
        var known = work.Known.BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Package == work.Source.Package).Select(f => f.Index)
            .Where(d => d is { Length: > 0 } && Covered().IsMatch(d)).Distinct().ToList();
        var links = new Dictionary<(string, string), SimpleLink>();
        Take(work, await work.GetAsync(work.Source.Url("list"), cancellation), links);
        foreach (var directory in named.Union(known, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("directory", directory!)), cancellation) is { } page)
                Take(work, page, links);
            else if (known.Contains(directory))
                work.Notes.Add($"directory {directory} has no page of {work.Source.Package} any more; what it held stays");
            if (known.Contains(directory) && !named.Contains(directory!))
                work.Notes.Add($"directory {directory} is no longer named by the index");
        }

        var builds = new ListedBuilds(work);
        // Links are written from the root, or to a copy on another host; what the data keeps is the index's own address.
        foreach (var ((directory, file), link) in links)
            builds.Add(link, directory, work.Source.Url("root") + (directory.Length == 0 ? "" : directory + "/") + file.Replace("+", "%2B", StringComparison.Ordinal));
        builds.Finish();
        work.Complete(work.Fresh.BuildFiles, f => f.Packaging == Packaging.Pip && f.Package == work.Source.Package && f.Index is not null && !f.Index.Contains('/', StringComparison.Ordinal));
    }

    // Every page also lists the files of the root; the link says where a file lies.
    private static void Take(LiveWork work, SourceFile page, Dictionary<(string, string), SimpleLink> links)
    {
        foreach (var link in SimpleIndex.Parse(page, work.LeaveUnreadable))
        {
            var path = Uri.UnescapeDataString(link.Url.AbsolutePath);
            if (!path.StartsWith(Root, StringComparison.OrdinalIgnoreCase))
            {
                work.LeaveUnreadable(link.Url.ToString(), "a link that does not lead into the index");
                continue;
            }

            var key = (path[Root.Length..Math.Max(Root.Length, path.LastIndexOf('/'))].ToLowerInvariant(), link.FileName);
            var same = links.GetValueOrDefault(key);
            if (same?.Sha256 is not null && link.Sha256 is not null && same.Sha256 != link.Sha256)
                throw page.Error(link.FileName, "has another SHA-256 than on another page of the index.");
            links[key] = link with { Sha256 = link.Sha256 ?? same?.Sha256, IsYanked = link.IsYanked || same?.IsYanked is true };
        }
    }

    private static HashSet<string> Directories(SourceFile page)
    {
        var anchors = new HtmlParser().ParseDocument(page.Text).QuerySelectorAll("a").Select(a => (a.GetAttribute("href") ?? "").TrimEnd('/')).Select(h => h[(h.LastIndexOf('/') + 1)..]).ToList();
        var found = anchors.Where(d => Covered().IsMatch(d)).ToHashSet(StringComparer.Ordinal);
        return found.Count > 0 && anchors.Contains("torch") ? found : throw page.Error("links", "no directory of a CUDA version and no torch: not the root of the wheel index.");
    }

    [GeneratedRegex(@"^(?:cpu|cu\d+)(?:_full)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Covered();
}
