using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// cuDNN support matrices: one row a release, variant and driver floor. Spans of releases are written out, "(older 11.x)" becomes the minors
/// that the package's other rows do not list, "7.x" becomes the capabilities of that major which the row's CUDA targets.
/// </summary>
internal sealed class CudnnSupport : ISubject
{
    private const string Page = "nvidia/docs/cudnn-support-matrices.txt";

    /// <inheritdoc/>
    public string Name => "cuDNN support matrices";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var page = sources.Open(Page, nameof(CudnnSupportMatrix), "page");
        var read = new List<(SourceRecord Record, CudnnSupportEntry Entry, string[] Sources, string? Evidence)>();
        foreach (var entry in CudnnSupportMatrix.Parse(page.Path, page.Text))
            read.Add((page.Record(TextLines.Place(entry.Line), entry.Package, entry), entry, [page.Id], null));
        foreach (var row in sources.Table("nvidia/cudnn_support_matrix.tsv", "", "cudnn_package", "cuda_versions", "static_linking", "min_driver_linux", "min_driver_windows", "compute_capabilities", "evidence"))
        {
            string[] cells = [row["cudnn_package"], row["cuda_versions"], row["static_linking"], row["min_driver_linux"], row["min_driver_windows"], row["compute_capabilities"]];
            read.Add((row, CudnnSupportMatrix.Entry(row.File.Path, 0, cells), Evidence.Sources(sources, row, row["evidence"]), Evidence.Text(row.Required("evidence"))));
        }

        foreach (var row in sources.Curated("cudnn-support.tsv", "", "cudnn_package", "cuda_versions", "static_linking", "min_driver_linux", "min_driver_windows", "compute_capabilities", "note", "evidence"))
        {
            string[] cells = [row["cudnn_package"], row["cuda_versions"], row["static_linking"], row["min_driver_linux"], row["min_driver_windows"], row["compute_capabilities"]];
            read.Add((row, CudnnSupportMatrix.Entry(row.File.Path, 0, cells), Evidence.Sources(sources, row, row["evidence"]), $"{row["note"]}. {row["evidence"]}"));
        }

        foreach (var (record, entry, ids, evidence) in read)
        {
            if (entry.Unsupported)
            {
                record.Reject("the matrix says that this CUDA is not supported");
                continue;
            }

            foreach (var row in Rows(entry, [.. read.Select(r => r.Entry).Where(e => e.Package == entry.Package)], facts, ids, evidence))
                AddOrMerge(facts, row, record);
            record.Use();
        }
    }

    internal static IEnumerable<CudnnSupportRow> Rows(CudnnSupportEntry entry, List<CudnnSupportEntry> package, FactStore facts, string[] ids, string? evidence)
    {
        var cuda = entry.OlderOf is { } major
            ? [.. facts.Toolkits.Rows.Select(t => t.Version.MajorMinor).Distinct().Where(v => v.Major == major && !package.Any(p => p.Cuda.Contains(v))).OrderDescending()]
            : entry.Cuda.ToArray();
        var capabilities = entry.Capabilities.Concat(entry.CapabilityMajors.SelectMany(m => Targets(m, cuda, facts))).Distinct().OrderDescending().ToArray();
        foreach (var release in Releases(entry, facts))
        {
            yield return new CudnnSupportRow(release, entry.Major ?? cuda[0].Major, cuda, entry.Linux, entry.Windows, capabilities.Length == 0 ? null : capabilities, entry.CapabilitiesFrom, entry.StaticLinking, ids, evidence,
                entry.OlderOf is null ? null : "the matrix says \"older\": the minors that its other rows do not list");
        }
    }

    private static IEnumerable<ComputeCapability> Targets(int major, CudaVersion[] cuda, FactStore facts) => facts.Architectures.Rows
        .Where(a => a.ComputeCapability.Suffix is null && a.ComputeCapability.Major == major && cuda.All(c => a.FirstToolkit <= c && (a.LastToolkit is null || a.LastToolkit >= c)))
        .Select(a => a.ComputeCapability);

    private static IEnumerable<DottedVersion> Releases(CudnnSupportEntry entry, FactStore facts)
    {
        var known = facts.Cudnn.Rows.Select(r => DottedVersion.Parse(string.Join('.', r.Version.ToString().Split('.').Take(3)))).Where(v => v > entry.From && v < entry.To);
        return known.Append(entry.From).Append(entry.To).Distinct().Order();
    }

    private static void AddOrMerge(FactStore facts, CudnnSupportRow row, SourceRecord record)
    {
        if (facts.CudnnSupport.Same(row) is not { } known)
        {
            facts.CudnnSupport.Add(row);
            return;
        }

        if (known.MinDriverWindows != row.MinDriverWindows || known.CapabilitiesFrom != row.CapabilitiesFrom || !(known.Capabilities ?? []).SequenceEqual(row.Capabilities ?? []))
            throw record.Error($"cuDNN {row.Cudnn} for CUDA {row.Variant} differs from another copy of the same matrix.");
        facts.CudnnSupport.Replace(known with { Sources = Evidence.Union(known.Sources, row.Sources), Evidence = known.Evidence ?? row.Evidence });
    }
}
