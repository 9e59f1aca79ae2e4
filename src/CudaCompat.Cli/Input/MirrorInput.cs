using CudaCompat.Execution.Downloads;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Cli.Input;

/// <summary>The value of --mirror: names of the data and addresses of one's own, which are asked what they mirror.</summary>
internal static class MirrorInput
{
    public const string Description = "A mirror by name, or the address of your own, which is asked what it has; several by commas.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The value with every address saying what it mirrors; as it is where nothing may be asked.</summary>
    /// <exception cref="UsageException">An address is none, or has nothing that a plan takes.</exception>
    public static async Task<string?> ReadAsync(string? text, CompatibilityMatrix matrix, bool offline, CancellationToken cancel)
    {
        if (offline || text is null || !text.Split(',').Any(t => MirrorAddress.IsBare(t.Trim())))
            return text;
        using var client = Downloader.CreateClient();
        var probe = new MirrorProbe(client, matrix.Install, Limit);
        var known = new List<string>();
        foreach (var mirror in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!MirrorAddress.IsBare(mirror))
                known.Add(mirror);
            else if (mirror.Contains("{tag}", StringComparison.Ordinal))
                known.Add(MirrorAddress.Wheels + mirror);
            else
                known.AddRange(await AskAsync(probe, mirror, cancel).ConfigureAwait(false));
        }

        return string.Join(',', known);
    }

    private static async Task<IReadOnlyList<string>> AskAsync(MirrorProbe probe, string mirror, CancellationToken cancel)
    {
        if (!PlanDocumentCheck.IsAddress(mirror))
            throw new UsageException($"--mirror: '{TextInput.Short(SecretText.Mask(mirror))}' is not an https address.");
        var (found, answers) = await probe.AskAsync(mirror, cancel).ConfigureAwait(false);
        if (found.Count > 0)
            return found;
        throw new UsageException($"--mirror: nothing that a plan takes was found at {TextInput.Short(SecretText.Mask(mirror))} (asked: {string.Join("; ", answers)}).");
    }
}
