using System.Collections.Concurrent;
using CudaCompat.Execution.Downloads;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Execution.Tests;

/// <summary>No server can make a download last for ever, fill the disk or end where it should go on.</summary>
public sealed class DownloadBoundsTests : IAsyncLifetime
{
    private readonly byte[] _content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private readonly Scratch _scratch = new();
    private readonly HttpClient _client = Downloader.CreateClient();
    private readonly ConcurrentQueue<ExecutionEvent> _events = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Fetch_ServerDrips_IsGivenUpAndTheNextMirrorBringsTheFile()
    {
        var slow = _server.Route("/slow.bin", async c =>
        {
            c.Response.ContentLength = _content.Length;
            for (var i = 0; i < _content.Length && !c.RequestAborted.IsCancellationRequested; i++)
            {
                await c.Response.Body.WriteAsync(_content.AsMemory(i, 1), c.RequestAborted);
                await c.Response.Body.FlushAsync(c.RequestAborted);
                await Task.Delay(50, c.RequestAborted);
            }
        });

        var file = await FetchAsync(slow, _server.File("/b.bin", _content));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        _events.OfType<Noted>().Should().Contain(n => n.Message.Contains("less than 1024 bytes a second"));
    }

    [Fact]
    public async Task Fetch_OneByteAConnection_IsNoProgressForEver()
    {
        var act = () => FetchAsync(_server.Route("/a.bin", c => LocalServer.DropAsync(c, _content, 1, "one")));

        (await act.Should().ThrowAsync<StepFailedException>()).WithMessage("*tries*");
        _server.Requests.Count.Should().BeLessThan(10);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/x")]
    [InlineData("https://")]
    [InlineData("http://[::bad")]
    public async Task Fetch_RedirectToWhatIsNoHttpsAddress_TriesTheNextMirror(string location)
    {
        var strange = _server.Route("/a.bin", c =>
        {
            c.Response.StatusCode = 302;
            c.Response.Headers.Location = location;
            return Task.CompletedTask;
        });

        var file = await FetchAsync(strange, _server.File("/b.bin", _content));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
    }

    [Fact]
    public void Of_NoChecksumAndNoSize_IsNotFetched()
    {
        var act = () => DownloadRequest.Of(new Planning.DownloadStep { Component = "cudnn", Url = "https://example.org/a.zip", FileName = "a.zip" });

        act.Should().Throw<StepFailedException>().WithMessage("no source has a checksum or a size*");
    }

    private Task<DownloadedFile> FetchAsync(params string[] urls)
    {
        var policy = new RetryPolicy { Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(20), SpeedTime = TimeSpan.FromMilliseconds(400) };
        return new Downloader(_client, new DownloadCache(_scratch["cache"]), policy, new Listener(_events), TimeProvider.System)
            .FetchAsync(new DownloadRequest("a.bin", urls, new Checksum("sha256", Wheels.Sha256(_content)), _content.Length), default);
    }

    private sealed class Listener(ConcurrentQueue<ExecutionEvent> heard) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value) => heard.Enqueue(value);
    }
}
