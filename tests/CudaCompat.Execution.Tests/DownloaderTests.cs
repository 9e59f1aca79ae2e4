using System.Collections.Concurrent;
using System.Net;
using CudaCompat.Execution.Downloads;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Execution.Tests;

#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class DownloaderTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Scratch _scratch = new();
    private readonly ConcurrentQueue<ExecutionEvent> _events = new();
    private readonly HttpClient _client = Downloader.CreateClient();
    private readonly byte[] _content = new byte[700_000];
    private LocalServer _server = null!;

    public DownloaderTests() => new Random(1).NextBytes(_content);

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Fetch_SoundServer_GivesTheFileAndProgress()
    {
        var file = await FetchAsync(_server.File("/a.bin", _content));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        file.Proof.Should().Be("sha256 checked");
        _events.OfType<DownloadAdvanced>().Last().Should().Match<DownloadAdvanced>(e => e.Bytes == _content.Length && e.TotalBytes == _content.Length);
    }

    [Fact]
    public async Task Fetch_ServerDropsTheConnection_GoesOnWhereItStopped()
    {
        var file = await FetchAsync(_server.Route("/a.bin", c => LocalServer.DropAsync(c, _content, 150_000, "one")));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        _server.Requests.Should().HaveCountGreaterThan(3).And.OnlyHaveUniqueItems("each try asks for less");
        _server.Requests.Skip(1).Should().OnlyContain(r => r.Contains("bytes="));
    }

    [Fact]
    public async Task Fetch_ServerStalls_TriesAgain()
    {
        var requests = 0;
        var file = await FetchAsync(_server.Route("/a.bin", async c =>
        {
            if (Interlocked.Increment(ref requests) > 1)
            {
                await LocalServer.SendAsync(c, _content, tag: "one");
                return;
            }

            c.Response.Headers.ETag = "\"one\"";
            c.Response.ContentLength = _content.Length;
            await c.Response.Body.WriteAsync(_content.AsMemory(0, 1000));
            await c.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        _events.OfType<DownloadRetried>().Single().Reason.Should().Contain("nothing came");
        _server.Requests.Last().Should().EndWith("bytes=1000-");
    }

    [Fact]
    public async Task Fetch_FileChangesOnTheServerInMidFile_StartsOver()
    {
        var old = new byte[_content.Length];
        var requests = 0;
        var file = await FetchAsync(_server.Route("/a.bin", c => Interlocked.Increment(ref requests) == 1
            ? LocalServer.DropAsync(c, old, 200_000, "old")
            : LocalServer.SendAsync(c, _content, tag: "new")));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        requests.Should().Be(2, "If-Range makes the server send the new file whole");
    }

    [Fact]
    public async Task Fetch_OtherTagInAPartialAnswer_IsNotJoined()
    {
        var requests = 0;
        var url = _server.Route("/a.bin", c => Interlocked.Increment(ref requests) switch
        {
            1 => LocalServer.DropAsync(c, new byte[_content.Length], 200_000, "old"),
            2 => LocalServer.DropAsync(c, _content, 100_000, "new"), // ignores If-Range
            _ => LocalServer.SendAsync(c, _content, tag: "new"),
        });
        var file = await FetchAsync(url, withChecksum: false);

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        _events.OfType<DownloadRetried>().Should().Contain(e => e.Reason.Contains("changed on the server"));
    }

    [Fact]
    public async Task Fetch_ServerIgnoresRanges_StartsOverAndEnds()
    {
        var requests = 0;
        var file = await FetchAsync(_server.Route("/a.bin", async c =>
        {
            c.Response.ContentLength = _content.Length;
            var cut = Interlocked.Increment(ref requests) == 1;
            await c.Response.Body.WriteAsync(_content.AsMemory(0, cut ? 300_000 : _content.Length));
            await c.Response.Body.FlushAsync();
            if (cut)
                c.Abort();
        }));

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task Fetch_ServerIsBusy_ComesBackAsAsked(int status)
    {
        var requests = 0;
        var file = await FetchAsync(_server.Route("/a.bin", c =>
        {
            if (Interlocked.Increment(ref requests) > 2)
                return LocalServer.SendAsync(c, _content);
            c.Response.StatusCode = status;
            c.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        }));

        file.Size.Should().Be(_content.Length);
        _events.OfType<DownloadRetried>().Should().HaveCount(2).And.OnlyContain(e => e.Reason == $"HTTP {status}" && e.Delay == Policy.LongestDelay, "the wish is kept up to the longest delay");
    }

    [Fact]
    public async Task Fetch_MirrorsInOrder_TakesTheFirstThatBringsTheFile()
    {
        var corrupt = (byte[])_content.Clone();
        corrupt[1234] ^= 1;
        var urls = new[] { _server.Url + "/missing.bin", _server.File("/corrupt.bin", corrupt), _server.File("/short.bin", _content[..1000]), _server.File("/good.bin", _content), _server.File("/unused.bin", _content) };

        var file = await Make().FetchAsync(Request(urls), default);

        (await File.ReadAllBytesAsync(file.Path)).Should().Equal(_content);
        _server.Requests.Should().Contain(r => r.Contains("good")).And.NotContain(r => r.Contains("unused"));
        _server.Requests.Count(r => r.Contains("missing")).Should().Be(1, "404 is not tried again");
        _server.Requests.Count(r => r.Contains("corrupt")).Should().Be(2, "the bad bytes may have come from an earlier try");
    }

    [Fact]
    public async Task Fetch_OnlyCorruptBytes_IsRefusedAndNothingStaysInTheCache()
    {
        var corrupt = (byte[])_content.Clone();
        corrupt[^1] ^= 0x80;

        var act = () => FetchAsync(_server.File("/a.bin", corrupt));

        (await act.Should().ThrowAsync<StepFailedException>()).WithMessage("*sha256 is*instead of*");
        Directory.EnumerateFiles(_scratch["cache/files"]).Should().BeEmpty();
        Directory.EnumerateFiles(_scratch["cache/partial"]).Should().BeEmpty();
    }

    [Fact]
    public async Task Fetch_ServerLiesAboutTheSize_IsRefusedBeforeAByteIsWritten()
    {
        var act = () => Make().FetchAsync(Request([_server.File("/a.bin", new byte[900_000])]), default);

        (await act.Should().ThrowAsync<StepFailedException>()).WithMessage("*900000 bytes*700000*");
    }

    [Fact]
    public async Task Fetch_ServerSendsMoreThanItShould_IsCutOff()
    {
        var url = _server.Route("/a.bin", async c => // no Content-Length
        {
            for (var i = 0; i < 20; i++)
                await c.Response.Body.WriteAsync(new byte[100_000]);
        });

        var act = () => FetchAsync(url);

        (await act.Should().ThrowAsync<StepFailedException>()).WithMessage("*more than the 700000 bytes*");
    }

    [Fact]
    public async Task Fetch_Redirected_Follows()
    {
        var good = _server.File("/good.bin", _content);
        var file = await FetchAsync(_server.Route("/a.bin", c =>
        {
            c.Response.Redirect(good);
            return Task.CompletedTask;
        }));

        file.Size.Should().Be(_content.Length);
    }

    [Fact]
    public async Task Fetch_PasswordInTheUrl_IsSentAsHeaderAndNeverTold()
    {
        string? seen = null;
        var url = _server.Route("/a.bin", c =>
        {
            seen = c.Request.Headers.Authorization;
            c.Response.StatusCode = 403;
            return Task.CompletedTask;
        }).Replace("http://", "http://me:hunter2@");

        var act = () => FetchAsync(url);

        (await act.Should().ThrowAsync<StepFailedException>()).Which.Message.Should().NotContain("hunter2").And.Contain("***@");
        seen.Should().Be("Basic " + Convert.ToBase64String("me:hunter2"u8));
        string.Concat(_events).Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Fetch_ProxyWithPasswordRefuses_IsNeverTold()
    {
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy(_server.Url.Replace("http://", "http://me:hunter2@")) };
        using var client = new HttpClient(handler);
        var downloader = new Downloader(client, new DownloadCache(_scratch["cache"]), Policy with { Attempts = 2 }, new Listener(_events), TimeProvider.System);

        var act = () => downloader.FetchAsync(Request(["https://example.org/a.bin"]), default);

        (await act.Should().ThrowAsync<StepFailedException>()).Which.Message.Should().Contain("proxy").And.NotContain("hunter2");
        string.Concat(_events).Should().Contain("proxy").And.NotContain("hunter2");
    }

    [Theory]
    [InlineData("see https://me:p@ss@host/x", "see https://***@host/x")]
    [InlineData("https://host/a@b?x=c@d", "https://host/a@b?x=c@d")]
    [InlineData("https://host/x?token=abc&y=1", "https://host/x?token=***&y=1")]
    public void Mask_SecretsInAddresses_AreHidden(string text, string masked) => Processes.SecretText.Mask(text).Should().Be(masked);

    [Fact]
    public async Task Fetch_PasswordInTheUrl_IsNotWrittenToTheCache()
    {
        using var stop = new CancellationTokenSource();
        var url = _server.Route("/a.bin", async c =>
        {
            await c.Response.Body.WriteAsync(_content.AsMemory(0, 1000));
            await c.Response.Body.FlushAsync();
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }).Replace("http://", "http://me:hunter2@");

        var act = () => Make().FetchAsync(Request([url]), stop.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
        foreach (var file in Directory.EnumerateFiles(_scratch.Root, "*.json", SearchOption.AllDirectories))
            (await File.ReadAllTextAsync(file)).Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Fetch_TwoRunsAtOnce_FetchOnce()
    {
        var url = _server.Route("/a.bin", async c =>
        {
            await Task.Delay(300);
            await LocalServer.SendAsync(c, _content);
        });

        var files = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FetchAsync(url)));

        _server.Requests.Should().ContainSingle();
        files.Count(f => f.FromCache).Should().Be(3);
    }

    [Fact]
    public async Task Fetch_DamagedFileInTheCache_IsFetchedAgain()
    {
        var url = _server.File("/a.bin", _content);
        var first = await FetchAsync(url);
        await File.WriteAllBytesAsync(first.Path, new byte[_content.Length]);

        var second = await FetchAsync(url);

        second.FromCache.Should().BeFalse();
        (await File.ReadAllBytesAsync(second.Path)).Should().Equal(_content);
    }

    [Fact]
    public async Task Fetch_OnlyMd5Known_IsCheckedAndCalledWeak()
    {
#pragma warning disable CA5351 // what upstream publishes
        var md5 = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(_content));
#pragma warning restore CA5351
        var file = await Make().FetchAsync(new DownloadRequest("a.bin", [_server.File("/a.bin", _content)], new Checksum("md5", md5), null), default);

        file.Proof.Should().Contain("weak");
    }

    private static RetryPolicy Policy { get; } = new() { FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(40), StallLimit = TimeSpan.FromMilliseconds(500), ResponseLimit = TimeSpan.FromSeconds(5) };

    private DownloadRequest Request(string[] urls, bool withChecksum = true) =>
        new("a.bin", urls, withChecksum ? new Checksum("sha256", Wheels.Sha256(_content)) : null, _content.Length);

    private Task<DownloadedFile> FetchAsync(string url, bool withChecksum = true) => Make().FetchAsync(Request([url], withChecksum), default);

    private Downloader Make() => new(_client, new DownloadCache(_scratch["cache"]), Policy, new Listener(_events), TimeProvider.System);

    private sealed class Listener(ConcurrentQueue<ExecutionEvent> heard) : IProgress<ExecutionEvent>
    {
        public void Report(ExecutionEvent value) => heard.Enqueue(value);
    }
}
