using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CudaCompat.Execution.Tests;

/// <summary>A real web server on loopback whose files can be served badly on purpose.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new();

    private LocalServer(WebApplication app) => _app = app;

    /// <summary>Each request that came: method, path and Range header.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<LocalServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, 0);
            k.Limits.MinResponseDataRate = null;
        });
        var server = new LocalServer(builder.Build());
        server._app.Run(server.ServeAsync);
        await server._app.StartAsync();
        server.Url = server._app.Urls.First();
        return server;
    }

    public string Route(string path, Func<HttpContext, Task> answer)
    {
        _routes[path] = answer;
        return Url + path;
    }

    /// <summary>Serves a file well: ranges, ETag, length.</summary>
    public string File(string path, byte[] content, string contentType = "application/octet-stream") =>
        Route(path, context => SendAsync(context, content, contentType));

    public static Task SendAsync(HttpContext context, byte[] content, string contentType = "application/octet-stream", string? tag = null)
    {
        var etag = new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{tag ?? Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        return Results.Bytes(content, contentType, entityTag: etag, enableRangeProcessing: true).ExecuteAsync(context);
    }

    /// <summary>Sends a part of what it announced and cuts the connection.</summary>
    public static async Task DropAsync(HttpContext context, byte[] content, int after, string tag)
    {
        var from = FirstByte(context);
        context.Response.Headers.ETag = $"\"{tag}\"";
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(after, content.Length - from)));
        await context.Response.Body.FlushAsync();
        await Task.Delay(50);
        context.Abort();
    }

    public static int FirstByte(HttpContext context) =>
        context.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..].TrimEnd('-').Split('-')[0]) : 0;

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(100);
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Requests.Enqueue($"{context.Request.Method} {path} {context.Request.Headers.Range}".TrimEnd());
        if (_routes.TryGetValue(path, out var answer))
            return answer(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
