using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>Chooses the index that packages come from. A mirror is asked first whether it really has them.</summary>
internal static class PackageIndex
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(20);

    /// <summary>The index to name to pip or uv in place of the plan's; null where the plan names none.</summary>
    /// <exception cref="StepFailedException">No index can be trusted.</exception>
    public static async Task<string?> ChooseAsync(TorchStep step, Requirement wanted, StepContext context)
    {
        using var client = Downloader.CreateClient();
        var probe = new IndexProbe(client, ProbeLimit);
        foreach (var list in step.FindLinks)
        {
            if (await probe.RefuseListAsync(list, wanted, step.Files, context.Cancellation).ConfigureAwait(false) is { } reason)
                throw new StepFailedException($"the list of files cannot be used. {SecretText.Mask(list)}: {reason}.", "choose another mirror.");
        }

        var indexes = (step.IndexUrl is null ? [] : new[] { step.IndexUrl }).Concat(step.Mirrors).ToArray();
        return indexes.Length <= 1 ? step.IndexUrl : await FirstTrustedAsync(probe, indexes, step, wanted, context).ConfigureAwait(false);
    }

    private static async Task<string> FirstTrustedAsync(IndexProbe probe, string[] indexes, TorchStep step, Requirement wanted, StepContext context)
    {
        var reasons = new List<string>();
        foreach (var index in indexes)
        {
            var reason = await probe.RefuseAsync(index, wanted, step.Files, indexes.Where(i => i != index), context.Cancellation).ConfigureAwait(false);
            if (reason is null)
                return index;
            reasons.Add(SecretText.Mask($"{index}: {reason}"));
            context.Note($"{reasons[^1]}; the next index is tried.");
        }

        throw new StepFailedException($"no index can be used. {string.Join("; ", reasons)}.", "choose another mirror.");
    }
}
