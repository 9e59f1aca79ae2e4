using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.Facts;

/// <summary>Known facts about toolkits, cuDNN, GPUs and compilers hold in what the captures give.</summary>
public class NvidiaReleaseFactsTests
{
    private static readonly MatrixJson Json = MatrixJson.Default;

    [Theory]
    [InlineData("11.0.1", "rc", "11.0 RC")]
    [InlineData("11.0.2", "ga", "11.0 GA")]
    [InlineData("12.8.1", "update", "12.8 Update 1")]
    [InlineData("13.4.0", "preview", "13.4.0 Developer Preview")]
    [InlineData("13.4.1", "ga", "13.4 GA")]
    [InlineData("13.4.2", "update", "13.4 Update 1")]
    public void Toolkit_ThirdNumberIsABuildNumber(string version, string kind, string label) =>
        Captures.Rows("toolkits", Json.ToolkitRow).Single(t => t.Version.ToString() == version).Should().Match<ToolkitRow>(t => t.Kind == kind && t.Label == label);

    [Fact]
    public void Toolkits_GapsInTheMinors_AreNoReleases() =>
        Captures.Rows("toolkits", Json.ToolkitRow).Select(t => t.Version.MajorMinor.ToString()).Should().NotContain("12.7").And.NotContain("11.9").And.Contain("1.0");

    [Fact]
    public void Installer_WrongPackagerHash_IsToldAndNotTaken()
    {
        var installer = Captures.Rows("toolkit-installers", Json.InstallerRow).Single(i => i.Toolkit.ToString() == "10.2.89" && i.Os == OperatingSystemFamily.Windows && i.Kind == "exe_local");
        installer.Checksum!.Kind.Should().Be("sha256");
        installer.Evidence.Should().Contain("CONFLICT");
    }

    [Fact]
    public void Installers_AllHttps_KindsByNameAndNewestWithMd5OfNvidia()
    {
        var installers = Captures.Rows("toolkit-installers", Json.InstallerRow);
        installers.Should().OnlyContain(i => i.Url.StartsWith("https://") && i.Url.EndsWith(i.FileName));
        installers.Single(i => i.FileName == "cuda_13.4.2_windows_x86_64_network.exe").Should().Match<InstallerRow>(i => i.Checksum!.Value == "a0810494c821437671d6e68e66f59daf" && i.Kind == "exe_network");
        installers.Where(i => i.Toolkit.Major == 13 && i.Os == OperatingSystemFamily.Windows).Should().OnlyContain(i => i.EmbeddedDriver == null);
        installers.Should().Contain(i => i.FileName.Contains("win10") && i.Toolkit.ToString() == "11.0.3");
    }

    [Fact]
    public void Redist_KeysChangeAndPlatformsAreKept()
    {
        var rows = Captures.Rows("redist-components", Json.RedistRow);
        rows.Should().Contain(r => r.Toolkit.ToString() == "13.4.2" && r.Component == "cccl").And.NotContain(r => r.Toolkit.ToString() == "13.4.2" && r.Component == "nvidia_driver");
        rows.Where(r => r.Platform == "linux-aarch64" && r.Sources.Any(s => s.StartsWith("nvidia/redist/"))).Select(r => r.Toolkit.Major).Distinct().Should().OnlyContain(m => m == 11 || m == 12);
        rows.Should().Contain(r => r.Platform == "windows-arm64").And.OnlyContain(r => r.Sha256 == null || r.Sha256.Length == 64);
    }

    [Theory]
    [InlineData("8.8.0.121", "12.0", true)]
    [InlineData("8.8.0.121", "12.1", false)]
    [InlineData("8.3.2.44", "11.6", false)]
    [InlineData("8.9.7.29", "12.4", true)]
    [InlineData("8.1.1.33", "11.1", true)]
    [InlineData("9.11.1.4", "11.8", false)]
    [InlineData("9.12.0.46", "13.0", true)]
    public void Cudnn_LabelSaysWhichCuda(string version, string cuda, bool serves) =>
        Captures.Rows("cudnn", Json.CudnnRow).Where(c => c.Version.ToString() == version).Any(c => c.Cuda.Contains(CudaVersion.Parse(cuda))).Should().Be(serves);

    [Fact]
    public void Cudnn_RepublishedManifest_KeepsTheDateOfTheLabel() =>
        Captures.Rows("cudnn", Json.CudnnRow).Where(c => c.Version.ToString() == "8.9.7.29").Should().HaveCount(2).And.OnlyContain(c => c.Date == "2023-12-05");

    [Fact]
    public void CudnnFiles_MixedShapeAndDoubtfulHash()
    {
        var files = Captures.Rows("cudnn-files", Json.CudnnFileRow);
        files.Where(f => f.Version.ToString() == "9.27.0.42" && f.Platform == "windows-arm64").Should().HaveCount(2);
        files.Should().Contain(f => f.Version.ToString() == "8.9.5.30" && f.Platform == "linux-sbsa" && f.Note != null && f.Note.StartsWith("doubtful"));
        files.Should().OnlyContain(f => f.Url.StartsWith("https://developer.download.nvidia.com/") && (f.Kind == "redist") == f.FileName.Contains("-archive."));
    }

    [Fact]
    public void CudnnSupport_FloorMovesWithVariantAndRelease()
    {
        var rows = Captures.Rows("cudnn-support", Json.CudnnSupportRow);
        var blackwell = rows.Where(r => r.Cudnn.ToString() == "9.10.2" && r.Variant == 12).OrderBy(r => r.Cuda.Length).ToList();
        blackwell.Select(r => r.MinDriverLinux.ToString()).Should().Equal("570.26", "525.60.13");
        rows.Where(r => r.Cudnn.ToString() == "9.17.0").Should().OnlyContain(r => r.Capabilities!.Min() == ComputeCapability.Parse("7.5"));
        rows.Should().Contain(r => r.Cudnn.ToString() == "8.2.0").And.Contain(r => r.Cudnn.ToString() == "8.2.1");
        rows.Single(r => r.Cudnn.ToString() == "9.5.1" && r.Variant == 11 && r.Cuda.Length > 1).Cuda.Select(c => c.ToString()).Should().Equal("11.7", "11.6", "11.5", "11.4", "11.3", "11.2", "11.1", "11.0");
        rows.Single(r => r.Cudnn.ToString() == "7.5.1" && r.Cuda[0].ToString() == "9.2").Capabilities.Should().NotContain(ComputeCapability.Parse("7.5"));
    }

    [Theory]
    [InlineData("8.6", "11.1", null)]
    [InlineData("8.7", "11.4", null)]
    [InlineData("9.0", "11.8", null)]
    [InlineData("10.0", "12.8", null)]
    [InlineData("12.1", "12.9", null)]
    [InlineData("3.0", "6.0", "10.2")]
    [InlineData("3.7", "6.0", "11.8")]
    [InlineData("7.0", "9.0", "12.9")]
    [InlineData("7.2", "9.0", "12.9")]
    [InlineData("10.1", "12.8", "12.9")]
    public void Architecture_FirstAndLastToolkit(string capability, string first, string? last)
    {
        var row = Captures.Rows("architectures", Json.ArchitectureRow).Single(a => a.ComputeCapability.ToString() == capability);
        row.FirstToolkit.ToString().Should().Be(first);
        row.LastToolkit?.ToString().Should().Be(last);
    }

    [Fact]
    public void Architecture_DriversTegraAndTwins()
    {
        var rows = Captures.Rows("architectures", Json.ArchitectureRow).ToDictionary(a => a.ComputeCapability.ToString());
        rows.Values.Where(r => r.Tegra).Select(r => r.ComputeCapability.ToString()).Should().BeEquivalentTo("3.2", "5.3", "6.2", "7.2", "8.7", "8.8", "10.1", "11.0");
        rows["10.1"].SameAs.ToString().Should().Be("11.0");
        rows["7.5"].LibrariesFrom.ToString().Should().Be("10.0");
        rows["7.5"].FirstDriverBranch.Should().BeNull("no source states it");
        (rows["1.3"].LastDriverBranch, rows["2.0"].LastDriverBranch, rows["3.7"].LastDriverBranch, rows["6.1"].LastDriverBranch, rows["8.6"].LastDriverBranch).Should().Be((340, 390, 470, 580, (int?)null));
        rows["12.0"].FirstDriverBranch.Should().Be(570);
        rows.Values.Where(r => r.ComputeCapability.Suffix is not null).Should().OnlyContain(r => r.Note!.StartsWith("a compile target"));
    }

    [Theory]
    [InlineData("NVIDIA GeForce GTX 1080 Ti", "6.1", false)]
    [InlineData("NVIDIA GeForce RTX 2080 SUPER", "7.5", false)]
    [InlineData("NVIDIA GeForce GTX 1650", "7.5", false)]
    [InlineData("NVIDIA GeForce GT 1030", "6.1", false)]
    [InlineData("NVIDIA GeForce GT 710", "2.1 3.5", false)]
    [InlineData("GeForce 820M", "2.1 3.0", false)]
    [InlineData("NVIDIA A10G", "8.6", true)]
    [InlineData("NVIDIA H800", "9.0", true)]
    [InlineData("Tesla T4", "7.5", true)]
    [InlineData("NVIDIA GB10", "12.1", null)]
    [InlineData("NVIDIA Thor", "11.0", null)]
    public void Gpu_NameTellsItsCapabilities(string name, string capabilities, bool? forward)
    {
        var gpu = Captures.Rows("gpus", Json.GpuRow).Single(g => g.Name == name);
        string.Join(' ', gpu.Capabilities).Should().Be(capabilities);
        gpu.ForwardCompat.Should().Be(forward);
    }

    [Theory]
    [InlineData("8.0.44", "gcc", null, "5.3", null)]
    [InlineData("8.0.61", "gcc", null, "5", null)]
    [InlineData("10.2", "gcc", null, null, "9")]
    [InlineData("11.8", "gcc", "6", "11", null)]
    [InlineData("12.3", "gcc", "6", "12", null)]
    [InlineData("13.0", "gcc", "6", null, "16")]
    [InlineData("13.4", "clang", "7", "22", null)]
    [InlineData("11.5", "msvc", "19.10", null, "19.30")]
    [InlineData("12.3", "msvc", "19.10", null, "19.40")]
    [InlineData("12.4", "msvc", "19.10", null, "19.50")]
    [InlineData("13.4", "msvc", "19.20", null, "19.60")]
    public void HostCompiler_OneRowIsUsed(string toolkit, string compiler, string? min, string? max, string? below)
    {
        var row = Captures.Rows("host-compilers", Json.HostCompilerRow).Single(h => h.Toolkit.ToString() == toolkit && h.Compiler == compiler && h.Used);
        (row.Min?.ToString(), row.Max?.ToString(), row.Below?.ToString()).Should().Be((min, max, below));
    }
}
