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
        var page = await work.GetAsync(work.Source.Url("list"), cancellation);
        var listed = Manifests.Of(work, page);
        var known = work.Known.Redist.Rows.Select(r => r.Toolkit).Distinct().ToList();
        // A component of "12.8" is known from elsewhere; manifests have full numbers.
        if (known.Where(k => k.Patch is not null && !listed.Contains(k.ToString())).ToList() is { Count: > 0 } gone)
            work.Notes.Add($"the directory lists no manifest any more of {string.Join(", ", gone)}");
        var read = new HashSet<CudaVersion>();
        foreach (var version in listed.Union(known.Select(k => k.ToString()), StringComparer.Ordinal))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("version", version)), cancellation) is not { } file)
            {
                if (listed.Contains(version))
                    throw page.Error(version, "the directory lists this manifest, but it is not there.");
                continue;
            }

            var manifest = RedistManifest.Parse(file, work);
            if (manifest.Version != version)
                throw file.Error("$.release_label", $"'{manifest.Version}' answered for {version}.");
            var toolkit = CudaVersion.Parse(version);
            read.Add(toolkit);
            foreach (var archive in manifest.Archives)
                work.Fresh.Redist.Replace(new RedistRow(toolkit, archive.Component, archive.Version, archive.Platform, archive.Path, archive.Sha256, archive.Size, [file.Id]));
            work.Fresh.Toolkits.Replace(ToolkitRelease.Of(work, toolkit, toolkit.ToString(), manifest.Date, "manifest"));
        }

        work.Complete(work.Fresh.Redist, r => read.Contains(r.Toolkit));
    }
}

/// <summary>Manifest names in a directory page.</summary>
internal static partial class Manifests
{
    /// <summary>The three-part versions of redistrib_X.Y.Z.json; four-part files hold other content. A name with fewer parts is told by name.</summary>
    public static IReadOnlyList<string> Of(LiveWork work, SourceFile page)
    {
        var names = DirectoryPage.Parse(page.Path, page.Text);
        work.Unread.AddRange(names.Where(n => Short().IsMatch(n)).Select(n => $"{page.Url}: {n}").Where(n => !work.Unread.Contains(n)).ToList());
        var versions = names.Select(n => Name().Match(n)).Where(m => m.Success).Select(m => m.Groups["version"].Value).OrderBy(v => DottedVersion.Parse(v)).ToList();
        return versions.Count > 0 ? versions : throw page.Error("list", "no manifest redistrib_X.Y.Z.json: the directory changed shape.");
    }

    [GeneratedRegex(@"^redistrib_\d+(?:\.\d+)?\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Short();

    [GeneratedRegex(@"^redistrib_(?<version>\d+\.\d+\.\d+)\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

/// <summary>A toolkit release as a live page names it.</summary>
internal static class ToolkitRelease
{
    /// <summary>The known row with what is new, or a new row. A date of another kind than the known one says nothing against it. Which release of an X.Y is the general one follows later.</summary>
    public static ToolkitRow Of(LiveWork work, CudaVersion version, string label, string? date, string dateFrom)
    {
        var kind = label.Contains("Preview", StringComparison.Ordinal) ? "preview" : label.Contains("RC", StringComparison.Ordinal) || label.Contains("Candidate", StringComparison.Ordinal) ? "rc" : "update";
        var row = new ToolkitRow(version, label, kind, date, date is null ? null : dateFrom, [work.Source.Id]);
        if (work.Known.Toolkits.Same(row) is not { } known)
            return row;
        known = known with { Kind = kind == "update" ? known.Kind : kind, Sources = row.Sources, Evidence = null, Note = null, Platforms = null };
        return known.Date is null ? known with { Date = date, DateFrom = row.DateFrom }
            : known.DateFrom == dateFrom && date is not null && !IsNoted(work.Known.Toolkits.Same(row)!, date) ? known with { Date = date }
            : known;
    }

    private static bool IsNoted(ToolkitRow known, string date) => known.Note?.Contains(date, StringComparison.Ordinal) is true;
}
