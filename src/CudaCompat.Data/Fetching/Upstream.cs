using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CudaCompat.Data.Fetching;

/// <summary>
/// The live web, asked politely: robots.txt is kept, one request a host at a time, unchanged documents are not sent again, failures are tried
/// again a few times only. Whatever is not the document is an error with a name; nothing is ever guessed from a refusal.
/// </summary>
internal sealed class Upstream : IDocuments, IDisposable
{
    private const int MostRedirects = 5;
    private readonly HttpClient _client;
    private readonly UpstreamOptions _options;
    private readonly DocumentCache _cache;
    private readonly HostPace _pace;
    private readonly Dictionary<string, Task<RobotsFile>> _robots = new(StringComparer.OrdinalIgnoreCase);

    public Upstream(UpstreamOptions options)
    {
        _options = options;
        _cache = new DocumentCache(options.CacheFolder);
        _pace = new HostPace(options.Pause, options.Time);
        _client = UpstreamClient.Make(options);
    }

    /// <summary>How many bytes came over the wire as documents, for people.</summary>
    public long BytesReceived { get; private set; }

    private string Today => _options.Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async Task<FetchedDocument> GetAsync(DocumentRequest request, CancellationToken cancellation)
    {
        var cached = _cache.Find(request);
        if (_options.Offline)
            return FromCache(request, cached);
        var (answer, moved) = await FollowAsync(request, cached?.Entry, cancellation);
        using var dispose = answer;
        if (answer.StatusCode == HttpStatusCode.NotModified && cached is var (known, unchanged))
        {
            _cache.Keep(request, unchanged, known.ETag, known.LastModified, Today);
            return new FetchedDocument(request.Url, unchanged, Today, moved);
        }

        var body = await BodyAsync(request, answer, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            var refusal = Refusal.Of(request.Url, answer, body);
            if (refusal.IsMissing)
                _cache.Keep(request, [], null, null, Today, refusal.Message[(request.Url.Length + 2)..]);
            throw refusal;
        }

        BytesReceived += body.LongLength;
        _cache.Keep(request, Utf8(answer, body), answer.Headers.ETag?.ToString(), answer.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture), Today);
        return new FetchedDocument(request.Url, Utf8(answer, body), Today, moved);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static FetchedDocument FromCache(DocumentRequest request, (CacheEntry Entry, byte[] Body)? cached) =>
        cached is not var (entry, body) ? throw new FetchException(request.Url, "not in the cache, and --offline asks for no network.")
        : entry.Missing is { } missing ? throw new FetchException(request.Url, missing, isMissing: true)
        : new FetchedDocument(request.Url, body, entry.Date);

    // A text in another character set that the answer names is kept in UTF-8; what a page says in its head is read later.
    private static byte[] Utf8(HttpResponseMessage answer, byte[] body)
    {
        try
        {
            return answer.Content.Headers.ContentType?.CharSet?.Trim('"') is { } name && Encoding.GetEncoding(name) is { CodePage: not 65001 } set ? Encoding.UTF8.GetBytes(set.GetString(body)) : body;
        }
        catch (ArgumentException)
        {
            return body;
        }
    }

    // Also where the document lies from now on, where every redirect on the way was for good.
    private async Task<(HttpResponseMessage Answer, string? Moved)> FollowAsync(DocumentRequest request, CacheEntry? cached, CancellationToken cancellation)
    {
        var (url, isForGood) = (request.Url, true);
        for (var hop = 0; ; hop++)
        {
            var uri = new Uri(url);
            if (!_options.Hosts.Contains(uri.Host) || uri.Scheme != Uri.UriSchemeHttps)
                throw new FetchException(request.Url, $"leads to {uri.Scheme}://{uri.Host}, which is no known source.");
            if (!(await RobotsAsync(uri, cancellation)).Allows(uri.PathAndQuery))
                throw new FetchException(request.Url, $"robots.txt of {uri.Host} does not allow {uri.PathAndQuery}.");
            var answer = await SendAsync(url, request.Accept, cached, cancellation);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308))
                return (answer, isForGood && hop > 0 ? url : null);
            isForGood &= (int)answer.StatusCode is 301 or 308;
            var location = answer.Headers.Location;
            answer.Dispose();
            if (location is null || hop == MostRedirects)
                throw new FetchException(request.Url, location is null ? "a redirect without an address." : $"more than {MostRedirects} redirects.");
            url = location.IsAbsoluteUri ? _options.Bases.Inward(location) : new Uri(uri, location).AbsoluteUri;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string url, string? accept, CacheEntry? cached, CancellationToken cancellation)
    {
        using var turn = await _pace.TurnAsync(new Uri(url).Host, cancellation);
        using var message = new HttpRequestMessage(HttpMethod.Get, _options.Bases.Outward(url));
        if (accept is not null)
            message.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (cached?.ETag is { } etag)
            message.Headers.TryAddWithoutValidation("If-None-Match", etag);
        if (cached?.LastModified is { } modified)
            message.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
        try
        {
            return await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception e) when (UpstreamClient.IsFailure(e, cancellation))
        {
            throw new FetchException(url, UpstreamClient.Says(e), inner: e);
        }
    }

    private async Task<byte[]> BodyAsync(DocumentRequest request, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentEncoding.Count > 0)
            throw new FetchException(request.Url, $"packed as {string.Join(", ", answer.Content.Headers.ContentEncoding)}, which was not asked for.");
        // A server that stalls in the middle is as bad as one that never answers.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_options.BodyTimeout);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(limit.Token);
            using var body = new MemoryStream();
            var buffer = new byte[81920];
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;)
            {
                if (body.Length + read > request.MaximumBytes)
                    throw new FetchException(request.Url, $"more than {request.MaximumBytes >> 20} MB, the most that this source may have.");
                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
        catch (Exception e) when (e is not FetchException && UpstreamClient.IsFailure(e, cancellation))
        {
            throw new FetchException(request.Url, "broke off: " + UpstreamClient.Says(e), inner: e);
        }
    }

    private Task<RobotsFile> RobotsAsync(Uri uri, CancellationToken cancellation)
    {
        lock (_robots)
        {
            if (!_robots.TryGetValue(uri.Host, out var robots) || robots.IsFaulted || robots.IsCanceled)
                _robots[uri.Host] = robots = ReadRobotsAsync(uri, cancellation);
            return robots;
        }
    }

    // No file allows everything; a server in trouble may not be asked for anything else (RFC 9309, 2.3.1).
    private async Task<RobotsFile> ReadRobotsAsync(Uri uri, CancellationToken cancellation)
    {
        var request = new DocumentRequest($"https://{uri.Host}/robots.txt", null, 1 << 20);
        using var answer = await SendAsync(request.Url, null, null, cancellation);
        if (answer.StatusCode == HttpStatusCode.OK)
            return RobotsFile.Parse(Encoding.UTF8.GetString(await BodyAsync(request, answer, cancellation)), UpstreamOptions.AgentName);
        return (int)answer.StatusCode is >= 300 and < 500 and not 429
            ? RobotsFile.Open
            : throw new FetchException(request.Url, $"status {(int)answer.StatusCode}: whether {uri.Host} allows to be read cannot be told.");
    }
}
