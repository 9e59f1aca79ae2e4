using CudaCompat.Environments.Requirements;

namespace CudaCompat.Tests.Environments;

/// <summary>Versions, ranges and markers of Python packages, as PEP 440 and PEP 508 have them.</summary>
public sealed class RequirementTests
{
    private static readonly Dictionary<string, string> Linux = new()
    {
        ["python_version"] = "3.11",
        ["python_full_version"] = "3.11.7",
        ["platform_system"] = "Linux",
        ["sys_platform"] = "linux",
        ["os_name"] = "posix",
        ["platform_machine"] = "x86_64",
        ["platform_python_implementation"] = "CPython",
        ["implementation_name"] = "cpython",
    };

    [Fact]
    public void Versions_AreInTheOrderOfPep440()
    {
        string[] order = ["1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12", "1.0b1.dev456", "1.0b2", "1.0rc1", "1.0", "1.0.post456.dev34", "1.0.post456", "1.1.dev1", "1.10", "2026.9.0", "1!0.1"];
        order.Select(v => ReleaseVersion.Parse(v)!).Should().BeInAscendingOrder();
        ReleaseVersion.Parse("1.0+cpu")!.CompareTo(ReleaseVersion.Parse("1.0.0")).Should().Be(0, "the label takes no part in the order");
    }

    [Theory]
    [InlineData(">=4.10.0", "4.5.0", false)]
    [InlineData(">=4.10.0", "4.16.0", true)]
    [InlineData("==2.13.0", "2.13.0+cpu", true)]
    [InlineData("==2.13.0+cu130", "2.13.0+cpu", false)]
    [InlineData("(!=8.3.*,>=5.3.0)", "8.3.1", false)]
    [InlineData("!=8.3.*,>=5.3.0", "13.0.0", true)]
    [InlineData("~=3.8.0", "3.8.4", true)]
    [InlineData("~=3.8.0", "3.9.0", false)]
    [InlineData("~=2.2", "2.9", true)]
    [InlineData("<2", "2.0.0rc1", false)]
    [InlineData("<2", "1.26.4", true)]
    [InlineData("<1.4,>=1.1.0", "1.3.0", true)]
    [InlineData("==13.0.3", "13.0.3.0", true)]
    [InlineData("==12.8.93.*", "12.8.93", true)]
    [InlineData("", "0.1", true)]
    public void Range_TakesWhatPipTakes(string range, string version, bool taken) =>
        VersionRange.Parse(range).Takes(ReleaseVersion.Parse(version)!).Should().Be(taken);

    [Theory]
    [InlineData("platform_system == \"Linux\"", true)]
    [InlineData("platform_system == \"Linux\" and python_version < \"3.15\"", true)]
    [InlineData("python_version < \"3.10\"", false)]
    [InlineData("python_version >= '3.9'", true)]
    [InlineData("sys_platform == 'win32' or (os_name == 'posix' and platform_machine in 'x86_64 AMD64')", true)]
    [InlineData("platform_machine not in 'aarch64 arm64'", true)]
    [InlineData("extra == 'opt-einsum'", false)]
    [InlineData("python_full_version < '3.11.8'", true)]
    [InlineData("python_version < (", false)]
    [InlineData(null, true)]
    public void Marker_IsJudgedForTheEnvironment(string? marker, bool holds) => Marker.Holds(marker, Linux, []).Should().Be(holds);

    [Fact]
    public void Marker_OfAnExtra_HoldsWhereItIsAskedFor()
    {
        Marker.Holds("(platform_system == \"Linux\") and extra == \"cublas\"", Linux, ["cublas", "cudart"]).Should().BeTrue();
        Marker.Holds("extra == 'cu_fft'", Linux, ["cu-fft"]).Should().BeTrue("names of extras are compared as names of packages are");
    }

    [Theory]
    [InlineData("torch (==2.13.0)", "torch", "==2.13.0", 0)]
    [InlineData("cuda-toolkit[cublas,cudart]==13.0.3; platform_system == \"Linux\"", "cuda-toolkit", "==13.0.3", 2)]
    [InlineData("nvidia-cudnn-cu12 ==8.9.2.26 ; platform_system == \"Linux\"", "nvidia-cudnn-cu12", "==8.9.2.26", 0)]
    [InlineData("typing_extensions>=4.10.0", "typing_extensions", ">=4.10.0", 0)]
    [InlineData("torch @ https://example.org/torch.whl", "torch", "", 0)]
    public void Requirement_IsReadInEveryForm(string line, string name, string versions, int extras)
    {
        var requirement = Requirement.Parse(line)!;
        (requirement.Name, requirement.Versions.Text, requirement.Extras.Count).Should().Be((name, versions, extras));
    }
}
