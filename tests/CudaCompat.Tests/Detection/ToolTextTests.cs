using CudaCompat.Detection.Text;
using CudaCompat.Machines;

namespace CudaCompat.Tests.Detection;

/// <summary>nvcc, toolkit files, cuDNN headers, the kernel module's file, installer output.</summary>
public sealed class ToolTextTests
{
    [Theory]
    [InlineData("nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 11.8, V11.8.89\nBuild cuda_11.8.r11.8/compiler.31833905_0", "11.8", "11.8")]
    [InlineData("Cuda compilation tools, release 10.1, V10.1.243", "10.1", "10.1.243")]
    [InlineData("Cuda compilation tools, release 4.2, V0.2.1221", "4.2", "4.2")]
    [InlineData("> Cuda compilation tools,\r\n> release 12.4, V12.4.99", "12.4", "12.4")]
    public void Nvcc_NamesItsToolkit(string text, string release, string toolkit)
    {
        var facts = NvccText.Parse(text)!;
        (facts.Release.ToString(), facts.Toolkit.ToString()).Should().Be((release, toolkit));
    }

    [Fact]
    public void Nvcc_OfWindows_IsKnownByItsDate() =>
        NvccText.Parse("Built on Tue_May__3_19:00:59_Pacific_Daylight_Time_2022\nCuda compilation tools, release 11.7, V11.7.64")!.OperatingSystem.Should().Be(OperatingSystemFamily.Windows);

    [Theory]
    [InlineData("nvcc fatal   : Unknown option")]
    [InlineData("")]
    public void Nvcc_OtherText_IsNothing(string text) => NvccText.Parse(text).Should().BeNull();

    [Theory]
    [InlineData("{ \"cuda\" : { \"name\" : \"CUDA SDK\", \"version\" : \"12.8.1\" } }", "12.8.1")]
    [InlineData("{\"cuda_cccl\":{\"name\":\"x\",\"version\":\"1.2\"},\"cuda\":{\"version\":\"11.8.20220929\"}}", "11.8")]
    public void VersionJson_NamesTheToolkit(string text, string version) => ToolkitFileText.ParseJson(text)!.Version.ToString().Should().Be(version);

    [Fact]
    public void VersionTxt_IgnoresPatches() =>
        ToolkitFileText.ParseText("CUDA Version 10.0.130\nCUDA Patch Version 10.0.130.1\n")!.Version.ToString().Should().Be("10.0.130");

    [Theory]
    [InlineData("#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n#define CUDNN_VERSION (CUDNN_MAJOR * 1000)", "8.9.7")]
    [InlineData("#define CUDNN_VERSION 4007", "4.0.7")]
    [InlineData("#define CUDNN_VERSION 90100", "9.1.0")]
    [InlineData("/usr/include/cudnn_version.h:18:#define CUDNN_MAJOR 9\n/usr/include/cudnn_version.h:19:#define CUDNN_MINOR 2", "9.2.0")]
    public void CudnnHeader_NamesTheVersion(string text, string version) => CudnnHeaderText.Parse(text).ToString().Should().Be(version);

    [Fact]
    public void CudnnHeader_OtherText_IsNothing() => CudnnHeaderText.Parse("#define CUDNN_MAJOR x").Should().BeNull();

    [Theory]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023", "535.104.05", KernelModuleFlavour.Proprietary, CpuArchitecture.X64)]
    [InlineData("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.95.05  Release Build  (dvs@x)", "580.95.05", KernelModuleFlavour.Open, CpuArchitecture.Arm64)]
    public void KernelModuleFile_NamesDriverAndFlavour(string text, string driver, KernelModuleFlavour flavour, CpuArchitecture architecture)
    {
        var facts = KernelModuleText.Parse(text)!;
        (facts.Driver.ToString(), facts.Flavour, facts.Architecture).Should().Be((driver, flavour, architecture));
    }

    [Theory]
    [InlineData("error: externally-managed-environment", "externally_managed_environment")]
    [InlineData("ERROR: No matching distribution found for torch==9", "pip_no_matching_version")]
    [InlineData("Error! Bad return status for module build on kernel: 6.8.0-40-generic (x86_64)", "dkms_build_failed")]
    public void InstallFailure_IsNamed(string text, string kind) => FailureText.Parse(text, "install")!.Kind.Should().Be(kind);

    [Fact]
    public void InstallSummary_NamesPathAndLog()
    {
        var summary = InstallOutputText.Parse("Driver: Not Selected\nToolkit:  Installed in /opt/cuda/\nLogfile is /var/log/cuda.log")!;
        (summary.Driver, summary.ToolkitPath, summary.LogFile).Should().Be(("Not Selected", "/opt/cuda/", "/var/log/cuda.log"));
    }
}
