using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Fetching;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Sources;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Tests.Live;

/// <summary>
/// Pages that lost tags, gained columns or were put in another order: a reader fails loudly, or gives facts that the page itself gives. Fewer facts than the last time
/// are refused as a whole (the amount is checked after any reader), so they are loud too; a fact that the page does not state is never given.
/// </summary>
public class MutatedPageTests
{
    private const int Seeds = 3;
    private static readonly string Curated = Path.Combine(Captures.Repository, "data", "curated");
    private static readonly FactStore Known = FactStore.Load(Path.Combine(Captures.Repository, "data"));

    private static readonly Dictionary<string, Func<Dictionary<string, string>>> Pages = new()
    {
        ["release-notes"] = () => One(UpstreamPages.ReleaseNotes([("13.9 GA", "640.10.01", ">=640.22"), .. Drivers()])),
        ["forward-compat"] = () => One(ForwardCompat()),
        ["gpus"] = () => new() { ["list"] = Gpus("12.0", "8.6", "7.5"), ["legacy"] = Gpus("7.0", "6.1") },
        ["cudnn-support"] = () => One(Support()),
        ["cudnn-archive"] = () => One(Page("cuDNN Archive", "<div>" + string.Concat(new[] { "v8.9.7 (December 5th, 2023), for CUDA 12.x", "v8.9.7 (December 5th, 2023), for CUDA 11.x", "v8.0.5 (November 9th, 2020), for CUDA 11.1" }.Select(l => $"<p><a href=\"#a\">Download cuDNN {l}</a></p>")) + "</div>")),
        ["cudnn-list"] = () => One(Page("cuDNN Archive", string.Concat(new[] { "9.5.1", "9.10.2", "9.1.0" }.Select(v => $"<h4><a href=\"/cudnn-{v.Replace('.', '-')}-download-archive\">cuDNN {v}</a></h4>")))),
        ["toolkit-archive"] = () => new() { ["page"] = Page("CUDA Toolkit Archive", string.Concat(new[] { "13.9.0|December 2026", "12.8.1|March 2025", "12.8.0|January 2025", "11.8.0|October 2022" }.Select(l => $"<p><a href=\"/x\">CUDA Toolkit {l.Split('|')[0]}</a> ({l.Split('|')[1]}), <a href=\"y\">Versioned Online Documentation</a></p>"))) },
        ["guide-linux"] = () => One(GuidePages.Linux("13.9.0", "6.x - 17.x", "7.x - 23.x")),
        ["guide-windows"] = () => One(GuidePages.Windows("13.9.0", "195", "193", "192")),
        ["wheels-torch"] = () => Wheels("torch"),
        ["wheels-torchvision"] = () => Wheels("torchvision"),
        ["previous-versions"] = () => One(ScriptPages.PreviousVersions("2.99.0", "0.99.0", "cu126", "cu130").Replace("</body></html>", "") + ScriptPages.PreviousVersions("2.98.0", "0.98.0", "cu126")[(ScriptPages.PreviousVersions("2.98.0", "0.98.0", "cu126").IndexOf("<h3", StringComparison.Ordinal))..]),
    };

    public static TheoryData<string> Sources => [.. Pages.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task Page_Mutated_NeverGivesAFactThatItDoesNotState(string source)
    {
        var pages = Pages[source]();
        var (stated, failure) = await ReadAsync(source, pages);
        failure.Should().BeNull();
        stated.Should().NotBeEmpty();
        var (loud, same, tried) = (0, 0, 0);
        foreach (var (role, html) in pages)
        {
            // One row less is what an edition that dropped the oldest compiler looks like.
            foreach (var (name, mutated) in Mutations(html).Where(m => source != "guide-windows" || !m.Name.StartsWith("<tr>", StringComparison.Ordinal)))
            {
                tried++;
                var (facts, error) = await ReadAsync(source, new Dictionary<string, string>(pages) { [role] = mutated });
                if (error is not null || facts.Count < stated.Count)
                {
                    loud++;
                    continue;
                }

                same++;
                facts.Except(stated).Should().BeEmpty($"the page was mutated: {name}\n{mutated}");
            }
        }

        tried.Should().BeGreaterThan(20);
        loud.Should().BePositive();
        same.Should().BePositive("a mutation that leaves the facts readable exists: another order of rows, a lost wrapper");
    }

    private static Dictionary<string, string> Wheels(string package) => new()
    {
        ["root"] = UpstreamPages.WheelRoot(["cpu", "cu126", "cu128"]),
        ["list"] = UpstreamPages.WheelPage(package, Known.BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Package == package && f.Sha256 is not null && (f.Index is "cu126" or "cu128")).TakeLast(12)),
    };

    private static Dictionary<string, string> One(string page) => new() { ["list"] = page };

    private static string Page(string title, string body) => $"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>";

    // Of the data itself, so that a page whose columns change their places contradicts what is known.
    private static IEnumerable<(string, string, string)> Drivers() => Known.DriverRequirements.Rows.Where(r => r is { Kind: "corresponding", Used: true, Os: Machines.OperatingSystemFamily.Linux } && r.Cuda.StartsWith("12.", StringComparison.Ordinal) && r.Cuda.EndsWith(".0", StringComparison.Ordinal))
        .Select(r => (r.Cuda[..^2] + " GA", ">=" + r.Minimum, ">=" + Known.DriverRequirements.Rows.First(w => w.Cuda == r.Cuda && w.Used && w.Os == Machines.OperatingSystemFamily.Windows && w.Kind == r.Kind).Minimum));

    private static string ForwardCompat()
    {
        var rows = Known.ForwardCompat.Rows.Where(r => r.BranchCuda is not null).ToList();
        var branches = rows.DistinctBy(r => r.Branch).OrderBy(r => r.Branch).ToList();
        var body = rows.GroupBy(r => r.Cuda).Where(g => g.Count() == branches.Count).Select(g => $"<tr><td><p>cuda-compat-{g.Key.Major}-{g.Key.Minor}</p></td>{string.Concat(g.OrderBy(r => r.Branch).Select(r => $"<td><p>{(r.Status == "compatible" ? "C" : r.Status == "not-applicable" ? "N/A" : "X")}</p></td>"))}</tr>");
        return Page("CUDA Compatibility", $"<table><thead><tr><th>CUDA Forward Compatible Upgrade</th>{string.Concat(branches.Select(b => $"<th>{b.Branch}+ (CUDA {b.BranchCuda})</th>"))}</tr></thead><tbody>{string.Join('\n', body)}</tbody></table>");
    }

    private static string Gpus(params string[] capabilities)
    {
        string Cell(string capability, string segment) => string.Join("<br>", Known.Gpus.Rows.Where(g => g.Capabilities.Length == 1 && g.Capabilities[0].ToString() == capability && g.Segment is not null && segment.Contains(g.Segment, StringComparison.Ordinal)
            && (g.Name.StartsWith("NVIDIA", StringComparison.Ordinal) || g.Name.StartsWith("GeForce", StringComparison.Ordinal) || g.Name.StartsWith("Tesla", StringComparison.Ordinal))).Take(6).Select(g => g.Name));
        return Page("CUDA GPUs", "<table><tr><th>Compute Capability</th><th>Data Center</th><th>Workstation/Consumer</th><th>Jetson</th></tr>"
            + string.Join('\n', capabilities.Select(c => $"<tr><td>{c}</td><td>{Cell(c, "datacenter")}</td><td>{Cell(c, "workstation/consumer")}</td><td>{Cell(c, "jetson")}</td></tr>")) + "</table>");
    }

    private static string Support() => Page("Support Matrix", """
        <table><thead><tr><th>cuDNN Package <sup>1</sup></th><th>CUDA Toolkit Version</th><th>Supports static linking?</th><th>NVIDIA Driver Version for Linux</th><th>NVIDIA Driver Version for Windows</th><th>CUDA Compute Capability</th><th>Supported NVIDIA GPU Architectures</th></tr></thead>
        <tbody><tr><td>cuDNN 9.99.0 for CUDA 13.x</td><td>13.1 13.0</td><td>Yes</td><td>&gt;=580.65.06</td><td>N/A</td><td>12.0 10.0 9.0</td><td>Hopper</td></tr>
        <tr><td rowspan="2">cuDNN 9.99.0 for CUDA 12.x</td><td><ul><li>12.9</li><li>12.8<sup>3</sup></li></ul></td><td>Yes</td><td rowspan="2">&gt;=525.60.13</td><td rowspan="2">&gt;=527.41</td><td>9.0 8.6</td><td>Hopper</td></tr>
        <tr><td>12.0</td><td>No</td><td>8.6</td><td>Ampere</td></tr></tbody></table>
        """);

    private static IEnumerable<(string Name, string Html)> Mutations(string html)
    {
        IHtmlDocument Copy() => new HtmlParser().ParseDocument(html);
        (string, string) Done(string name, IHtmlDocument document) => (name, "<!DOCTYPE html>" + document.DocumentElement.OuterHtml);
        foreach (var tag in Copy().All.Select(e => e.LocalName).Where(t => t is not ("html" or "head" or "body" or "title")).Distinct().ToList())
        {
            foreach (var only in new int?[] { null, 0, 1, -1 })
            {
                var (lost, gone) = (Copy(), Copy());
                Chosen(lost, tag, only).ForEach(e => e.Replace([.. e.ChildNodes]));
                yield return Done($"the tags of <{tag}> {only} lost", lost);
                // A list with an item less states something else; no reader can know that it was longer.
                if (tag == "li")
                    continue;
                Chosen(gone, tag, only).ForEach(e => e.Remove());
                yield return Done($"<{tag}> {only} gone", gone);
            }

            if (tag is "tr" or "p" or "a" or "h3" or "h4" or "h5" or "pre" or "li")
            {
                for (var seed = 0; seed < Seeds; seed++)
                {
                    var document = Copy();
                    Shuffle([.. document.QuerySelectorAll(tag)], new Random(seed));
                    yield return Done($"<{tag}> in another order, {seed}", document);
                }
            }
        }

        var columns = Copy().QuerySelectorAll("tr").Select(r => r.Children.Length).DefaultIfEmpty().Max();
        for (var at = 0; at < columns; at++)
        {
            foreach (var where in new[] { "", "thead ", "tbody " })
            {
                var (added, dropped, swapped) = (Copy(), Copy(), Copy());
                foreach (var row in added.QuerySelectorAll(where + "tr").Where(r => r.Children.Length > at))
                    row.InsertBefore(Cell(added, row), row.Children[at]);
                yield return Done($"a column more at {at} of {where}", added);
                foreach (var row in dropped.QuerySelectorAll(where + "tr").Where(r => r.Children.Length > at))
                    row.Children[at].Remove();
                yield return Done($"column {at} of {where} gone", dropped);
                foreach (var row in swapped.QuerySelectorAll(where + "tr").Where(r => r.Children.Length > at + 1))
                    row.InsertBefore(row.Children[at + 1], row.Children[at]);
                yield return Done($"columns {at} and {at + 1} of {where} swapped", swapped);
            }
        }

        yield return ("cut in the middle", html[..(html.Length / 2)]);
    }

    private static List<IElement> Chosen(IHtmlDocument document, string tag, int? only)
    {
        var all = document.QuerySelectorAll(tag).ToList();
        return only is not { } at ? all : at < 0 ? [all[^1]] : at < all.Count ? [all[at]] : [];
    }

    private static IElement Cell(IHtmlDocument document, IElement row)
    {
        var cell = document.CreateElement(row.Children[0].LocalName);
        cell.TextContent = row.Children[0].LocalName == "th" ? "New" : "7.5";
        return cell;
    }

    private static void Shuffle(List<IElement> elements, Random random)
    {
        var contents = elements.Select(e => (e.InnerHtml, Attributes: e.Attributes.Select(a => (a.Name, a.Value)).ToList())).ToArray();
        random.Shuffle(contents);
        foreach (var (element, content) in elements.Zip(contents))
        {
            element.InnerHtml = content.InnerHtml;
            content.Attributes.ForEach(a => element.SetAttribute(a.Name, a.Value));
        }
    }

    // The reader alone, over a recording in a real folder.
    private static async Task<(HashSet<string> Facts, string? Failure)> ReadAsync(string id, Dictionary<string, string> pages)
    {
        using var folder = new TemporaryFolder();
        var source = LiveSources.Load(Curated).Single(s => s.Id == id);
        Recording.Write(folder.Path, pages.Select(p => (Recording.PathOf(id, source.Url(p.Key), null), new FetchedDocument(source.Url(p.Key), System.Text.Encoding.UTF8.GetBytes(p.Value), "2026-11-20"))));
        var work = new LiveWork(source, Recording.Open(folder.Path, id), Known, Known, null, Curated, acceptLoss: id.StartsWith("wheels", StringComparison.Ordinal)); // a page of twelve wheels stands for one of thousands
        try
        {
            await LiveReaders.All[source.Reader].ReadAsync(work, CancellationToken.None);
            if (work.Left.Count > 0 || work.Unread.Count > 0)
                return ([], $"left out: {string.Join(", ", work.Left.Keys.Concat(work.Unread))}");
        }
        catch (Exception e) when (e is FetchException or SourceFormatException or Versions.VersionFormatException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return ([], e.Message);
        }

        return ([.. work.Fresh.Sets.SelectMany(s => s.Json().Select(r => { r.Row.Remove("sources"); r.Row.Remove("note"); return $"{s.Subject} {r.Row.ToJsonString()}"; }))], null);
    }
}
