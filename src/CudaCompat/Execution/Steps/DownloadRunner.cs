using CudaCompat.Execution.Downloads;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Steps;

/// <summary>Brings files into the cache. A rollback leaves them there: the cache may serve other runs.</summary>
internal sealed class DownloadRunner : IStepRunner
{
    public string Describe(InstallStep step, StepContext context)
    {
        var request = DownloadRequest.Of(step);
        return $"fetch {request.FileName}{(request.Size is { } size ? $" ({size} bytes)" : "")} from {new Uri(request.Urls[0]).Authority} into the cache";
    }

    public Task<string?> FindDoneAsync(InstallStep step, StepContext context) =>
        Task.FromResult(context.Downloader.FindCached(DownloadRequest.Of(step)) is { } file ? $"in the cache, {file.Proof}" : null);

    public async Task<string> RunAsync(InstallStep step, StepContext context)
    {
        var file = await context.Downloader.FetchAsync(DownloadRequest.Of(step), context.Cancellation).ConfigureAwait(false);
        return file.FromCache ? $"in the cache, {file.Proof}" : $"{file.Size} bytes, {file.Proof}";
    }
}
