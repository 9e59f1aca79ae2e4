using System.Text.RegularExpressions;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>The CUDA Toolkit archive: its Markdown twin, or the page itself where there is no twin.</summary>
internal sealed partial class ToolkitArchiveReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "toolkit-archive";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var file = await work.TryGetAsync(work.Source.Url("list"), cancellation) ?? await work.GetAsync(work.Source.Url("page"), cancellation);
        foreach (var entry in ToolkitArchivePage.Parse(file.Text, file.Path.EndsWith(".md", StringComparison.Ordinal), work.Unread.Add))
        {
            if (Version(work, entry.Label) is { } version)
                work.Fresh.Toolkits.Replace(ToolkitRelease.Of(work, version, entry.Label, entry.Date, "archive"));
            else
                work.Leave("the label names no full release number");
        }
    }

    private static CudaVersion? Version(LiveWork work, string label)
    {
        var plain = Unreleased().Replace(label, "");
        if (work.Known.Toolkits.Rows.FirstOrDefault(t => t.Label == label || t.Label == plain) is { } known)
            return known.Version;
        // A number of two parts alone is the release without an update.
        return ToolkitLabel.Release(plain.Contains(' ', StringComparison.Ordinal) || plain.Count(c => c == '.') > 1 ? plain : plain + " GA") is { Patch: not null } version ? version : null;
    }

    [GeneratedRegex(@" (?:Developer Preview|RC|Release Candidate).*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Unreleased();
}

/// <summary>md5sum.txt of each release whose manifest stands in the directory: checksums of installers, and installers that are not known yet.</summary>
internal sealed class ToolkitSumsReader : ILiveReader
{
    /// <inheritdoc/>
    public string Name => "toolkit-sums";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var page = await work.GetAsync(work.Source.Url("list"), cancellation);
        foreach (var version in Manifests.Of(work, page))
        {
            if (await work.TryGetAsync(work.Source.Url("item", ("version", version)), cancellation) is not { } file)
                continue;
            foreach (var line in Md5SumFile.Parse(file, work))
            {
                if (InstallerNames.Of(line.FileName) is { } name && name.Toolkit.ToString() == version)
                    Add(work, name, line, version, file.Id);
                else
                    work.Leave("a package repository (deb, rpm) or another release, not an installer of this one");
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
