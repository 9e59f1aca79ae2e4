using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>The directory of CUDA's redistributable manifests, then each manifest: the archives of a toolkit and its day.</summary>
internal sealed class ToolkitRedistReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "toolkit-redist";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var page = await work.GetAsync(work.Source.Url("list"), nameof(DirectoryPage), "page", cancellation);
        var listed = Manifests.Of(page);
        var known = work.Known.Redist.Rows.Select(r => r.Toolkit).Distinct().ToList();
        // A component of "12.8" is known from elsewhere; manifests have full numbers.
        foreach (var gone in known.Where(k => k.Patch is not null && !listed.Contains(k.ToString())))
            work.Notes.Add($"the directory lists no manifest of {gone} any more");
        var read = new HashSet<CudaVersion>();
        foreach (var version in listed.Union(known.Select(k => k.ToString()), StringComparer.Ordinal))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("version", version)), nameof(RedistManifest), "manifest", cancellation) is not { } file)
            {
                if (listed.Contains(version))
                    throw page.Error(version, "the directory lists this manifest, but it is not there.");
                continue;
            }

            var (label, date) = RedistManifest.Head(file.Path, file.Text);
            if (label != version)
                throw file.Error("$.release_label", $"'{label}' answered for {version}.");
            var toolkit = CudaVersion.Parse(version);
            read.Add(toolkit);
            foreach (var archive in RedistManifest.Parse(file.Path, file.Text))
            {
                file.Record(archive.Place, archive.Path, archive).Use();
                work.Fresh.Redist.Add(new RedistRow(toolkit, archive.Component, archive.Version, archive.Platform, archive.Path, archive.Sha256, archive.Size, [file.Id]));
            }

            work.Fresh.Toolkits.Add(ToolkitRelease.Of(work, toolkit, toolkit.ToString(), date, "manifest", file.Id));
        }

        work.Complete(work.Known.Redist, work.Fresh.Redist, r => read.Contains(r.Toolkit));
    }
}

/// <summary>Manifest names in a directory page.</summary>
internal static partial class Manifests
{
    /// <summary>The three-part versions of redistrib_X.Y.Z.json; four-part files hold other content.</summary>
    public static IReadOnlyList<string> Of(SourceFile page)
    {
        var versions = DirectoryPage.Parse(page.Path, page.Text).Select(n => Name().Match(n)).Where(m => m.Success).Select(m => m.Groups["version"].Value)
            .OrderBy(v => DottedVersion.Parse(v)).ToList();
        return versions.Count > 0 ? versions : throw page.Error("list", "no manifest redistrib_X.Y.Z.json: the directory changed shape.");
    }

    [GeneratedRegex(@"^redistrib_(?<version>\d+\.\d+\.\d+)\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

/// <summary>A toolkit release as a live page names it.</summary>
internal static class ToolkitRelease
{
    /// <summary>The known row with what is new, or a new row; the releases of an X.Y are to be given in their order. A date of another kind than the known one says nothing against it.</summary>
    public static ToolkitRow Of(LiveWork work, CudaVersion version, string label, string? date, string dateFrom, string source)
    {
        var row = new ToolkitRow(version, label, label.Contains("Preview", StringComparison.Ordinal) ? "preview" : KindOf(work, version), date, date is null ? null : dateFrom, [source]);
        if (work.Known.Toolkits.Same(row) is not { } known)
            return row;
        return known.Date is null ? known with { Date = date, DateFrom = row.DateFrom, Sources = [source] }
            : known.DateFrom == dateFrom && date is not null && !IsNoted(known, date) ? known with { Date = date, Sources = [source] }
            : known with { Sources = [source] };
    }

    private static bool IsNoted(ToolkitRow known, string date) => known.Note?.Contains(date, StringComparison.Ordinal) is true;

    private static string KindOf(LiveWork work, CudaVersion version) =>
        work.Known.Toolkits.Rows.Concat(work.Fresh.Toolkits.Rows).Any(t => t.Version.MajorMinor == version.MajorMinor && t.Version < version && t.Kind is "ga" or "update") ? "update" : "ga";
}
