using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Invariants;

/// <summary>Rules for NVIDIA's half of the data.</summary>
internal static class NvidiaInvariants
{
    private const string Ordered = "toolkit versions are ordered", Rise = "driver minimums rise with CUDA within a system", Steps = "the CUDA version of drivers never falls",
        Next = "see which source is right; write that row into data/curated/facts/, or refresh again when the page is mended.", Targets = "architectures have an order of toolkits", Cudnn = "cuDNN support names known capabilities";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new(Ordered, Next, data => ToolkitsAreOrdered(data.Facts)),
        new(Rise, Next, data => MinimumsRise(data.Facts)),
        new(Steps, Next, data => StepsRise(data.Facts)),
        new(Targets, Next, data => data.Facts.Architectures.Rows.Where(a => a.FirstToolkit > a.LastToolkit)
            .Select(a => new Violation(Targets, "architectures", a.ComputeCapability.ToString(), $"first {a.FirstToolkit}, last {a.LastToolkit}"))),
        new(Cudnn, Next, data => data.Facts.CudnnSupport.Rows.SelectMany(r => (r.Capabilities ?? []).Where(c => !data.Facts.Architectures.Rows.Any(a => a.ComputeCapability == c))
            .Select(c => new Violation(Cudnn, "cudnn-support", r.Cudnn.ToString(), $"{c} is no known capability")))),
    ];

    // Of one X.Y the release comes first and each update has a higher number; a patch that came before an earlier one is a misread date.
    private static IEnumerable<Violation> ToolkitsAreOrdered(FactStore facts)
    {
        foreach (var line in facts.Toolkits.Rows.Where(t => t.Kind is "ga" or "update" && t.Version.Patch is not null).GroupBy(t => t.Version.MajorMinor))
        {
            var releases = line.OrderBy(t => t.Version).ToList();
            if (releases.Count(t => t.Kind == "ga") > 1)
                yield return new Violation(Ordered, "toolkits", releases[^1].Version.ToString(), $"{line.Key} has more than one general release: {string.Join(", ", releases.Where(t => t.Kind == "ga").Select(t => t.Version))}");
            foreach (var (earlier, later) in releases.Zip(releases.Skip(1)))
            {
                if (earlier.DateFrom == later.DateFrom && earlier.Date is { } from && later.Date is { } to && string.CompareOrdinal(to, from) < 0 && !from.StartsWith(to, StringComparison.Ordinal))
                    yield return new Violation(Ordered, "toolkits", later.Version.ToString(), $"dated {to}, before {earlier.Version} ({from})");
            }
        }
    }

    // Only the drivers that toolkits were released with: within a minor they rise, and a later minor of the same major never needs an older branch.
    // A preview is no release: it came with a driver of its own branch, newer than the release's.
    private static IEnumerable<Violation> MinimumsRise(FactStore facts)
    {
        var previews = facts.Toolkits.Rows.Where(t => t.Kind is not ("ga" or "update")).Select(t => t.Version.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var os in facts.DriverRequirements.Rows.Where(r => r.Used && r.Kind == "corresponding" && !previews.Contains(r.Cuda) && CudaVersion.TryParse(r.Cuda, out _)).GroupBy(r => r.Os))
        {
            var rows = os.Select(r => (Cuda: CudaVersion.Parse(r.Cuda), Row: r)).OrderBy(r => r.Cuda).ToList();
            foreach (var (earlier, later) in rows.Zip(rows.Skip(1)))
            {
                if (later.Row.Minimum.Branch < earlier.Row.Minimum.Branch)
                    yield return new Violation(Rise, "driver-requirements", $"{later.Cuda} on {later.Row.Os}", $"needs {later.Row.Minimum}, but {earlier.Cuda} already {earlier.Row.Minimum}");
            }
        }

        foreach (var os in facts.DriverRequirements.Rows.Where(r => r.Used && r.Kind == "minor-version-minimum").GroupBy(r => r.Os))
        {
            var rows = os.OrderBy(r => CudaOrder.Of(r.Cuda)).ToList();
            foreach (var (earlier, later) in rows.Zip(rows.Skip(1)))
            {
                if (later.Minimum <= earlier.Minimum)
                    yield return new Violation(Rise, "driver-requirements", $"{later.Cuda} on {later.Os}", $"needs {later.Minimum}, but {earlier.Cuda} already {earlier.Minimum}");
            }
        }
    }

    private static IEnumerable<Violation> StepsRise(FactStore facts) => facts.DriverCuda.Rows.GroupBy(r => r.Os)
        .SelectMany(os => os.OrderBy(r => r.From).Zip(os.OrderBy(r => r.From).Skip(1)))
        .Where(pair => pair.Second.Cuda < pair.First.Cuda)
        .Select(pair => new Violation(Steps, "driver-cuda", $"{pair.Second.From} on {pair.Second.Os}", $"prints {pair.Second.Cuda}, but {pair.First.From} already {pair.First.Cuda}"));
}
