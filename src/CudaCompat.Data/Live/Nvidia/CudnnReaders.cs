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
        var page = await work.GetAsync(work.Source.Url("list"), cancellation);
        foreach (var version in Manifests.Of(work, page))
        {
            var file = await work.GetAsync(work.Source.Url("item", ("version", version)), cancellation);
            ReadManifest(work, file);
        }

        if (work.Fresh.CudnnFiles.Count == 0)
            throw page.Error("manifests", "no archive of the library.");
    }

    private static void ReadManifest(LiveWork work, SourceFile file)
    {
        var manifest = RedistManifest.Parse(file, work);
        foreach (var archive in manifest.Archives)
        {
            if (archive.Component != "cudnn")
            {
                work.Leave($"{archive.Component} is not the library");
                continue;
            }

            var name = archive.Path[(archive.Path.LastIndexOf('/') + 1)..];
            if (!DottedVersion.TryParse(archive.Version, out var version) || CudnnRanges.OfVariant(archive.Variant ?? name) is not { } variant)
            {
                work.LeaveUnreadable(name, "names no CUDA variant");
                continue;
            }

            var range = work.Known.CudnnFiles.Rows.FirstOrDefault(f => f.FileName == name && f.Platform == archive.Platform)?.Cuda ?? variant;
            work.Fresh.CudnnFiles.Replace(new CudnnFileRow(version, range, archive.Platform, "redist", name, work.Source.Url("list") + archive.Path, archive.Sha256 is null ? null : new Checksum("sha256", archive.Sha256), archive.Size, [file.Id]));
            Add(work, new CudnnRow(version, archive.Variant ?? "cuda" + CudnnRanges.MajorOf(range), range, manifest.Date, [archive.Platform], [file.Id]));
        }
    }

    // A release has a row, and each of its archives a platform more.
    private static void Add(LiveWork work, CudnnRow row)
    {
        string[] platforms = [.. (work.Fresh.Cudnn.Same(row)?.Platforms ?? []).Union(row.Platforms!).Order(StringComparer.Ordinal)];
        work.Fresh.Cudnn.Replace(work.Known.Cudnn.Same(row) is { } known ? known with { Date = known.Date ?? row.Date, Platforms = platforms, Sources = row.Sources } : row with { Platforms = platforms });
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
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
        var labels = new HtmlParser().ParseDocument(file.Text).QuerySelectorAll("a").Select(a => TextLines.Collapse(a.TextContent)).Where(t => t.StartsWith(Linked, StringComparison.Ordinal));
        foreach (var label in CudnnArchivePage.Parse(work, string.Join('\n', labels)))
        {
            if (label.Cuda is not { } range)
            {
                work.Leave("the label names no CUDA version");
                continue;
            }

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
        var file = await work.GetAsync(work.Source.Url("list"), cancellation);
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
        var file = await work.GetFirstAsync("list", cancellation);
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
            CheckNumbers(work, file, entry);
            foreach (var row in CudnnSupport.Rows(entry, [.. entries.Where(e => e.Package == entry.Package)], work.Known, file.Id))
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
