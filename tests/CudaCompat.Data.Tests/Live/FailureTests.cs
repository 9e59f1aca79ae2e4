namespace CudaCompat.Data.Tests.Live;

/// <summary>What can be in the place of a page: each is a failure with a name, and the data stays.</summary>
public class FailureTests : LiveTest
{
    private const string Akamai = "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access this page.<P>Reference&#32;&#35;18&#46;5d3c</BODY></HTML>";

    internal static readonly Dictionary<string, (LocalPage Page, string Says)> Cases = new()
    {
        ["refused"] = (new LocalPage(Akamai, 403), "refused by the content network"),
        ["too many requests"] = (new LocalPage("slow down", 429, RetryAfter: "3600"), "too many requests"),
        ["server error"] = (new LocalPage("", 503), "status 503"),
        ["gone"] = (new LocalPage("", 404), "there is no such page"),
        ["empty"] = (new LocalPage(""), "is empty"),
        ["captive"] = (new LocalPage("<!DOCTYPE html><html><head><title>Welcome to Hotel WLAN</title></head><body><table><tr><td>Room</td></tr></table></body></html>"), "captive portal"),
        ["challenge"] = (new LocalPage("<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"), "challenge"),
        ["another page"] = (new LocalPage("<!DOCTYPE html><html><head><title>CUDA</title></head><body><p>We moved.</p></body></html>"), "no driver table"),
        ["changed shape"] = (new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A")).Replace("colspan=\"2\"", "colspan=\"3\"").Replace("<td></td>", "<td></td><td>CPU</td>").Replace("1</p></td>", "1</p></td><td>all</td>")), "changed shape"),
        ["no number"] = (new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "new", "N/A"))), "is no row of a driver table"),
        ["cut"] = (new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A"))[..^60]), "has no end"),
        ["broken off"] = (new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A")), Cut: true), UpstreamPages.Notes), // the head may be lost with the body: what is said differs
        ["leads away"] = (new LocalPage("", 302, Location: "https://login.example.org/"), "no known source"),
        ["leads in a circle"] = (new LocalPage("", 301, Location: "/cuda/cuda-toolkit-release-notes/index.html"), "redirects"),
        ["zstd unasked"] = (new LocalPage("x", Encoding: "zstd"), "packed as zstd"),
        ["not text"] = (new LocalPage("\uD800"), "release-notes"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_NotWhatItWas_FailsLoudlyAndTheDataStays(string name)
    {
        var (page, says) = Cases[name];
        Upstream.Pages[UpstreamPages.Notes] = page;
        var before = Snapshot();
        var (code, _, error) = Refresh("release-notes");
        code.Should().Be(1, error);
        error.Should().Contain("release-notes: FAILED").And.Contain(says);
        var after = Snapshot();
        after.Should().Equal(before);
    }

    [Fact]
    public void Robots_Disallows_ThePageIsNotAskedFor()
    {
        Upstream["docs.nvidia.com/robots.txt"] = "User-agent: *\nDisallow: /cuda/\nAllow: /cuda/archive/\n";
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A"));
        var (code, _, error) = Refresh("release-notes");
        code.Should().Be(1);
        error.Should().Contain("robots.txt of docs.nvidia.com does not allow");
        Upstream.Log.Select(r => r.Address).Should().Equal("docs.nvidia.com/robots.txt");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public void Page_Packed_IsRead(string encoding)
    {
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A")), Encoding: encoding);
        var (code, _, error) = Refresh("release-notes");
        code.Should().BeOneOf([0, 5], error);
    }

    [Fact]
    public void Page_Redirected_IsReadUnderItsOwnAddress()
    {
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage("", 302, Location: "{self}/developer.nvidia.com/notes?__token__=secret");
        Upstream["developer.nvidia.com/notes"] = UpstreamPages.ReleaseNotes(("13.5 GA", "620.10", "N/A"));
        var (code, _, error) = Refresh("release-notes");
        code.Should().Be(5, error);
        Read("sources.json").Should().Contain("\"https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html\"").And.NotContain("secret");
    }
}
