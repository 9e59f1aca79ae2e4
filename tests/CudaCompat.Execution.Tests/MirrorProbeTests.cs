using CudaCompat.Execution.Downloads;
using CudaCompat.Matrix;

namespace CudaCompat.Execution.Tests;

/// <summary>A company's own mirror says by its pages what it mirrors.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class MirrorProbeTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Labelled = """<a href="../x/torch-2.8.0%2Bcpu-cp312-cp312-manylinux_2_28_x86_64.whl">torch</a>""";
    private const string Plain = """<a href="../x/torch-2.8.0-cp312-cp312-manylinux_2_28_x86_64.whl#sha256=00">torch</a>""";

    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/r/whl/cpu/torch/", Labelled, "wheels=@/r/whl/{tag}")]
    [InlineData("/r/cpu/torch/", Labelled, "wheels=@/r/{tag}")]
    [InlineData("/r/torch/", Labelled, "wheels=@/r")]
    [InlineData("/r/torch/", Plain, "pypi=@/r")]
    [InlineData("/r/simple/torch/", Plain, "pypi=@/r/simple")]
    [InlineData("/r/compute/cuda/redist/", """<a href="redistrib_12.8.1.json">x</a>""", "files=@/r")]
    [InlineData("/r/torch/", "<html>log in first</html>", null)]
    [InlineData("/r/cpu/torch/", Plain, null)]
    [InlineData("/r/compute/cuda/redist/", "<html>log in first</html>", null)]
    public async Task Address_IsAskedWhatItHas(string path, string page, string? expected)
    {
        _server.File(path, System.Text.Encoding.UTF8.GetBytes(page), "text/html");

        var (found, answers) = await Ask(_server.Url + "/r/");

        found.Should().Equal(expected is null ? [] : [expected.Replace("@", _server.Url, StringComparison.Ordinal)]);
        answers.Should().HaveCount(5);
    }

    [Fact]
    public async Task Address_WithAllOfIt_GivesOnePlaceOfEachKind()
    {
        foreach (var path in new[] { "/whl/cpu/torch/", "/torch/" })
            _server.File(path, System.Text.Encoding.UTF8.GetBytes(Labelled), "text/html");
        _server.File("/simple/torch/", System.Text.Encoding.UTF8.GetBytes(Plain), "text/html");
        _server.File("/compute/cuda/redist/", "redistrib_12.8.1.json"u8.ToArray(), "text/html");

        (await Ask(_server.Url)).Found.Should().Equal($"wheels={_server.Url}/whl/{{tag}}", $"pypi={_server.Url}/simple", $"files={_server.Url}");
    }

    /// <summary>What a mirror's user and password are stays out of what is told.</summary>
    [Fact]
    public async Task Address_WithAPassword_SendsItAndTellsItNot()
    {
        string? sent = null;
        _server.Route("/torch/", context =>
        {
            sent = context.Request.Headers.Authorization;
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });

        var (found, answers) = await Ask(_server.Url.Replace("http://", "http://me:hunter2@", StringComparison.Ordinal));

        found.Should().BeEmpty();
        sent.Should().StartWith("Basic ");
        string.Concat(answers).Should().Contain("HTTP 403").And.NotContain("hunter2");
    }

    private static async Task<(IReadOnlyList<string> Found, IReadOnlyList<string> Answers)> Ask(string address)
    {
        using var client = Downloader.CreateClient();
        return await new MirrorProbe(client, CompatibilityMatrix.Embedded.Install, TimeSpan.FromSeconds(20)).AskAsync(address, default);
    }
}
