using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// One architecture list of a build is used. A newer source may bring a stronger one than those before it had: then the weaker steps back,
/// and stays as a row. What is used among equals was decided when the row was made.
/// </summary>
internal static class ArchListChoice
{
    /// <summary>How a list from the script at the release's tag is known.</summary>
    public const string ReleaseTag = "release-tag";

    /// <summary>How a list from the upstream table is known.</summary>
    public const string UpstreamTable = "upstream-table";

    private static readonly string[] Precedence = ["measured", ReleaseTag, "build-script", UpstreamTable, "reported", "inferred"];

    /// <summary>Leaves of several used lists of one build the strongest.</summary>
    public static void Settle(FactStore facts)
    {
        foreach (var build in facts.ArchLists.Rows.Where(r => r.Used).GroupBy(r => (r.Torch, r.Tag, r.Packaging, r.Os, r.Arch)).Where(g => g.Count() > 1).ToList())
        {
            foreach (var weaker in build.OrderBy(Rank).Skip(1))
            {
                facts.ArchLists.Remove(weaker);
                var kept = weaker with { Used = false };
                if (facts.ArchLists.Same(kept) is null)
                    facts.ArchLists.Add(kept);
            }
        }
    }

    /// <summary>The lower, the stronger.</summary>
    public static int Rank(ArchListRow row) => Array.IndexOf(Precedence, row.How);
}
