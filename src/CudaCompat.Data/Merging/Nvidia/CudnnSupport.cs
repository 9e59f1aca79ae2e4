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
internal static class CudnnSupport
{
    internal static IEnumerable<CudnnSupportRow> Rows(CudnnSupportEntry entry, List<CudnnSupportEntry> package, FactStore facts, string source)
    {
        // "9.1.85 (Not Supported)" is no row: what the package does not serve is told by its absence.
        if (entry.Unsupported)
            yield break;
        var cuda = entry.OlderOf is { } major
            ? [.. facts.Toolkits.Rows.Select(t => t.Version.MajorMinor).Distinct().Where(v => v.Major == major && !package.Any(p => p.Cuda.Contains(v))).OrderDescending()]
            : entry.Cuda.ToArray();
        var capabilities = entry.Capabilities.Concat(entry.CapabilityMajors.SelectMany(m => Targets(m, cuda, facts))).Distinct().OrderDescending().ToArray();
        foreach (var release in Releases(entry, facts))
        {
            yield return new CudnnSupportRow(release, entry.Major ?? cuda[0].Major, cuda, entry.Linux, entry.Windows, capabilities.Length == 0 ? null : capabilities, entry.CapabilitiesFrom, entry.StaticLinking, [source], null,
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
}
