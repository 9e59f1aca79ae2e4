using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>The directory of cuDNN's redistributable manifests, then each manifest.</summary>
internal sealed class CudnnRedistReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "cudnn-redist";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var page = await work.GetAsync(work.Source.Url("list"), nameof(DirectoryPage), "page", cancellation);
        var found = new CudnnCollection();
        foreach (var version in Manifests.Of(page))
        {
            var file = await work.GetAsync(work.Source.Url("item", ("version", version)), nameof(RedistManifest), "manifest", cancellation);
            ReadManifest(work, file, found);
        }

        foreach (var row in found.ToRows())
            work.Fresh.Cudnn.Add(work.Known.Cudnn.Same(row) is { } known ? known with { Date = known.Date ?? row.Date, Platforms = row.Platforms, Sources = row.Sources } : row);
        if (work.Fresh.CudnnFiles.Count == 0)
            throw page.Error("manifests", "no archive of the library.");
    }

    private static void ReadManifest(LiveWork work, SourceFile file, CudnnCollection found)
    {
        var (_, date) = RedistManifest.Head(file.Path, file.Text);
        foreach (var archive in RedistManifest.Parse(file.Path, file.Text))
        {
            var record = file.Record(archive.Place, archive.Path, archive);
            if (archive.Component != "cudnn")
            {
                record.Reject($"{archive.Component} is not the library");
                continue;
            }

            record.Use();
            var name = archive.Path[(archive.Path.LastIndexOf('/') + 1)..];
            var version = DottedVersion.Parse(archive.Version);
            var variant = CudnnRanges.OfVariant(archive.Variant ?? name) ?? throw record.Error($"'{name}' names no CUDA variant.");
            var known = work.Known.CudnnFiles.Rows.FirstOrDefault(f => f.FileName == name && f.Platform == archive.Platform);
            var range = known?.Cuda ?? variant;
            var row = new CudnnFileRow(version, range, archive.Platform, "redist", name, work.Source.Url("list") + archive.Path, new Checksum("sha256", archive.Sha256), archive.Size, [file.Id]);
            if (work.Fresh.CudnnFiles.Same(row) is null)
                work.Fresh.CudnnFiles.Add(row);
            found.Add(version, range, archive.Variant ?? "cuda" + CudnnRanges.MajorOf(range), date, archive.Platform, [file.Id], null, rank: 1);
        }
    }
}

/// <summary>The old archive of cuDNN: one label a release and CUDA version. It is closed; what it says confirms.</summary>
internal sealed class CudnnArchiveReader : ILiveReader
{
    private const string Linked = "Download cuDNN v";

    /// <inheritdoc/>
    public string Name => "cudnn-archive";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), nameof(CudnnArchivePage), "page", cancellation);
        var labels = new HtmlParser().ParseDocument(file.Text).QuerySelectorAll("a").Select(a => TextLines.Collapse(a.TextContent)).Where(t => t.StartsWith(Linked, StringComparison.Ordinal));
        foreach (var label in CudnnArchivePage.Parse(file.Path, string.Join('\n', labels)))
        {
            var record = file.Record(TextLines.Place(label.Line), $"{label.Version} {label.Label}", label);
            if (label.Cuda is not { } range)
            {
                record.Reject("the label names no CUDA version");
                continue;
            }

            record.Use();
            var known = work.Known.Cudnn.Rows.Where(r => r.Cuda == range && r.Version.StartsWith(label.Version)).OrderByDescending(r => r.Version).FirstOrDefault();
            var row = known is null
                ? new CudnnRow(label.Version, label.Label, range, label.Date, null, [file.Id], Note: label.Candidate is { } candidate ? $"release candidate ({candidate})" : null)
                : known with { Sources = [file.Id] };
            if (work.Fresh.Cudnn.Same(row) is null)
                work.Fresh.Cudnn.Add(row);
        }
    }
}

/// <summary>
/// The list of cuDNN releases since 9: the address of each release's page names its version, and nothing of CUDA. It confirms; a release whose manifest
/// is not known is remarked.
/// </summary>
internal sealed partial class CudnnListReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "cudnn-list";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), nameof(CudnnListReader), "page", cancellation);
        var named = new HtmlParser().ParseDocument(file.Text).QuerySelectorAll("a[href]").Select(a => Release().Match(a.GetAttribute("href")!)).Where(m => m.Success)
            .Select(m => DottedVersion.Parse(m.Groups["version"].Value.Replace('-', '.'))).Distinct().Order().ToList();
        if (named.Count == 0)
            throw file.Error("links", "no page of a release: the page changed shape.");
        foreach (var version in named)
        {
            var known = work.Known.Cudnn.Rows.Where(r => r.Version.StartsWith(version)).ToList();
            if (known.Count == 0)
                work.Notes.Add($"lists cuDNN {version}, of which no manifest is known");
            foreach (var row in known)
                work.Fresh.Cudnn.Add(row with { Sources = [file.Id] });
        }
    }

    [GeneratedRegex(@"/cudnn-(?<version>\d+-\d+-\d+)-download-archive/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}

/// <summary>The cuDNN support matrix: tables whose first column is the package.</summary>
internal sealed class CudnnSupportReader : ILiveReader
{
    private const int Columns = 6;
    private const int MostNewMinors = 4;

    /// <inheritdoc/>
    public string Name => "cudnn-support";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.GetAsync(work.Source.Url("list"), nameof(CudnnSupportMatrix), "page", cancellation);
        var entries = new List<CudnnSupportEntry>();
        foreach (var table in HtmlGrid.Of(file.Text).Where(t => t.Count > 1 && t[0].Length > Columns && t[0][0].StartsWith("cuDNN Package", StringComparison.Ordinal)))
        {
            CheckTitles(file, table[0]);
            if (table.Any(r => r.Length != table[0].Length))
                throw file.Error("tables", "a row has another number of cells than the titles: the table changed shape.");
            entries.AddRange(table.Skip(1).Where(r => r[0].StartsWith("cuDNN ", StringComparison.Ordinal)).Select((r, i) => CudnnSupportMatrix.Entry(file.Path, i + 1, r[..Columns]))
                .Select(e => e with { Cuda = [.. e.Cuda.OrderDescending()] }));
        }

        if (entries.Count == 0)
            throw file.Error("tables", "no support matrix: the page changed shape.");
        foreach (var entry in entries)
        {
            file.Record(TextLines.Place(entry.Line), entry.Package, entry).Use();
            CheckNumbers(work, file, entry);
            foreach (var row in CudnnSupport.Rows(entry, [.. entries.Where(e => e.Package == entry.Package)], work.Known, [file.Id], null))
            {
                if (work.Fresh.CudnnSupport.Same(row) is null)
                    work.Fresh.CudnnSupport.Add(row);
            }
        }

        CheckDrivers(work, file);
    }

    // A footnote mark that is no longer marked up makes 12.83 of 12.8 and 9.03 of 9.0.
    private static void CheckNumbers(LiveWork work, SourceFile file, CudnnSupportEntry entry)
    {
        var newest = work.Known.Toolkits.Rows.Max(t => t.Version.MajorMinor);
        foreach (var cuda in entry.Cuda.Where(c => c <= newest ? !work.Known.Toolkits.Rows.Any(t => t.Version.MajorMinor == c) : c.Minor > newest.Minor + MostNewMinors))
            throw file.Error(entry.Package, $"CUDA {cuda} is no release: a footnote mark was read as a digit.");
        foreach (var capability in entry.Capabilities.Where(c => !work.Known.Architectures.Rows.Any(a => a.ComputeCapability == c)))
            throw file.Error(entry.Package, $"{capability} is no known compute capability: a footnote mark was read as a digit, or an architecture is new and belongs into data/curated/facts/ first.");
    }

    // Linux drivers of a CUDA major are the same for every release of cuDNN, and no Windows driver has their numbers.
    private static void CheckDrivers(LiveWork work, SourceFile file)
    {
        var linux = work.Known.CudnnSupport.Rows.Select(r => r.MinDriverLinux).OfType<DriverVersion>().ToHashSet();
        var windows = work.Known.CudnnSupport.Rows.Select(r => r.MinDriverWindows).OfType<DriverVersion>().ToHashSet();
        foreach (var row in work.Fresh.CudnnSupport.Rows)
        {
            if (row.MinDriverLinux is { } l && windows.Contains(l) && !linux.Contains(l) || row.MinDriverWindows is { } w && linux.Contains(w) && !windows.Contains(w))
                throw file.Error($"cuDNN {row.Cudnn}", "a driver of the other system stands in the column: the table changed shape.");
        }
    }

    private static void CheckTitles(SourceFile file, string[] titles)
    {
        string[] wanted = ["CUDA Toolkit", "static linking", "Linux", "Windows", "Compute Capability"];
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!titles[i + 1].Contains(wanted[i], StringComparison.OrdinalIgnoreCase))
                throw file.Error("column " + (i + 2), $"is titled '{titles[i + 1]}', not {wanted[i]}: the table changed shape.");
        }
    }
}
