using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Downloads;

/// <summary>A file wanted: where it is, what it must be.</summary>
internal sealed record DownloadRequest(string FileName, IReadOnlyList<string> Urls, Checksum? Checksum, long? Size)
{
    /// <summary>The request of a step that names a file.</summary>
    /// <exception cref="StepFailedException">The step has no URL or no usable checksum form.</exception>
    public static DownloadRequest Of(InstallStep step)
    {
        var urls = new List<string>();
        if (step.Url is not null)
            urls.Add(step.Url);
        if (step is DownloadStep download)
            urls.AddRange(download.Mirrors);
        if (urls.Count == 0)
            throw new StepFailedException($"the {step.Component} step names no URL.", "make the plan anew; this one is incomplete.");
        foreach (var url in urls)
        {
            if (!PlanDocumentCheck.IsAddress(url))
                throw new StepFailedException($"'{Processes.SecretText.Mask(url)}' is not an https address.", "correct the plan.");
        }

        var name = step.FileName ?? Path.GetFileName(new Uri(urls[0]).LocalPath);
        if (!PlanDocumentCheck.IsFileName(name))
            throw new StepFailedException($"'{name}' is not a file name.", "correct the plan.");
        if (step.Checksum is { } sum && !PlanDocumentCheck.IsChecksum(sum))
            throw new StepFailedException($"a checksum of kind '{sum.Kind}' with {sum.Value.Length} signs is not known.", "use sha256 or md5.");
        if (step.Checksum is null && step.Size is null)
            throw new StepFailedException($"no source has a checksum or a size of {name}; whatever came could not be told from it.", "fetch it yourself, or choose another release.");
        return new DownloadRequest(name, urls, step.Checksum is { } c ? c with { Value = c.Value.ToLowerInvariant() } : null, step.Size);
    }
}

/// <summary>A file that is there and is what it must be.</summary>
/// <param name="Path">Where in the cache.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="FromCache">True where nothing was fetched.</param>
/// <param name="Proof">How it was checked, for the report.</param>
internal sealed record DownloadedFile(string Path, long Size, bool FromCache, string Proof);
