using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>The CUDA Toolkit archive: its Markdown twin, or the page itself where there is no twin.</summary>
internal sealed class ToolkitArchiveReader : ILiveReader
{
    private const string Linked = "CUDA Toolkit ";

    /// <inheritdoc/>
    public string Name => "toolkit-archive";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.TryGetAsync(work.Source.Url("list"), nameof(ToolkitArchivePage), "page", cancellation)
            ?? await work.GetAsync(work.Source.Url("page"), nameof(ToolkitArchivePage), "page", cancellation);
        var text = file.Path.EndsWith(".md", StringComparison.Ordinal) ? file.Text : Lines(file.Text);
        foreach (var (entry, named) in ToolkitArchivePage.Parse(file.Path, text).Select(e => (e, Version(work, e.Label))).OrderBy(e => e.Item2))
        {
            var record = file.Record(TextLines.Place(entry.Line), entry.Label, entry);
            if (named is not { } version)
            {
                record.Reject("the label names no full release number");
                continue;
            }

            record.Use();
            var row = ToolkitRelease.Of(work, version, entry.Label, entry.Date, "archive", file.Id);
            if (work.Fresh.Toolkits.Same(row) is null)
                work.Fresh.Toolkits.Add(row);
        }

        work.Complete(work.Known.Toolkits, work.Fresh.Toolkits, t => t.Sources.Any(s => s.StartsWith("live/" + work.Source.Id + "/", StringComparison.Ordinal)));
    }

    private static string Lines(string html) => string.Join('\n', new HtmlParser().ParseDocument(html).QuerySelectorAll("a[href]")
        .Where(a => TextLines.Collapse(a.TextContent).StartsWith(Linked, StringComparison.Ordinal))
        .Select(a => TextLines.Collapse(a.TextContent + " " + (a.NextSibling?.NodeType == NodeType.Text ? a.NextSibling.TextContent : ""))));

    private static CudaVersion? Version(LiveWork work, string label)
    {
        var plain = label.Split(" Developer")[0];
        if (work.Known.Toolkits.Rows.FirstOrDefault(t => t.Label == label || t.Label == plain) is { } known)
            return known.Version;
        return ToolkitLabel.Release(plain) is { Patch: not null } version ? version : null;
    }
}

/// <summary>md5sum.txt of each release whose manifest stands in the directory: checksums of installers, and installers that are not known yet.</summary>
internal sealed class ToolkitSumsReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "toolkit-sums";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var page = await work.GetAsync(work.Source.Url("list"), nameof(DirectoryPage), "page", cancellation);
        foreach (var version in Manifests.Of(page))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("version", version)), nameof(Md5SumFile), "page", cancellation) is not { } file)
                continue;
            foreach (var line in Md5SumFile.Parse(file.Path, file.Text))
            {
                var record = file.Record(TextLines.Place(line.Line), line.FileName, line);
                if (InstallerNames.Of(line.FileName) is not { } name || name.Toolkit.ToString() != version)
                {
                    record.Reject("a package repository (deb, rpm) or another release, not an installer of this one");
                    continue;
                }

                record.Use();
                Add(work, name, line, version, file.Id);
            }
        }

        if (work.Fresh.Installers.Count == 0)
            throw page.Error("md5sum.txt", "of no release is there a list of checksums.");
    }

    private static void Add(LiveWork work, InstallerNames name, Md5Line line, string version, string source)
    {
        var known = work.Known.Installers.Rows.FirstOrDefault(r => r.FileName == line.FileName);
        var folder = name.Kind == "exe_network" ? "network_installers" : "local_installers";
        var url = known?.Url ?? work.Source.Url("file", ("version", version), ("folder", folder), ("file", line.FileName));
        var row = new InstallerRow(name.Toolkit, name.Os, name.Arch, name.Kind, line.FileName, url, new Checksum("md5", line.Md5), null, name.Driver, [source]);
        // A known installer keeps its driver; the second sum of one file is the same file again.
        if (known is not null)
            row = known with { Checksum = row.Checksum, Sources = [source] };
        if (work.Fresh.Installers.Same(row) is null && known?.Note is null)
            work.Fresh.Installers.Add(row);
    }
}
