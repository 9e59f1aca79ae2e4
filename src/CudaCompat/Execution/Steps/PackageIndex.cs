using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Chooses the index that packages come from; with a choice, each is probed first.</summary>
internal static class PackageIndex
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(20);

    /// <summary>The options that name the index to pip or uv.</summary>
    /// <exception cref="StepFailedException">No index can be trusted.</exception>
    public static async Task<IReadOnlyList<string>> ChooseAsync(TorchStep step, Requirement wanted, StepContext context)
    {
        var options = new List<string>();
        foreach (var links in step.FindLinks)
            options.AddRange(["--find-links", links]);
        foreach (var extra in step.ExtraIndexUrls)
            options.AddRange(["--extra-index-url", extra]);
        var indexes = (step.IndexUrl is null ? [] : new[] { step.IndexUrl }).Concat(step.Mirrors).ToArray();
        if (indexes.Length == 0)
            return options;
        options.AddRange(["--index-url", indexes.Length == 1 ? indexes[0] : await FirstTrustedAsync(indexes, step, wanted, context).ConfigureAwait(false)]);
        return options;
    }

    private static async Task<string> FirstTrustedAsync(string[] indexes, TorchStep step, Requirement wanted, StepContext context)
    {
        using var client = Downloader.CreateClient();
        var probe = new IndexProbe(client, ProbeLimit);
        var reasons = new List<string>();
        foreach (var index in indexes)
        {
            var reason = await probe.RefuseAsync(index, wanted, step.Files, indexes.Where(i => i != index), context.Cancellation).ConfigureAwait(false);
            if (reason is null)
                return index;
            reasons.Add($"{SecretText.Mask(index)}: {reason}");
            context.Note($"{reasons[^1]}; the next index is tried.");
        }

        throw new StepFailedException($"no index can be used. {string.Join("; ", reasons)}.", "choose another mirror.");
    }
}
