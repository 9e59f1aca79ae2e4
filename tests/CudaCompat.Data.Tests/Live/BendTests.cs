using System.Text;

namespace CudaCompat.Data.Tests.Live;

/// <summary>
/// Changes that upstream may make on any day. A harmless one bends: what is not covered is left out and counted, the rest is taken. A harmful one shouts: by name, with exit 1,
/// and what is known stays.
/// </summary>
public class BendTests : LiveTest
{
    private const string Archive = "developer.nvidia.com/cuda-toolkit-archive.md", Manifest = UpstreamPages.Redist + "redistrib_13.0.9.json", Drivers = "docs.nvidia.com/datacenter/tesla/drivers/releases.json";
    private const string Matrix = "docs.nvidia.com/cudnn/latest/reference/support-matrix";

    [Theory]
    [InlineData("CUDA Toolkit 13.9 (November 2026)", "13.9.0", "ga")]
    [InlineData("CUDA Toolkit 13.9 Update 1 (Dec. 2026)", "13.9.1", "ga")]
    [InlineData("CUDA Toolkit 13.9.0 RC (November 2026)", "13.9.0", "rc")]
    [InlineData("CUDA Toolkit 13.9.0 Developer Preview (November 2026)", "13.9.0", "preview")]
    [InlineData("**[CUDA Toolkit 13.9.0](/x)** (December 3, 2026)", "13.9.0", "ga")]
    public void Archive_LineOfAnotherForm_IsARelease(string line, string version, string kind)
    {
        Upstream[Archive] = "# CUDA Toolkit Archive\n\n" + line + "\n";
        var (code, output, error) = Refresh("toolkit-archive");
        code.Should().Be(5, output + error);
        Read("toolkits.json").Should().MatchRegex($"\"version\":\"{version}\",\"label\":\"[^\"]+\",\"kind\":\"{kind}\"");
    }

    [Fact]
    public void Archive_LineThatCannotBeRead_ShoutsAndTheOthersAreTaken()
    {
        Upstream[Archive] = "CUDA Toolkit 13.9.0 (November 2026)\nCUDA Toolkit 13.9.1 (soon)\n";
        var (code, output, _) = Refresh("toolkit-archive");
        code.Should().Be(1);
        output.Should().Contain("**toolkit-archive names what could not be read**: CUDA Toolkit 13.9.1 (soon)");
        Read("toolkits.json").Should().Contain("\"13.9.0\"").And.NotContain("\"13.9.1\"");
    }

    [Fact]
    public void Preview_WithItsManifest_StaysAPreviewAndTheNextIsTheRelease()
    {
        Upstream[Archive] = "CUDA Toolkit 13.9.1 (December 2026)\nCUDA Toolkit 13.9.0 Developer Preview (November 2026)\n";
        Upstream[UpstreamPages.Redist] = UpstreamPages.Directory("redistrib_13.9.0.json", "redistrib_13.9.1.json");
        Upstream[UpstreamPages.Redist + "redistrib_13.9.0.json"] = UpstreamPages.Manifest("13.9.0", "2026-11-20");
        Upstream[UpstreamPages.Redist + "redistrib_13.9.1.json"] = UpstreamPages.Manifest("13.9.1", "2026-12-20");
        var (code, output, error) = Refresh("toolkit-archive toolkit-redist");
        code.Should().Be(5, output + error);
        Read("toolkits.json").Should().MatchRegex("\"version\":\"13.9.0\",\"label\":\"[^\"]+\",\"kind\":\"preview\"").And.MatchRegex("\"version\":\"13.9.1\",\"label\":\"[^\"]+\",\"kind\":\"ga\"");
        output.Should().NotContain("→ 13.9.0", "nobody is given a preview");
    }

    [Theory]
    [InlineData("\"release_product\": \"cuda\",", "\"release_product\": \"cuda\", \"description\": \"new\", \"extra\": [1],", "new in redist-components: 1")]
    [InlineData("\"linux-x86_64\": {", "\"linux-riscv64\": {\"relative_path\": \"x\"}, \"linux-x86_64\": {", "1 platform linux-riscv64 is not covered")]
    [InlineData("\"release_date\": \"2026-11-20\"", "\"release_date\": null", "gives no day")]
    [InlineData("\"size\": \"1000\"", "\"size\": 1000", "new in redist-components: 1")]
    public void Manifest_HarmlessChange_Bends(string was, string now, string says)
    {
        Upstream[UpstreamPages.Redist] = UpstreamPages.Directory("redistrib_13.0.9.json");
        Upstream[Manifest] = UpstreamPages.Manifest("13.0.9", "2026-11-20").Replace(was, now, StringComparison.Ordinal);
        var (code, output, error) = Refresh("toolkit-redist");
        code.Should().Be(5, output + error);
        output.Should().Contain(says);
        Read("redist-components.json").Should().Contain("cuda_nvcc-linux-x86_64-13.0.91-archive.tar.xz");
    }

    [Fact]
    public void Directory_ManifestOfTwoNumbers_Shouts()
    {
        Upstream[UpstreamPages.Redist] = UpstreamPages.Directory("redistrib_13.0.9.json", "redistrib_13.9.json");
        Upstream[Manifest] = UpstreamPages.Manifest("13.0.9", "2026-11-20");
        var (code, output, _) = Refresh("toolkit-redist");
        code.Should().Be(1);
        output.Should().Contain("names what could not be read**: https://developer.download.nvidia.com/compute/cuda/redist/: redistrib_13.9.json");
        Read("toolkits.json").Should().Contain("13.0.9");
    }

    [Theory]
    [InlineData(301)]
    [InlineData(308)]
    public void Page_MovedForGood_IsFollowedAndRemarked(int status)
    {
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage("", status, Location: "/cuda/new-place/notes.html");
        Upstream["docs.nvidia.com/cuda/new-place/notes.html"] = UpstreamPages.ReleaseNotes(("13.6 GA", "640.10", "N/A"));
        var (code, output, error) = Refresh("release-notes");
        code.Should().Be(5, output + error);
        output.Should().Contain("moved for good to https://docs.nvidia.com/cuda/new-place/notes.html");
    }

    [Theory]
    [InlineData("iso-8859-1", true)]
    [InlineData("gbk", true)]
    [InlineData("gbk", false)]
    public void Page_DeclaresAnotherCharacterSet_IsRead(string name, bool inPage)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var page = UpstreamPages.ReleaseNotes(("13.6 GA", "640.10", "N/A")).Replace("<head>", (inPage ? $"<head><meta charset=\"{name}\">" : "<head>") + (name == "gbk" ? "<!-- 驱动 -->" : "<!-- é -->"), StringComparison.Ordinal);
        Upstream.Pages[UpstreamPages.Notes] = new LocalPage("", Type: inPage ? "text/html" : "text/html; charset=" + name) { Bytes = Encoding.GetEncoding(name).GetBytes(page) };
        var (code, output, error) = Refresh("release-notes");
        code.Should().Be(5, output + error);
    }

    [Fact]
    public void Page_OfTwoHundredThousandTagsInEachOther_IsRefusedAtOnce()
    {
        Upstream[UpstreamPages.Notes] = "<!DOCTYPE html><html><body>" + string.Concat(Enumerable.Repeat("<div>", 200_000)) + "</body></html>";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (code, _, error) = Refresh("release-notes");
        code.Should().Be(1);
        error.Should().Contain("stand inside each other");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Drivers_NoDateAndNoFile_Bend()
    {
        Upstream.Pages[Drivers] = new LocalPage("""{"640": {"driver_info": [{"release_version": "640.10.01", "release_date": null, "runfile_url": {"x86_64": "https://us.download.nvidia.com/tesla/640.10.01/NVIDIA-Linux-x86_64-640.10.01.run"}}, {"release_version": "640.10.02"}]}, "641": {"driver_info": []}}""", Type: "application/json");
        var (code, output, error) = Refresh("driver-releases");
        code.Should().Be(5, output + error);
        output.Should().Contain("1 a release without a file to run");
        Read("drivers.json").Should().Contain("640.10.01").And.NotContain("640.10.02");
    }

    [Fact]
    public void Drivers_NewDownloadHost_LeavesThatSourceOutAloneAndSaysWhatToDo()
    {
        Upstream.Pages[Drivers] = new LocalPage("""{"640": {"driver_info": [{"release_version": "640.10.01", "runfile_url": {"x86_64": "https://download.nvidia.example/640.run"}}]}}""", Type: "application/json");
        Upstream[Archive] = "CUDA Toolkit 13.9.0 (November 2026)\n";
        var (code, output, _) = Refresh("driver-releases toolkit-archive");
        code.Should().Be(1);
        output.Should().Contain("**driver-releases failed").And.Contain("download.nvidia.example is no known host").And.Contain("data/curated/known-hosts.tsv");
        Read("toolkits.json").Should().Contain("13.9.0");
        Read("drivers.json").Should().NotContain("640.10.01");
    }

    [Fact]
    public void Support_CellWithFewerCapabilities_IsAConflictAndTheRowStays()
    {
        var known = CudaCompat.Data.Refresh.FactStore.Load(Data).CudnnSupport.Rows.Last(r => r is { Variant: 12, Capabilities.Length: > 4, MinDriverWindows: not null });
        Upstream[Matrix] = $"""
            <!DOCTYPE html><html><head><title>Support Matrix</title></head><body><table><tr><th>cuDNN Package</th><th>CUDA Toolkit Version</th><th>Supports static linking?</th><th>NVIDIA Driver Version for Linux</th><th>NVIDIA Driver Version for Windows</th><th>CUDA Compute Capability</th><th>Supported NVIDIA GPU Architectures</th></tr>
            <tr><td>cuDNN {known.Cudnn} for CUDA 12.x</td><td>{string.Join(' ', known.Cuda)}</td><td>{(known.StaticLinking == true ? "Yes" : "No")}</td><td>&gt;={known.MinDriverLinux}</td><td>&gt;={known.MinDriverWindows}</td><td>{string.Join(' ', known.Capabilities!.Take(3))}</td><td>x</td></tr></table></body></html>
            """;
        var before = Read("cudnn-support.json");
        var (code, output, error) = Refresh("cudnn-support");
        code.Should().Be(5, output + error);
        output.Should().Contain("CONFLICT, the data keeps what it had: 1").And.Contain("capabilities");
        Read("cudnn-support.json").Should().Be(before);
    }

    [Fact]
    public void Wheels_EveryHarmlessForm_Bends()
    {
        const string package = "torchaudio";
        var rows = UpstreamPages.Known(Data, package);
        UpstreamPages.Wheels(Upstream, package, rows, ["cpu", "cu118", "cu126", "cu128", "cu129", "cu130"]);
        var hash = new string('A', 64);
        string[] links =
        [
            $"<a href=\"../cu130/torchaudio-2.99.0%2Bcu130-cp312-cp312-manylinux_2_28_x86_64.whl#sha256={hash}\">torchaudio-2.99.0+cu130-cp312-cp312-manylinux_2_28_x86_64.whl</a>",
            $"<a href=\"/whl/cu130/torchaudio-2.99.0%2Bcu130-cp313-cp313-manylinux_2_28_x86_64.whl#sha512={hash}{hash}\">torchaudio-2.99.0+cu130-cp313-cp313-manylinux_2_28_x86_64.whl</a>",
            "<a href=\"/whl/cu130/torchaudio-2.99.0%2Bcu130-cp310-abi3-manylinux_2_28_aarch64.whl\">torchaudio-2.99.0+cu130-cp310-abi3-manylinux_2_28_aarch64.whl</a>",
            "<a href=\"/whl/cu130/torchaudio-2.99.0%2Bcu130-cp314-cp314t-manylinux_2_28_x86_64.whl\">torchaudio-2.99.0+cu130-cp314-cp314t-manylinux_2_28_x86_64.whl</a>",
            "<a href=\"/whl/cu130/torchaudio-2.99.0%2Bcu130-cp311-cp311-manylinux_2_28_x86_64.whl\" data-yanked=\"broken\">torchaudio-2.99.0+cu130-cp311-cp311-manylinux_2_28_x86_64.whl</a>",
            "<a href=\"/whl/cu130/torchaudio-2.99.0%2Bcu130-cp312-cp312-linux_riscv64.whl\">torchaudio-2.99.0+cu130-cp312-cp312-linux_riscv64.whl</a>",
            "<a href=\"/whl/cu130/torchaudio-2.99.0-cp312-cp312-manylinux_2_28_x86_64-cu130.whl\">torchaudio-2.99.0-cp312-cp312-manylinux_2_28_x86_64-cu130.whl</a>",
            "<a href=\"https://elsewhere.example/readme.html\">readme.html</a>",
        ];
        var address = $"download.pytorch.org/whl/{package}/";
        Upstream[address] = Upstream.Pages[address].Text.Replace("<h1>Links for torchaudio</h1>", string.Join('\n', links), StringComparison.Ordinal);
        var (code, output, error) = Refresh("wheels-torchaudio");
        code.Should().Be(5, output + error);
        output.Should().Contain("1 withdrawn by its publisher (yanked)").And.Contain("1 platform linux_riscv64 is not covered").And.Contain("1 a variant wheel").And.Contain("1 a link that does not lead into the index");
        var builds = Read("builds.json").Split('\n').Where(l => l.Contains("\"torchaudio\",\"version\":\"2.99.0\"", StringComparison.Ordinal)).ToList();
        builds.Single(b => b.Contains("x86_64", StringComparison.Ordinal)).Should().Contain("\"pythons\":[\"3.12\",\"3.13\",\"3.14t\"]", "3.11 was withdrawn");
        builds.Single(b => b.Contains("aarch64", StringComparison.Ordinal)).Should().Contain("\"3.10\"").And.Contain("\"3.14\"").And.NotContain("3.13t").And.NotContain("3.9");
        Read("build-files.json").Should().Contain(hash.ToLowerInvariant());
        Refresh("wheels-torchaudio").Code.Should().Be(0);
    }

    [Fact]
    public void Wheels_HalfOfTheNamesAreOfAnotherForm_Shouts()
    {
        const string package = "torchaudio";
        UpstreamPages.Wheels(Upstream, package, UpstreamPages.Known(Data, package), ["cpu", "cu118", "cu126", "cu128", "cu129", "cu130"]);
        foreach (var address in Upstream.Pages.Keys.Where(k => k.EndsWith($"/{package}/", StringComparison.Ordinal)).ToList())
            Upstream[address] = Upstream.Pages[address].Text.Replace("-cp312-cp312-", "-312-", StringComparison.Ordinal);
        var before = Snapshot();
        var (code, output, error) = Refresh("wheels-torchaudio");
        code.Should().Be(1, output);
        error.Should().Contain("wheels-torchaudio: FAILED");
        Snapshot().Should().Equal(before);
    }

    [Fact]
    public void DefaultIndex_AsKnown_InventsNoBuild()
    {
        Upstream.Pages["pypi.org/simple/torch/"] = UpstreamPages.PackageIndex(Data, "torch", "torch-2.99.0-1-cp312-cp312-macosx_14_0_arm64.whl", "2.99.0");
        var (code, output, error) = Refresh("pypi-torch");
        code.Should().Be(0, output + error);
        output.Should().NotContain("new in builds");
    }

    [Fact]
    public void Companions_ByTheirOwnStatements_NewTorchIsPlannedOnItsDay()
    {
        // Its companions came before it: torchvision wants torch>=2.14, torchaudio states nothing. No pair and no row by hand.
        var sample = UpstreamPages.Known(Data, "torch").Last(r => r.Index == "cu130" && r.Os == Machines.OperatingSystemFamily.Linux && r.Arch == Machines.CpuArchitecture.X64);
        UpstreamPages.Wheels(Upstream, "torch", [.. UpstreamPages.Known(Data, "torch"), .. new[] { "cp311", "cp312" }.Select(p => sample with { FileName = $"torch-2.99.0+cu130-{p}-{p}-manylinux_2_28_x86_64.whl", Sha256 = new string('7', 64) })], ["cpu", "cu118", "cu126", "cu128", "cu129", "cu130", "cu132"]);
        Upstream[ScriptPages.Raw + "v2.99.0/.ci/wheel/linux/build_env_setup.py"] = ScriptPages.Linux(ScriptPages.Table);
        var (code, output, error) = Refresh("wheels-torch arch-scripts");
        code.Should().Be(5, output + error);
        Read("companions.json").Should().MatchRegex("\"torch\":\"2.99.0\",\"package\":\"torchvision\",\"version\":\"0.29.[12]\",\"preferred\":true,\"how\":\"stated\"").And.Contain("\"torch\":\"2.99.0\",\"package\":\"torchaudio\",\"version\":\"2.11.0\",\"preferred\":true,\"how\":\"stated\"");
        output.Should().MatchRegex(@"torch 2\.1\S+ → 2\.99\.0\+cu130");
    }
}
