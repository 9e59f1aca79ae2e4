using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CudaCompat.Data.Tests.Live;

/// <summary>A page of the local upstream.</summary>
internal sealed record LocalPage(string Text, int Status = 200, string Type = "text/html", string? Encoding = null, string? Location = null, string? RetryAfter = null, bool Cut = false, bool Stall = false)
{
    /// <summary>The body where it is no text.</summary>
    public byte[]? Bytes { get; init; }
}

/// <summary>A real web server on the loopback address that stands for every upstream host: https://HOST/PATH is /HOST/PATH here.</summary>
internal sealed class LocalUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalUpstream(WebApplication app) => _app = app;

    /// <summary>Pages by address without https://.</summary>
    public ConcurrentDictionary<string, LocalPage> Pages { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request: address and status.</summary>
    public ConcurrentQueue<(string Address, int Status, string Agent)> Log { get; } = [];

    /// <summary>Released when a page that stalls was asked for.</summary>
    public SemaphoreSlim Stalled { get; } = new(0);

    public string Address => _app.Urls.First();

    public static async Task<LocalUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new LocalUpstream(builder.Build());
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        return upstream;
    }

    public string this[string address]
    {
        set => Pages[address] = new LocalPage(value);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var address = context.Request.Path.Value!.TrimStart('/');
        var page = Pages.GetValueOrDefault(address);
        var status = page?.Status ?? 404;
        var body = page?.Bytes ?? Encoding.UTF8.GetBytes(page?.Text ?? "");
        var etag = '"' + Convert.ToHexString(SHA256.HashData(body))[..16] + '"';
        if (page is { Status: 200 } && context.Request.Headers.IfNoneMatch == etag)
            status = 304;
        Log.Enqueue((address, status, context.Request.Headers.UserAgent.ToString()));
        context.Response.StatusCode = status;
        if (page is null || status == 304)
            return;
        context.Response.ContentType = page.Type;
        context.Response.Headers.ETag = etag;
        if (page.Location is not null)
            context.Response.Headers.Location = page.Location.Replace("{self}", Address, StringComparison.Ordinal);
        if (page.RetryAfter is not null)
            context.Response.Headers.RetryAfter = page.RetryAfter;
        if (page.Encoding is not null)
            context.Response.Headers.ContentEncoding = page.Encoding;
        body = Pack(body, page.Encoding);
        context.Response.ContentLength = body.Length;
        if (page.Stall)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            Stalled.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        if (page.Cut)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body);
    }

    private static byte[] Pack(byte[] body, string? encoding)
    {
        using var packed = new MemoryStream();
        using (Stream? stream = encoding switch { "gzip" => new GZipStream(packed, CompressionMode.Compress), "br" => new BrotliStream(packed, CompressionMode.Compress), _ => null })
        {
            if (stream is null)
                return body;
            stream.Write(body);
        }

        return packed.ToArray();
    }
}
