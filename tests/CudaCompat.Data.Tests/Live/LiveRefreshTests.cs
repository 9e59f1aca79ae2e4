namespace CudaCompat.Data.Tests.Live;

public class LiveRefreshTests : LiveTest
{
    private const string Version = "13.0.9";

    [Fact]
    public void Refresh_NewToolkit_IsReportedWithThePlansThatChange()
    {
        ServeToolkit();
        var report = Path.Combine(Folder, "news.md");
        var (code, output, error) = Refresh("toolkit-redist", "--report", report);
        code.Should().Be(5, error);
        output.Should().Be(File.ReadAllText(report));
        output.Should().Contain("new in toolkits: 1\n  - 13.0.9").And.Contain("new in redist-components: 1").And.MatchRegex(@"[1-9]\d* of 241 machines get another plan").And.Contain("toolkit 13.0.3 → 13.0.9");
        Read("toolkits.json").Should().Contain("\"version\":\"13.0.9\",\"label\":\"13.0.9\",\"kind\":\"update\",\"date\":\"2026-11-20\",\"dateFrom\":\"manifest\",\"sources\":[\"toolkit-redist\"]");
        Said("toolkit-redist").Should().Contain("\"version\":\"13.0.9\"").And.Contain("{\"url\":\"https://developer.download.nvidia.com/compute/cuda/redist/redistrib_13.0.9.json\",\"sha256\":\"");
        Run(["check", "--data", Data]).Code.Should().Be(0);
    }

    [Fact]
    public void Refresh_Twice_SecondSaysNothingNewAndDownloadsNothing()
    {
        ServeToolkit();
        Refresh("toolkit-redist").Code.Should().Be(5);
        var before = Snapshot();
        Upstream.Log.Clear();
        var (code, output, error) = Refresh("toolkit-redist");
        code.Should().Be(0, output + error);
        output.Should().StartWith("# Nothing new");
        Snapshot().Should().Equal(before);
        Upstream.Log.Should().NotBeEmpty().And.OnlyContain(r => r.Status == 304 || r.Status == 404);
        Upstream.Log.Should().OnlyContain(r => r.Agent.StartsWith("CudaCompat-Data/", StringComparison.Ordinal));
        Refresh("toolkit-redist", "--offline").Code.Should().Be(0, "the cache holds everything");
    }

    [Fact]
    public void Refresh_OfflineWithoutCache_FailsByName()
    {
        ServeToolkit();
        var before = Snapshot();
        var (code, _, error) = Refresh("toolkit-redist", "--offline");
        code.Should().Be(1);
        error.Should().Contain("toolkit-redist: FAILED").And.Contain("not in the cache");
        Upstream.Log.Should().BeEmpty();
        Snapshot().Should().Equal(before);
    }

    [Fact]
    public void Record_ThenFrom_GivesTheSameData()
    {
        ServeToolkit();
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A"));
        var recording = Path.Combine(Folder, "recording");
        Refresh("toolkit-redist release-notes", "--record", recording).Code.Should().Be(5);
        var other = Path.Combine(Folder, "other");
        CopyData(other);
        Upstream.Log.Clear();
        Run(["refresh", "--from", recording, "--out", other, "--only", "toolkit-redist", "--only", "release-notes"]).Code.Should().Be(5);
        Upstream.Log.Should().BeEmpty();
        Snapshot(other).Should().Equal(Snapshot());
        File.ReadAllText(Path.Combine(recording, "live/PROVENANCE.tsv")).Should().StartWith("file\turl\tdate\tsha256\nrelease-notes/cuda/").And.Contain("https://developer.download.nvidia.com/compute/cuda/redist/redistrib_13.0.9.json");
    }

    [Fact]
    public void From_RecordingWithAnAlteredFile_FailsThatSource()
    {
        ServeToolkit();
        var recording = Path.Combine(Folder, "recording");
        Refresh("toolkit-redist", "--record", recording);
        File.AppendAllText(Path.Combine(recording, "live/toolkit-redist/compute/cuda/redist/redistrib_13.0.9.json"), " ");
        var (code, _, error) = Run(["refresh", "--from", recording, "--out", Data, "--only", "toolkit-redist"]);
        code.Should().Be(1);
        error.Should().Contain("not the one that was fetched");
    }

    [Fact]
    public void Verify_AfterALiveRefresh_WhatSourcesSayGivesTheData()
    {
        // A row before others that name the same driver: what is derived of it is derived anew.
        ServeToolkit();
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("11.0.1 RC", "450.51.05", ">=451.48"), ("13.6 GA", "640.10.01", ">=640.22"));
        Refresh("toolkit-redist release-notes").Code.Should().Be(5);
        var (code, output, _) = Run(["verify", "--data", Data]);
        code.Should().Be(0, output);
        File.Delete(Path.Combine(Data, "said/toolkit-redist.json"));
        Run(["verify", "--data", Data]).Code.Should().Be(1, "without what the source said its rows are not explained");
    }

    [Fact]
    public void Refresh_OneSourceFails_TheOthersAreWrittenAndExitIsOne()
    {
        ServeToolkit();
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage("", 500);
        var (code, output, error) = Refresh("release-notes toolkit-redist");
        code.Should().Be(1);
        error.Should().Contain("release-notes: FAILED").And.Contain("status 500");
        output.Should().Contain("**release-notes failed; what it said before stays**");
        Read("toolkits.json").Should().Contain("13.0.9");
        var (_, status, _) = Run(["status", "--data", Data]);
        status.Should().MatchRegex(@"fresh       toolkits: toolkit-redist, \d+ rows, 0 days old").And.Contain("never read  release-notes");
        status.IndexOf("release-notes", StringComparison.Ordinal).Should().BeLessThan(status.IndexOf("toolkits: toolkit-redist", StringComparison.Ordinal), "stale ones come first");
    }

    [Fact]
    public void Refresh_HashOfAManifestChanged_IsAnAlarmAndTheDataKeepsTheOldOne()
    {
        ServeToolkit();
        Refresh("toolkit-redist");
        Upstream[UpstreamPages.Redist + $"redistrib_{Version}.json"] = UpstreamPages.Manifest(Version, "2026-11-20", 'f');
        var (code, output, error) = Refresh("toolkit-redist");
        code.Should().Be(1, error);
        output.Should().Contain("ALARM: sha256 " + new string('a', 64) + ", toolkit-redist says " + new string('f', 64));
        Read("redist-components.json").Should().Contain(new string('a', 64)).And.NotContain(new string('f', 64));
        Said("toolkit-redist").Should().Contain("\"disputed\":[{").And.Contain(new string('f', 64));
        Refresh("toolkit-redist").Code.Should().Be(1, "an alarm stays red until somebody settles it");
        Run(["check", "--data", Data]).Code.Should().Be(1);
        Run(["verify", "--data", Data]).Code.Should().Be(0);
    }

    [Fact]
    public void Refresh_HashSettledByHand_IsNoAlarmAnyMore()
    {
        CopyCurated();
        ServeToolkit();
        Refresh("toolkit-redist");
        Upstream[UpstreamPages.Redist + $"redistrib_{Version}.json"] = UpstreamPages.Manifest(Version, "2026-11-20", 'f');
        Refresh("toolkit-redist").Code.Should().Be(1);
        File.WriteAllText(Path.Combine(Data, "curated/facts/settled.json"), $$"""
            {"source": {"id":"settled","title":"the archive was downloaded and hashed","parser":"hand","kind":"curated","retrieved":"2026-11-21"},
             "rows": {"redist-components": [{"toolkit":"{{Version}}","component":"cuda_nvcc","version":"13.0.91","platform":"linux-x86_64","path":"cuda_nvcc/linux-x86_64/cuda_nvcc-linux-x86_64-13.0.91-archive.tar.xz","sha256":"{{new string('f', 64)}}"}] } }
            """);
        Refresh("toolkit-redist").Code.Should().Be(0, "it is settled");
        Read("redist-components.json").Should().Contain(new string('f', 64)).And.NotContain(new string('a', 64));
        Run(["check", "--data", Data]).Code.Should().Be(0);
    }

    [Fact]
    public void Refresh_InvariantBroken_LeavesThatSourceOutAndWritesTheOthers()
    {
        ServeToolkit();
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("13.9 GA", "300.10", "300.20"));
        var report = Path.Combine(Folder, "news.md");
        var (code, output, error) = Refresh("release-notes toolkit-redist", "--report", report);
        code.Should().Be(1, error);
        error.Should().Contain("release-notes: FAILED").And.Contain("13.9").And.Contain("300.10").And.Contain("Next: ");
        File.ReadAllText(report).Should().Be(output).And.Contain("**release-notes failed").And.Contain("13.0.9");
        Read("toolkits.json").Should().Contain("13.0.9");
        Read("driver-requirements.json").Should().NotContain("300.10");
        File.Exists(Path.Combine(Data, "said/release-notes.json")).Should().BeFalse();
        Run(["verify", "--data", Data]).Code.Should().Be(0);
    }

    [Fact]
    public async Task Refresh_Interrupted_LeavesTheDataAlone()
    {
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage(UpstreamPages.ReleaseNotes(("13.4 Update 1", "615.71.09", "N/A")), Stall: true);
        ServeToolkit();
        var before = Snapshot();
        using var interrupt = new CancellationTokenSource();
        var running = Task.Run(() => Run(Arguments("release-notes toolkit-redist"), interrupt.Token));
        await Upstream.Stalled.WaitAsync();
        await interrupt.CancelAsync();
        (await running).Code.Should().NotBe(0).And.NotBe(5);
        Snapshot().Should().Equal(before);
    }

    [Fact]
    public void Refresh_UnknownSource_ExitsTwoAndNamesThem()
    {
        var (code, _, error) = Refresh("wheels");
        code.Should().Be(2);
        error.Should().Contain("no such source").And.Contain("wheels-torch");
    }

    private void CopyCurated()
    {
        var curated = Path.Combine(Captures.Repository, "data", "curated");
        foreach (var file in Directory.EnumerateFiles(curated, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(Data, "curated", Path.GetRelativePath(curated, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private void ServeToolkit()
    {
        Upstream[UpstreamPages.Redist] = UpstreamPages.Directory("redistrib_13.0.9.json", "redistrib_13.0.9.1.json", "redistrib_v2_1.0.0.json");
        Upstream[UpstreamPages.Redist + $"redistrib_{Version}.json"] = UpstreamPages.Manifest(Version, "2026-11-20");
    }
}
