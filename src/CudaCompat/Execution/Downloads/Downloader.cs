using CudaCompat.Processes;

namespace CudaCompat.Execution.Downloads;

/// <summary>
/// Brings files into the cache: goes on where an earlier run stopped, tries again, tries mirrors in order, checks size and checksum.
/// </summary>
internal sealed class Downloader(HttpClient client, DownloadCache cache, RetryPolicy policy, IProgress<ExecutionEvent> events, TimeProvider clock, bool offline = false)
{
    /// <summary>The most that is taken from a server where nothing says how large the file is.</summary>
    private const long MaximumSize = 32L << 30;

    /// <summary>A client for downloads: proxies as the environment says, no decoding, time limits by the policy and not by the client.</summary>
    public static HttpClient CreateClient()
    {
#pragma warning disable CA2000 // the client owns the handler
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(20),
            MaxAutomaticRedirections = 10,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
#pragma warning restore CA2000
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("CudaCompat");
        return client;
    }

    /// <summary>The file if the cache has it and it is what it must be; a damaged one does not count.</summary>
    public DownloadedFile? FindCached(DownloadRequest request)
    {
        var path = cache.FileOf(DownloadCache.KeyOf(request));
        if (!File.Exists(path))
            return null;
        if (FileProof.Refuse(path, request) is { } reason)
        {
            Note($"{request.FileName} in the cache is damaged ({reason}); it has to be fetched again.");
            return null;
        }

        return new DownloadedFile(path, new FileInfo(path).Length, FromCache: true, FileProof.Describe(request.Checksum));
    }

    /// <summary>Brings one file.</summary>
    /// <exception cref="StepFailedException">No URL brought it; the message has the reason of each.</exception>
    public async Task<DownloadedFile> FetchAsync(DownloadRequest request, CancellationToken cancellation)
    {
        var key = DownloadCache.KeyOf(request);
        using var exclusive = await cache.LockAsync(key, () => Note($"another run fetches {request.FileName}; waiting for it."), cancellation).ConfigureAwait(false);
        if (FindCached(request) is { } cached)
            return cached;
        if (offline)
            throw new StepFailedException($"{request.FileName} is not in the cache, and nothing is taken from a network.", "run it without --offline, or apply a bundle (cudacompat fetch PLAN --to DIR).");
        var reasons = new List<string>();
        foreach (var url in request.Urls)
        {
            var reason = await FetchFromAsync(request, key, new Uri(url), cancellation).ConfigureAwait(false);
            if (reason is null)
                return new DownloadedFile(cache.FileOf(key), new FileInfo(cache.FileOf(key)).Length, FromCache: false, FileProof.Describe(request.Checksum));
            reasons.Add(SecretText.Mask($"{url}: {reason}"));
            Note($"{request.FileName}: {reasons[^1]}");
        }

        throw new StepFailedException($"{request.FileName} could not be fetched. {string.Join("; ", reasons)}.", "check the connection, or choose another mirror.");
    }

    // Null where the file is finished, else why this URL did not bring it.
    private async Task<string?> FetchFromAsync(DownloadRequest request, string key, Uri url, CancellationToken cancellation)
    {
        var meter = new TransferMeter(request.FileName, events, clock);
        var transfer = new Transfer(client, cache, policy, MaximumSize, meter.Advance);
        var attempt = 0;
        long furthest = PartialLength(key);
        var startedOver = false;
        while (true)
        {
            var result = await transfer.RunAsync(request, key, url, cancellation).ConfigureAwait(false);
            if (result.End == TransferEnd.Refused)
                return result.Reason;
            if (result.End == TransferEnd.Complete)
            {
                var refusal = File.Exists(cache.PartialOf(key)) ? FileProof.Refuse(cache.PartialOf(key), request) : "nothing was sent";
                if (refusal is null)
                {
                    cache.Finish(key);
                    meter.Finish();
                    return null;
                }

                // The part from an earlier try may be the bad one: once more from the beginning, then this URL is not believed any more.
                cache.DiscardPartial(key);
                if (startedOver)
                    return refusal;
                startedOver = true;
                result = new TransferResult(TransferEnd.BrokenOff, refusal);
            }

            var length = PartialLength(key);
            attempt = RetryPolicy.IsProgress(length - furthest, request.Size) ? 1 : attempt + 1;
            furthest = attempt == 1 ? length : furthest;
            if (attempt >= policy.Attempts)
            {
                if (request.Checksum is null && cache.ReadOrigin(key) is null or { ETag: null, LastModified: null })
                    cache.DiscardPartial(key); // nobody could vouch for it later
                return $"{result.Reason} ({attempt} tries)";
            }

            var delay = policy.DelayBefore(attempt, result.RetryAfter);
            events.Report(new DownloadRetried(request.FileName, SecretText.Mask(result.Reason), delay));
            await Task.Delay(delay, clock, cancellation).ConfigureAwait(false);
        }
    }

    // What a server or a proxy says may repeat the address with its password.
    private void Note(string message) => events.Report(new Noted(SecretText.Mask(message)));

    private long PartialLength(string key)
    {
        var partial = new FileInfo(cache.PartialOf(key));
        return partial.Exists ? partial.Length : 0;
    }
}
