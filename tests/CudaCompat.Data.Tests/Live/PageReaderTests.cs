namespace CudaCompat.Data.Tests.Live;

/// <summary>The sources that say in words and scripts what lists do not: build scripts, release matrix, previous versions, installation guides, the newer cuDNN list.</summary>
public class PageReaderTests : LiveTest
{
    private const string Guide = "docs.nvidia.com/cuda/cuda-installation-guide-";

    [Fact]
    public void ArchScripts_ReleaseWithoutAList_ThatOfItsTagIsUsed()
    {
        EditSaid("arch-lists", r => r["torch"]!.ToString() == "2.14.1" ? null : r);
        Upstream[ScriptPages.Raw + "v2.14.1/.ci/manywheel/build_env_setup.py"] = ScriptPages.Linux(ScriptPages.Table);
        Upstream[ScriptPages.Raw + "v2.14.1/.ci/pytorch/windows/internal/cuda_config.bat"] = ScriptPages.Batch;
        var (code, output, error) = Refresh("arch-scripts");
        code.Should().Be(5, output + error);
        output.Should().Contain("torch 2.14.0: no build script of linux stands at its tag").And.Contain("the script at its tag has no list for cu132");
        var lists = Read("arch-lists.json");
        lists.Should().Contain("\"torch\":\"2.14.1\",\"tag\":\"cu130\",\"packaging\":\"pip\",\"os\":\"linux\",\"arch\":\"x86_64\",\"native\":[\"7.5\",\"8.0\",\"8.6\",\"9.0\",\"10.0\",\"12.0\"],\"ptx\":[],\"how\":\"release-tag\",\"used\":true")
            .And.Contain("pytorch/pytorch:.ci/manywheel/build_env_setup.py@v2.14.1");
        Refresh("arch-scripts").Code.Should().Be(0);
    }

    [Fact]
    public void ArchScripts_WeakerListUsed_StepsBackAndStays()
    {
        var row = Lines("arch-lists").First(r => r.Contains("\"torch\":\"2.14.1\"", StringComparison.Ordinal) && r.Contains("\"how\":\"upstream-table\"", StringComparison.Ordinal) && r.Contains("\"os\":\"windows\"", StringComparison.Ordinal) && r.Contains("\"used\":true", StringComparison.Ordinal));
        Upstream[ScriptPages.Raw + "v2.14.1/.ci/pytorch/windows/build_env_setup.py"] = ScriptPages.Windows;
        Refresh("arch-scripts").Code.Should().Be(5);
        var now = Lines("arch-lists").Where(r => r.Contains("\"torch\":\"2.14.1\"", StringComparison.Ordinal) && r.Contains("\"os\":\"windows\"", StringComparison.Ordinal)).ToList();
        now.Should().Contain(r => r.Contains("\"how\":\"release-tag\",\"used\":true", StringComparison.Ordinal));
        now.Should().Contain(row.Replace("\"used\":true", "\"used\":false"));
        Refresh("arch-scripts").Code.Should().Be(0);
    }

    [Fact]
    public void ArchScripts_MeasuredListDiffers_StaysUsed()
    {
        var measured = Lines("arch-lists").Where(r => r.Contains("\"torch\":\"2.14.1\",\"tag\":\"cu130\"", StringComparison.Ordinal) && r.Contains("\"how\":\"measured\",\"used\":true", StringComparison.Ordinal) && r.Contains("linux", StringComparison.Ordinal)).ToList();
        measured.Should().NotBeEmpty();
        Upstream[ScriptPages.Raw + "v2.14.1/.ci/manywheel/build_env_setup.py"] = ScriptPages.Linux(ScriptPages.Table.Replace("{75, 80, 86, 90, 100, 120}", "{75, 120}"));
        Refresh("arch-scripts").Code.Should().Be(5);
        Lines("arch-lists").Should().Contain(measured);
        Read("arch-lists.json").Should().Contain("\"native\":[\"7.5\",\"12.0\"],\"ptx\":[],\"how\":\"release-tag\",\"used\":false").And.Contain("the measured list is used");
    }

    [Fact]
    public void ReleaseMatrix_BuildWithoutCudnn_GetsTheOneOfItsLine()
    {
        EditSaid("builds", r =>
        {
            if (r["version"]!.ToString() == "1.12.1" && r["tag"]?.ToString() == "cu113" && r["packaging"]!.ToString() == "pip")
                r.Remove("cudnn");
            return r;
        });
        Upstream[ScriptPages.Raw + "main/RELEASE.md"] = "# Releasing PyTorch\n\n## Release Compatibility Matrix\n\n| PyTorch version | Python | C++ | Stable CUDA | Experimental CUDA | Stable ROCm |\n| --- | --- | --- | --- | --- | --- |\n| 2.14 | >=3.10 | C++20 | CUDA 13.0 (CUDNN 9.99.0.1) (NCCL 2.30.7) | -- | ROCm 7.14 |\n| 1.12 | >=3.7, <=3.10 | C++14 | CUDA 11.3, CUDNN 8.3.2.44 | CUDA 11.6, CUDNN 8.3.2.44 | ROCm 5.0 |\n\n## Release Cadence\n";
        var (code, output, error) = Refresh("release-matrix");
        code.Should().Be(5, output + error);
        output.Should().Contain("cudnn unknown → 8.3.2.44").And.NotContain("9.99");
        Read("builds.json").Should().NotContain("9.99.0.1", "the wheel's own pin goes before the table");
        Refresh("release-matrix").Code.Should().Be(0);
    }

    [Fact]
    public void PreviousVersions_NewRelease_GivesItsCommandsAndCompanions()
    {
        Upstream["pytorch.org/get-started/previous-versions/"] = ScriptPages.PreviousVersions("2.99.0", "0.99.0", "cu126", "cu130");
        var (code, output, error) = Refresh("previous-versions");
        code.Should().Be(5, output + error);
        Read("install-commands.json").Should().Contain("\"torch\":\"2.99.0\",\"packaging\":\"pip\",\"os\":\"Linux and Windows\",\"heading\":\"CUDA 13.0\",\"tag\":\"cu130\",\"command\":\"pip install torch==2.99.0 torchvision==0.99.0 --index-url https://download.pytorch.org/whl/cu130\"");
        Read("companions.json").Should().Contain("\"torch\":\"2.99.0\",\"package\":\"torchvision\",\"version\":\"0.99.0\",\"preferred\":true,\"how\":\"command\"");
        Refresh("previous-versions").Code.Should().Be(0);
    }

    [Fact]
    public void Guides_NewToolkit_GivesItsCompilers()
    {
        Upstream[Guide + "linux/index.html"] = GuidePages.Linux("13.9.0", "6.x - 17.x", "7.x - 23.x");
        Upstream[Guide + "microsoft-windows/index.html"] = GuidePages.Windows("13.9.0", "195", "193", "192");
        var (code, output, error) = Refresh("guide-linux guide-windows");
        code.Should().Be(5, output + error);
        Read("host-compilers.json").Should().Contain("\"toolkit\":\"13.9\",\"os\":\"linux\",\"compiler\":\"gcc\",\"min\":\"6\",\"max\":\"17\",\"used\":true").And.Contain("\"toolkit\":\"13.9\",\"os\":\"linux\",\"compiler\":\"clang\",\"min\":\"7\",\"max\":\"23\",\"used\":true")
            .And.Contain("\"toolkit\":\"13.9\",\"os\":\"windows\",\"compiler\":\"msvc\",\"min\":\"19.20\",\"below\":\"19.60\",\"used\":true");
        Refresh("guide-linux guide-windows").Code.Should().Be(0);
    }

    [Fact]
    public void Guides_KnownToolkit_NothingIsNewAndOtherRangesAreKeptUnused()
    {
        Upstream[Guide + "linux/index.html"] = GuidePages.Linux("13.4.1", "6.x - 16.x", "7.x - 22.x");
        Refresh("guide-linux").Code.Should().Be(0);
        Upstream[Guide + "linux/index.html"] = GuidePages.Linux("13.4.1", "7.x - 16.x", "7.x - 22.x");
        Refresh("guide-linux").Code.Should().Be(5);
        Read("host-compilers.json").Should().Contain("\"toolkit\":\"13.4\",\"os\":\"linux\",\"compiler\":\"gcc\",\"min\":\"7\",\"max\":\"16\",\"used\":false").And.Contain("6 to 16 is used");
    }

    [Fact]
    public void CudnnList_ReleaseWithoutManifest_IsARemark()
    {
        Upstream["developer.nvidia.com/cudnn-archive"] = "<!DOCTYPE html><html><head><title>cuDNN Archive</title></head><body><h4><a href=\"/cudnn-9-99-0-download-archive\">cuDNN 9.99.0</a></h4><h4><a href=\"/cudnn-9-5-1-download-archive\">cuDNN 9.5.1</a></h4><a href=\"/rdp/cudnn-archive\">cuDNN 8.x - 1.x (Archives)</a></body></html>";
        var (code, output, error) = Refresh("cudnn-list");
        code.Should().Be(0, output + error);
        output.Should().Contain("lists cuDNN 9.99.0, of which no manifest is known");
    }

    private List<string> Lines(string subject) => [.. Read(subject + ".json").Split('\n').Select(l => l.TrimEnd(',')).Where(l => l.StartsWith("{\"", StringComparison.Ordinal) && !l.StartsWith("{\"subject", StringComparison.Ordinal))];
}

/// <summary>NVIDIA's installation guides as HTML, written for these tests.</summary>
internal static class GuidePages
{
    public static string Linux(string edition, string gcc, string clang) => $"""
        <!DOCTYPE html><html><head><title>CUDA Installation Guide for Linux</title></head><body>
        <table><thead><tr><th><p>Distribution</p></th><th><p>OS Version</p></th><th><p>Kernel</p></th><th><p>Default GCC</p></th><th><p>GLIBC</p></th></tr></thead><tbody><tr><td><p>RHEL 10</p></td><td><p>10.2</p></td><td><p>6.12.0</p></td><td><p>14.3.1</p></td><td><p>2.39</p></td></tr></tbody></table>
        <table><thead><tr><th><p>Distribution</p></th><th><p>GCC</p></th><th><p>Clang</p></th><th><p>Clang.grco</p></th><th><p>NVHPC</p></th></tr></thead>
        <tbody><tr><td><p>x86_64</p></td><td><p>{gcc}</p></td><td><p>{clang}</p></td><td><p>No</p></td><td><p>26.5</p></td></tr>
        <tr><td><p>Arm64 sbsa</p></td><td><p>{gcc}</p></td><td><p>{clang}</p></td><td><p>16.x - 22.x</p></td><td><p>26.5</p></td></tr></tbody></table>
        <p>Compare the MD5 checksum posted at <a href="https://developer.download.nvidia.com/compute/cuda/{edition}/docs/sidebar/md5sum.txt">here</a>.</p></body></html>
        """;

    public static string Windows(string edition, params string[] decades) => $"""
        <!DOCTYPE html><html><head><title>CUDA Installation Guide for Microsoft Windows</title></head><body>
        <table><thead><tr><th><p>Compiler*</p></th><th><p>IDE</p></th><th><p>Native x86_64</p></th><th><p>Cross-compilation (32-bit on 64-bit)</p></th><th><p>C++ Dialect</p></th></tr></thead>
        <tbody>{string.Join('\n', decades.Select(d => $"<tr><td><p>MSVC Version {d}x</p></td><td><p>Visual Studio 20{d[2..]}0</p></td><td><p>YES</p></td><td rowspan=\"1\"><p>Not supported</p></td><td><p>C++17</p></td></tr>"))}</tbody></table>
        <p>Compare <a href="https://developer.download.nvidia.com/compute/cuda/{edition}/docs/sidebar/md5sum.txt">the checksum</a>.</p></body></html>
        """;
}
