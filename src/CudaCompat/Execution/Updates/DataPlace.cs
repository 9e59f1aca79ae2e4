using System.Net;

namespace CudaCompat.Execution.Updates;

/// <summary>Where published data lies: an address, or a file on this machine (a stick). Redirects are not followed, and no file is read beyond the size that it may have.</summary>
/// <param name="from">The address or the path of index.json, or of the folder that holds it.</param>
/// <param name="limit">The most time that one file may take.</param>
internal sealed class DataPlace(string from, TimeSpan limit)
{
    private readonly string _index = from.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? from : from.TrimEnd('/', Path.DirectorySeparatorChar) + "/" + DataIndex.FileName;

    /// <summary>True for an address.</summary>
    public bool IsRemote => Uri.TryCreate(_index, UriKind.Absolute, out var uri) && !uri.IsFile;

    /// <summary>The index or a file beside it.</summary>
    /// <exception cref="DataUpdateException">It cannot be had, or is larger than it may be.</exception>
    public async Task<byte[]> ReadAsync(string name, long maximum, CancellationToken cancellation)
    {
        var place = name == DataIndex.FileName ? _index : _index[..(_index.LastIndexOfAny(['/', Path.DirectorySeparatorChar]) + 1)] + name;
        try
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            time.CancelAfter(limit);
            return IsRemote ? await DownloadAsync(new Uri(place), maximum, time.Token).ConfigureAwait(false) : await ReadFileAsync(place, maximum, time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DataUpdateException($"{place}: it did not come to an end within {limit.TotalSeconds:0} seconds.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new DataUpdateException($"{place}: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadFileAsync(string path, long maximum, CancellationToken cancellation)
    {
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
            return await ReadAsync(path, file, maximum, cancellation).ConfigureAwait(false);
    }

    private static async Task<byte[]> DownloadAsync(Uri url, long maximum, CancellationToken cancellation)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new DataUpdateException($"{url}: only https addresses are read.");
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var answer = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw new DataUpdateException((int)answer.StatusCode is >= 300 and < 400
                ? $"{url}: it leads elsewhere ({answer.Headers.Location}), which is not followed. Give that address if it is the right one."
                : $"{url}: status {(int)answer.StatusCode}.");
        }

        var stream = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
            return await ReadAsync(url.ToString(), stream, maximum, cancellation).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(string place, Stream stream, long maximum, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (body.Length + read > maximum)
                throw new DataUpdateException($"{place}: it is larger than {maximum} bytes, the most that it may have.");
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
