using System.Globalization;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>Fewer GPUs: the ways to leave some out, the fewest left out first; GPUs of the same architecture stay together.</summary>
internal static class OtherGpus
{
    public static IEnumerable<Remedy> Of(Question question)
    {
        if (question.Machine.Gpus is not { Length: > 1 } gpus)
            yield break;
        var covered = new List<GpuFacts[]>();
        foreach (var subset in Subsets(gpus))
        {
            // A part of what a larger subset serves already tells nothing new.
            if (covered.Exists(c => subset.All(c.Contains)) || Choice.Solver.Solve(question.On(question.Machine.WithGpus(subset))) is not { } gives)
                continue;
            covered.Add(subset);
            yield return new Remedy("gpu", Names(gpus), Names(subset), gives.ToString(), $"Use {Names(subset)} only, with CUDA_VISIBLE_DEVICES={Visible(subset)}: {gives}.");
            if (question.IsCheck)
                yield break;
        }
    }

    /// <summary>The value of CUDA_VISIBLE_DEVICES that leaves these GPUs: their UUIDs where known, since indexes change with the order.</summary>
    public static string Visible(IEnumerable<GpuFacts> gpus) => string.Join(',', gpus.Select(g => g.Uuid ?? g.Index.ToString(CultureInfo.InvariantCulture)));

    private static IEnumerable<GpuFacts[]> Subsets(GpuFacts[] gpus)
    {
        var groups = gpus.GroupBy(g => g.Capability?.ToString() ?? g.Name).Select(g => g.ToArray()).ToArray();
        if (groups.Length is < 2 or > 12)
            return groups.Length < 2 ? [] : groups;
        return Enumerable.Range(1, (1 << groups.Length) - 2)
            .Select(mask => groups.Where((_, i) => (mask >> i & 1) != 0).SelectMany(g => g).OrderBy(g => g.Index).ToArray())
            .OrderByDescending(s => s.Length);
    }

    private static string Names(GpuFacts[] gpus) => string.Join(" + ", gpus.Select(g => Words.Short(g.Name)));
}
