using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Downloads;

/// <summary>How one try ended.</summary>
internal enum TransferEnd
{
    /// <summary>All bytes are there (not yet checked).</summary>
    Complete,

    /// <summary>Another try may bring the rest.</summary>
    BrokenOff,

    /// <summary>This URL will not bring the file.</summary>
    Refused,
}

/// <summary>The end of one try and, where it failed, why.</summary>
internal readonly record struct TransferResult(TransferEnd End, string Reason = "", TimeSpan? RetryAfter = null);

/// <summary>
/// One try to bring a partial file to its end: asks for the rest only, if the server still has the same file (If-Range), starts over where
/// it has another or ignores ranges, and never writes more than was announced.
/// </summary>
internal sealed class Transfer(HttpClient client, DownloadCache cache, RetryPolicy policy, long maximumSize, Action<long, long?> advanced)
{
    private const int BufferSize = 1 << 17;

    /// <summary>How often the space left is asked for while writing.</summary>
    private const long SpaceStep = 16 << 20;

    public async Task<TransferResult> RunAsync(DownloadRequest wanted, string key, Uri url, CancellationToken cancellation)
    {
        var partial = cache.PartialOf(key);
        var offset = ResumeFrom(wanted, key, url, out var origin);
        if (wanted.Size == offset && offset > 0)
            return new TransferResult(TransferEnd.Complete);
        try
        {
            using var message = Message(url, offset, origin);
            using var responseLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            responseLimit.CancelAfter(policy.ResponseLimit);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, responseLimit.Token).ConfigureAwait(false);
            if (Judge(response, ref offset, origin, key) is { } end)
                return end;
            var total = response.Content.Headers.ContentLength is { } length ? offset + length : wanted.Size;
            if (wanted.Size is { } size && total != size)
                return new TransferResult(TransferEnd.Refused, $"the server says {total} bytes, the plan {size}");
            if (DiskSpace.Shortage(cache.Folder, (total ?? 0) - offset) is { } shortage)
                throw new StepFailedException(shortage, "free some space or choose another cache folder.");
            cache.WriteOrigin(key, new DownloadCache.Origin(SecretText.Mask(url.AbsoluteUri), StrongTag(response), response.Content.Headers.LastModified));
            return await CopyAsync(response, partial, offset, total, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new TransferResult(TransferEnd.BrokenOff, $"no answer within {policy.ResponseLimit.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is UriFormatException or NotSupportedException or InvalidOperationException)
        {
            return new TransferResult(TransferEnd.Refused, $"it leads to what is no https address ({e.Message})");
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            return new TransferResult(TransferEnd.BrokenOff, e.Message);
        }
    }

    private static string? StrongTag(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;

    private static HttpRequestMessage Message(Uri url, long offset, DownloadCache.Origin? origin)
    {
        var message = UserInfoHeader.Request(HttpMethod.Get, url);
        if (offset > 0)
        {
            message.Headers.Range = new RangeHeaderValue(offset, null);
            if (origin?.ETag is { } tag)
                message.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(tag));
            else if (origin?.LastModified is { } date)
                message.Headers.IfRange = new RangeConditionHeaderValue(date);
        }

        return message;
    }

    // A partial file is worth going on with if the same URL can vouch for it, or if the checksum will.
    private long ResumeFrom(DownloadRequest wanted, string key, Uri url, out DownloadCache.Origin? origin)
    {
        origin = null;
        var partial = new FileInfo(cache.PartialOf(key));
        if (!partial.Exists)
            return 0;
        var known = cache.ReadOrigin(key);
        if (known?.Url == SecretText.Mask(url.AbsoluteUri) && (known.ETag ?? known.LastModified?.ToString()) is not null)
            origin = known;
        if ((origin is not null || wanted.Checksum is not null) && !(partial.Length > wanted.Size))
            return partial.Length;
        cache.DiscardPartial(key);
        return 0;
    }

    // Null where the body that follows is what is wanted.
    private TransferResult? Judge(HttpResponseMessage response, ref long offset, DownloadCache.Origin? origin, string key)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                offset = 0; // from the beginning, whether asked for or not
                return null;
            case HttpStatusCode.PartialContent:
                var range = response.Content.Headers.ContentRange;
                var sameFile = origin?.ETag is null || StrongTag(response) is not { } tag || tag == origin.ETag;
                if (range?.From == offset && sameFile)
                    return null;
                cache.DiscardPartial(key);
                return new TransferResult(TransferEnd.BrokenOff, sameFile ? "the server sent another range than asked for" : "the file changed on the server");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                if (offset > 0 && response.Content.Headers.ContentRange?.Length == offset)
                    return new TransferResult(TransferEnd.Complete);
                cache.DiscardPartial(key);
                return new TransferResult(TransferEnd.BrokenOff, "the server no longer has that range");
            case var status when RetryPolicy.IsTransient(status):
                var after = response.Headers.RetryAfter;
                return new TransferResult(TransferEnd.BrokenOff, $"HTTP {(int)status}", after?.Delta ?? (after?.Date - DateTimeOffset.UtcNow));
            default:
                return new TransferResult(TransferEnd.Refused, $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
        }
    }

    private async Task<TransferResult> CopyAsync(HttpResponseMessage response, string partial, long offset, long? total, CancellationToken cancellation)
    {
        var limit = total ?? maximumSize;
        var buffer = new byte[BufferSize];
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(offset);
        file.Position = offset;
        var (since, then, checkedAt) = (Stopwatch.GetTimestamp(), offset, offset);
        while (true)
        {
            var window = Stopwatch.GetElapsedTime(since);
            if (window >= policy.SpeedTime)
            {
                if ((offset - then) / window.TotalSeconds < policy.LeastSpeed)
                    return new TransferResult(TransferEnd.BrokenOff, $"less than {policy.LeastSpeed:0} bytes a second came for {window.TotalSeconds:0} s");
                (since, then) = (Stopwatch.GetTimestamp(), offset);
            }

            int read;
            using (var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                stall.CancelAfter(policy.StallLimit);
                try
                {
                    read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    return new TransferResult(TransferEnd.BrokenOff, $"nothing came for {policy.StallLimit.TotalSeconds:0.#} s");
                }
                catch (IOException e)
                {
                    return new TransferResult(TransferEnd.BrokenOff, e.Message);
                }
            }

            if (read == 0)
                break;
            if (offset + read > limit)
            {
                file.SetLength(0);
                return new TransferResult(TransferEnd.Refused, $"the server sends more than the {limit} bytes it should");
            }

            if (offset - checkedAt >= SpaceStep)
            {
                checkedAt = offset;
                if (DiskSpace.Shortage(cache.Folder, SpaceStep) is { } shortage)
                {
                    file.SetLength(0);
                    throw new StepFailedException(shortage, "free some space or choose another cache folder.");
                }
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            offset += read;
            advanced(offset, total);
        }

        return total is { } expected && offset < expected
            ? new TransferResult(TransferEnd.BrokenOff, $"the connection ended after {offset} of {expected} bytes")
            : new TransferResult(TransferEnd.Complete);
    }
}
