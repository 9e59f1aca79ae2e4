namespace CudaCompat.Data.Tests.Live;

/// <summary>Each live source once in the shape that it is served in.</summary>
public class ReaderTests : LiveTest
{
    [Fact]
    public void ToolkitArchive_Twin_GivesAReleaseWithItsMonth()
    {
        Upstream["developer.nvidia.com/cuda-toolkit-archive.md"] = "# CUDA Toolkit Archive\n\n**Latest Release**  \n[CUDA Toolkit 13.9.1](/cuda-downloads) (November 2026), [Versioned Online Documentation](https://docs.nvidia.com/cuda/)\n\n**Archived Releases**\n\n" +
            " [CUDA Toolkit 13.9.0](/cuda-13-9-0-download-archive) (October 2026), [Versioned Online Documentation](https://docs.nvidia.com/cuda/archive/13.9.0/)  \n [CUDA Toolkit 12.8.1](/cuda-12-8-1-download-archive) (March 2025), [Versioned Online Documentation](x)  \n";
        ExpectNews("toolkit-archive");
        Read("toolkits.json").Should().Contain("\"version\":\"13.9.0\",\"label\":\"13.9.0\",\"kind\":\"ga\",\"date\":\"2026-10\",\"dateFrom\":\"archive\"").And.Contain("\"version\":\"13.9.1\"");
    }

    [Fact]
    public void ToolkitArchive_NoTwin_ThePageIsRead()
    {
        Upstream["developer.nvidia.com/cuda-toolkit-archive"] = "<!DOCTYPE html><html><head><title>CUDA Toolkit Archive</title></head><body><div><p><a href=\"/cuda-13-9-0-download-archive\">CUDA Toolkit 13.9.0</a> (October 2026), <a href=\"x\">Versioned Online Documentation</a></p></div></body></html>";
        ExpectNews("toolkit-archive");
        Read("toolkits.json").Should().Contain("\"version\":\"13.9.0\"");
    }

    [Fact]
    public void ToolkitSums_NewInstaller_HasItsAddressAndChecksum()
    {
        Upstream[UpstreamPages.Redist] = UpstreamPages.Directory("redistrib_13.4.9.json");
        Upstream["developer.download.nvidia.com/compute/cuda/13.4.9/docs/sidebar/md5sum.txt"] = $"{new string('1', 32)} cuda_13.4.9_windows_x86_64_network.exe\n{new string('2', 32)} cuda-repo-rhel8-13-4-local-13.4.9_615.71.09-1.x86_64.rpm\n{new string('3', 32)} cuda_13.4.9_linux.run\n";
        ExpectNews("toolkit-sums");
        Read("toolkit-installers.json").Should().Contain("https://developer.download.nvidia.com/compute/cuda/13.4.9/network_installers/cuda_13.4.9_windows_x86_64_network.exe").And.Contain("https://developer.download.nvidia.com/compute/cuda/13.4.9/local_installers/cuda_13.4.9_linux.run").And.NotContain("cuda-repo-rhel8");
    }

    [Fact]
    public void ReleaseNotes_NewToolkit_DriversKnowTheirCuda()
    {
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("13.5 GA", "620.10.01", ">=620.22"), ("12.8 GA", "570.26", ">=570.65"));
        ExpectNews("release-notes");
        Read("driver-requirements.json").Should().Contain("\"cuda\":\"13.5.0\",\"os\":\"linux\",\"minimum\":\"620.10.01\",\"kind\":\"corresponding\",\"used\":true");
        Read("driver-cuda.json").Should().Contain("\"from\":\"620.10.01\",\"cuda\":\"13.5\"");
    }

    [Fact]
    public void ReleaseNotes_OtherMinimumThanKnown_IsKeptAndNotUsed()
    {
        Upstream[UpstreamPages.Notes] = UpstreamPages.ReleaseNotes(("12.8 GA", "570.99", "N/A"));
        ExpectNews("release-notes");
        Read("driver-requirements.json").Should().Contain("\"minimum\":\"570.99\",\"kind\":\"corresponding\",\"used\":false").And.Contain("570.26 is used; this page says 570.99");
    }

    [Fact]
    public void DriverReleases_NewDriver_IsAdded()
    {
        Upstream.Pages["docs.nvidia.com/datacenter/tesla/drivers/releases.json"] = new LocalPage("""{"620": {"type": "production branch", "driver_info": [{"release_version": "620.10.01", "release_date": "2026-11-20", "release_notes": "x", "architectures": ["x86_64"], "runfile_url": {"x86_64": "https://us.download.nvidia.com/tesla/620.10.01/NVIDIA-Linux-x86_64-620.10.01.run"}}]}}""", Type: "application/json");
        ExpectNews("driver-releases");
        Read("drivers.json").Should().Contain("\"version\":\"620.10.01\",\"os\":\"linux\",\"archs\":[\"x86_64\"],\"date\":\"2026-11-20\"");
    }

    [Fact]
    public void ForwardCompat_NewPackage_IsAdded()
    {
        Upstream["docs.nvidia.com/deploy/cuda-compatibility/forward-compatibility.html"] = "<!DOCTYPE html><html><head><title>CUDA Compatibility</title></head><body><table><thead><tr><th>CUDA Forward Compatible Upgrade</th><th>580+ (CUDA 13.0)</th><th>620+ (CUDA 13.5)</th></tr></thead><tbody><tr><td><p>cuda-compat-13-5</p></td><td><p>C</p></td><td><p>N/A</p></td></tr></tbody></table></body></html>";
        ExpectNews("forward-compat");
        Read("forward-compat.json").Should().Contain("\"cuda\":\"13.5\",\"branch\":580,\"branchCuda\":\"13.0\",\"status\":\"compatible\"");
    }

    [Fact]
    public void CudnnRedist_NewRelease_HasItsFiles()
    {
        Upstream["developer.download.nvidia.com/compute/cudnn/redist/"] = UpstreamPages.Directory("redistrib_9.99.0.json", "redistrib_8.5.0.96.json");
        Upstream["developer.download.nvidia.com/compute/cudnn/redist/redistrib_9.99.0.json"] = $$"""
            {"release_date": "2026-11-20", "release_label": "9.99.0", "release_product": "cudnn", "cudnn": {"name": "NVIDIA CUDA Deep Neural Network library", "license": "cudnn", "license_path": "x", "version": "9.99.0.7", "cuda_variant": ["12", "13"],
              "linux-x86_64": {"cuda13": {"relative_path": "cudnn/linux-x86_64/cudnn-linux-x86_64-9.99.0.7_cuda13-archive.tar.xz", "sha256": "{{new string('a', 64)}}", "md5": "{{new string('b', 32)}}", "size": "99"} } } }
            """;
        ExpectNews("cudnn-redist");
        Read("cudnn.json").Should().Contain("\"version\":\"9.99.0.7\"").And.Contain("\"date\":\"2026-11-20\"");
        Read("cudnn-files.json").Should().Contain("https://developer.download.nvidia.com/compute/cudnn/redist/cudnn/linux-x86_64/cudnn-linux-x86_64-9.99.0.7_cuda13-archive.tar.xz");
    }

    [Fact]
    public void CudnnSupport_NewMatrix_SpannedCellsAndFootnotes()
    {
        Upstream["docs.nvidia.com/deeplearning/cudnn/backend/latest/reference/support-matrix.html"] = """
            <!DOCTYPE html><html><head><title>Support Matrix</title></head><body><table><thead><tr><th>cuDNN Package <sup>1</sup></th><th>CUDA Toolkit Version</th><th>Supports static linking?</th><th>NVIDIA Driver Version for Linux</th><th>NVIDIA Driver Version for Windows</th><th>CUDA Compute Capability</th><th>Supported NVIDIA GPU Architectures</th></tr></thead>
            <tbody><tr><td rowspan="2">cuDNN 9.99.0 for CUDA 13.x</td><td><ul><li>13.1</li><li>13.0<sup>3</sup></li></ul></td><td>Yes</td><td rowspan="2">&gt;=580.65.06</td><td rowspan="2">&gt;=580.65</td><td><ul><li>9.0</li><li>8.6</li></ul></td><td>Hopper</td></tr>
            <tr><td>13.2</td><td>No</td><td>12.0</td><td>Blackwell</td></tr></tbody></table></body></html>
            """;
        ExpectNews("cudnn-support");
        Read("cudnn-support.json").Should().Contain("\"cudnn\":\"9.99.0\",\"variant\":13,\"cuda\":[\"13.1\",\"13.0\"],\"minDriverLinux\":\"580.65.06\"").And.Contain("\"cuda\":[\"13.2\"],\"minDriverLinux\":\"580.65.06\",\"minDriverWindows\":\"580.65\",\"capabilities\":[\"12.0\"]");
    }

    [Fact]
    public void CudnnArchive_KnownLabel_TellsNothingNew()
    {
        Upstream["developer.nvidia.com/rdp/cudnn-archive"] = "<!DOCTYPE html><html><head><title>cuDNN Archive</title></head><body><div class=\"panel-group\"><a href=\"#a-collapse897-120\">Download cuDNN v8.9.7 (December 5th, 2023), for CUDA 12.x</a><a href=\"/x\">Local Installer for Windows (Zip)</a></div></body></html>";
        Refresh("cudnn-archive").Code.Should().Be(0);
    }

    [Fact]
    public void Gpus_NewCard_IsAddedAndAWrappedNameStaysWhole()
    {
        const string head = "<!DOCTYPE html><html><head><title>CUDA GPUs</title></head><body><table><tr><th>Compute Capability</th><th>Data Center</th><th>Workstation/Consumer</th><th>Jetson</th></tr>";
        Upstream["developer.nvidia.com/cuda/gpus"] = head + "<tr><td>12.0</td><td>NVIDIA RTX PRO 9999\n Blackwell Server Edition</td><td>GeForce RTX 5090<br>GeForce RTX 5999</td><td></td></tr></table></body></html>";
        Upstream["developer.nvidia.com/cuda/gpus/legacy"] = head + "<tr><td>6.1</td><td>Tesla P40</td><td></td><td></td></tr></table></body></html>";
        ExpectNews("gpus");
        Read("gpus.json").Should().Contain("\"name\":\"GeForce RTX 5999\",\"capabilities\":[\"12.0\"]").And.Contain("RTX PRO 9999 Blackwell Server Edition");
    }

    [Fact]
    public void PackageIndex_NewTorch_TellsItsCudaAndPins()
    {
        Upstream.Pages["pypi.org/simple/torch/"] = UpstreamPages.PackageIndex(Data, "torch", "torch-2.99.0-cp312-cp312-manylinux_2_28_x86_64.whl", "2.99.0");
        Upstream.Pages["pypi.org/pypi/torch/2.99.0/json"] = UpstreamPages.Release("torch", "2.99.0", "filelock", "nvidia-cuda-runtime==13.0.96; platform_system == \"Linux\"", "nvidia-cudnn-cu13==9.15.1.9; platform_system == \"Linux\"");
        Upstream.Pages["pypi.org/simple/torchvision/"] = UpstreamPages.PackageIndex(Data, "torchvision", "torchvision-0.99.0-cp312-cp312-manylinux_2_28_x86_64.whl", "0.99.0");
        Upstream.Pages["pypi.org/pypi/torchvision/0.99.0/json"] = UpstreamPages.Release("torchvision", "0.99.0", "numpy", "torch==2.99.0");
        ExpectNews("pypi-torch pypi-torchvision");
        Read("default-builds.json").Should().Contain("\"from\":\"2.99.0\",\"to\":\"2.99.0\",\"os\":\"linux\",\"arch\":\"x86_64\",\"where\":\"pypi\",\"tag\":\"cu130\"");
        Read("companions.json").Should().Contain("\"torch\":\"2.99.0\",\"package\":\"torchvision\",\"version\":\"0.99.0\",\"preferred\":true,\"how\":\"depends\"");
        Read("builds.json").Should().Contain("\"package\":\"torch\",\"version\":\"2.99.0\",\"tag\":\"cu130\"").And.Contain("\"package\":\"torchvision\",\"version\":\"0.99.0\",\"tag\":\"cu130\"");
        Read("requirements.json").Should().Contain("\"requirement\":\"nvidia-cudnn-cu13\",\"version\":\"9.15.1.9\",\"how\":\"exact\",\"used\":true");
        Refresh("pypi-torch pypi-torchvision").Code.Should().Be(0);
    }

    [Fact]
    public void Selector_OffersABuildThatNoIndexLists_IsARemark()
    {
        Upstream.Pages["download.pytorch.org/assets/quick-start-module.js"] = new LocalPage("let version_map={\"nightly\": {}, \"release\": {\"accnone\": [\"cpu\", \"\"], \"cuda.x\": [\"cuda\", \"12.6\"], \"rocm5.x\": [\"rocm\", \"7.2\"]}}\nlet stable_version=\"Stable (2.99.0)\";\n", Type: "text/javascript");
        var (code, output, error) = Refresh("quick-start");
        code.Should().Be(5, error);
        output.Should().Contain("offers torch 2.99.0 for cu126 on linux, of which no file is listed");
    }

    private void ExpectNews(string source)
    {
        var (code, output, error) = Refresh(source);
        code.Should().Be(5, output + error);
        Refresh(source).Code.Should().Be(0, "the second time nothing is new");
    }
}
