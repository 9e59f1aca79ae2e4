using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// cuDNN releases and their files. What a release is for is what its label in the archive prints; a variant in a manifest or file name
/// (cuda12) only says for which major it is, and counts where no label is known (9.x). Dates of labels win over manifests that were published again.
/// </summary>
internal sealed class CudnnReleases : ISubject
{
    private const string Labels = "nvidia/docs/cudnn-archive.rdp.2023-12.txt";

    /// <inheritdoc/>
    public string Name => "cuDNN releases";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var labels = sources.Open(Labels, nameof(CudnnArchivePage), "page");
        var printed = CudnnArchivePage.Parse(labels.Path, labels.Text).Select(l => labels.Record(TextLines.Place(l.Line), $"{l.Version} {l.Label}", l)).ToList();
        var found = new CudnnCollection();
        foreach (var path in sources.Files("nvidia/redist/cudnn", "redistrib_*.json"))
            ReadManifest(sources.Open(path, nameof(RedistManifest), "manifest"), printed, facts, found);
        ReadHarvest(sources, facts, found);
        ReadLabels(printed, found);
        foreach (var row in found.ToRows())
            facts.Cudnn.Add(row);
    }

    private static void ReadManifest(SourceFile file, List<SourceRecord<CudnnLabel>> printed, FactStore facts, CudnnCollection found)
    {
        var (_, date) = RedistManifest.Head(file.Path, file.Text);
        var address = file.Provenance.Url ?? throw file.Error("PROVENANCE.tsv", "the address of the manifest is not known.");
        var root = address[..(address.LastIndexOf('/') + 1)];
        foreach (var archive in RedistManifest.Parse(file.Path, file.Text))
        {
            var record = file.Record(archive.Place, archive.Path, archive);
            if (archive.Component != "cudnn")
            {
                record.Reject($"{archive.Component} is not the library");
                continue;
            }

            var version = DottedVersion.Parse(archive.Version);
            var name = archive.Path[(archive.Path.LastIndexOf('/') + 1)..];
            var variant = CudnnRanges.OfVariant(archive.Variant ?? name) ?? throw record.Error($"'{name}' names no CUDA variant.");
            var label = printed.Where(l => version.StartsWith(l.Value.Version) && l.Value.Cuda is { } c && CudnnRanges.MajorOf(c) == CudnnRanges.MajorOf(variant)).ToList();
            var range = label.Count == 1 ? label[0].Value.Cuda!.Value : variant;
            facts.CudnnFiles.Add(new CudnnFileRow(version, range, archive.Platform, "redist", name, root + archive.Path, new Checksum("sha256", archive.Sha256), archive.Size, [file.Id]));
            found.Add(version, range, archive.Variant ?? "cuda" + CudnnRanges.MajorOf(range), label.Count == 1 ? null : date, archive.Platform, [file.Id], null, rank: 1);
            record.Use();
        }
    }

    private static void ReadHarvest(SourceFolder sources, FactStore facts, CudnnCollection found)
    {
        foreach (var row in sources.Table("nvidia/cudnn.tsv", "", "cudnn_version", "label", "cuda_range", "date", "os", "arch", "url", "checksum_kind", "checksum", "size", "evidence"))
        {
            if (row["os"] == "darwin" || CudnnRanges.OfHarvest(row["cuda_range"]) is not { } range)
            {
                row.Reject(row["os"] == "darwin" ? "macOS is not covered" : "the label names no CUDA version");
                continue;
            }

            var evidence = row.Required("evidence");
            var ids = Evidence.Sources(sources, row, evidence);
            var version = DottedVersion.Parse(row.Required("cudnn_version").Split(' ')[0]);
            var label = row.Required("label").Replace(" (variant in the file name)", "", StringComparison.Ordinal);
            var platform = row.Text("url") is { } url ? AddFile(facts, row, version, range, url, ids) : null;
            found.Add(version, range, label, row.Text("date"), platform, ids, Evidence.Text(evidence), rank: label.StartsWith("for CUDA", StringComparison.Ordinal) ? 2 : 0);
            row.Use();
        }
    }

    private static string AddFile(FactStore facts, TsvRow row, DottedVersion version, CudaRange range, string url, string[] ids)
    {
        var name = url[(url.LastIndexOf('/') + 1)..];
        var platform = $"{(name.Contains("windows7", StringComparison.Ordinal) ? "windows7" : row.Required("os"))}-{row.Required("arch")}";
        var kind = name.Contains("-archive.", StringComparison.Ordinal) ? "redist" : "archive";
        var checksum = row.Text("checksum") is { } value ? new Checksum(row.Required("checksum_kind"), value) : null;
        var conflict = row["evidence"].IndexOf("CONFLICT", StringComparison.Ordinal);
        var note = conflict < 0 ? null : "doubtful: " + row["evidence"][conflict..];
        var file = new CudnnFileRow(version, range, platform, kind, name, url.Replace("http://", "https://", StringComparison.Ordinal), checksum, row.Number("size"), ids, Evidence.Text(row["evidence"]), note);
        if (facts.CudnnFiles.Same(file) is not { } known)
        {
            facts.CudnnFiles.Add(file);
            return platform;
        }

        if (known.Checksum is not null && checksum is not null && known.Checksum != checksum)
            note = $"another source gives the {checksum.Kind} {checksum.Value}";
        facts.CudnnFiles.Replace(known with { Sources = Evidence.Union(known.Sources, ids), Checksum = known.Checksum ?? checksum, Note = known.Note ?? note });
        return platform;
    }

    private static void ReadLabels(List<SourceRecord<CudnnLabel>> printed, CudnnCollection found)
    {
        foreach (var label in printed)
        {
            if (label.Value.Cuda is not { } range)
            {
                label.Reject("the label names no CUDA version");
                continue;
            }

            var version = found.FullNumber(label.Value.Version, range);
            found.Add(version, range, label.Value.Label, label.Value.Date, null, [label.File.Id], null, rank: 3, label.Value.Candidate);
            label.Use();
        }
    }
}
