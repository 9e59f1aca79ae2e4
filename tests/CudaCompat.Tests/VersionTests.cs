using CudaCompat.Versions;

namespace CudaCompat.Tests;

public sealed class VersionTests
{
    [Theory]
    [InlineData("450.80.02")]
    [InlineData("591.86")]
    [InlineData("384.111")]
    [InlineData("580")]
    [InlineData("580.00")]
    public void DriverVersion_PrintsAsGiven(string text) => DriverVersion.Parse(text).ToString().Should().Be(text);

    [Theory]
    [InlineData("")]
    [InlineData("banana")]
    [InlineData("-1")]
    [InlineData("450.")]
    [InlineData(".450")]
    [InlineData("450..2")]
    [InlineData("1.2.3.4.5")]
    [InlineData("70000")]
    [InlineData("٥٣٥")]
    [InlineData("0")]
    public void DriverVersion_OtherText_IsRefused(string text) => DriverVersion.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void DriverVersion_ComparesByNumbers()
    {
        DriverVersion.Parse("450.80.02").Should().Be(DriverVersion.Parse("450.80.2"));
        (DriverVersion.Parse("450.119.03") > DriverVersion.Parse("450.80.02")).Should().BeTrue();
        DriverVersion.Parse("450.80.02").StartsWith(DriverVersion.Parse("450.80")).Should().BeTrue();
        DriverVersion.Parse("450.80.02").StartsWith(DriverVersion.Parse("450.8")).Should().BeFalse();
    }

    [Theory]
    [InlineData("cu128", "12.8")]
    [InlineData("cu92", "9.2")]
    [InlineData("cu102", "10.2")]
    [InlineData("cu75", "7.5")]
    public void CudaTag_NamesItsCuda(string tag, string cuda)
    {
        CudaTag.Parse(tag).Cuda.Should().Be(CudaVersion.Parse(cuda));
        CudaTag.Of(CudaVersion.Parse(cuda)).ToString().Should().Be(tag);
    }

    [Theory]
    [InlineData("11.x", "11.8", true)]
    [InlineData("11.x", "12.0", false)]
    [InlineData("11.1", "11.1.1", true)]
    [InlineData("11.1", "11.2", false)]
    [InlineData("11.0,11.1,11.2", "11.2", true)]
    [InlineData("7.0+", "9.0", true)]
    [InlineData("7.0+", "6.5", false)]
    public void CudaRange_MeansWhatTheLabelMeans(string range, string cuda, bool contained) =>
        CudaRange.Parse(range).Contains(CudaVersion.Parse(cuda)).Should().Be(contained);

    [Fact]
    public void PackageVersion_OrdersAsPep440()
    {
        string[] ordered = ["1.0.1.dev5", "1.0.1a1", "1.0.1rc2", "1.0.1", "1.0.1.post2", "1.0.2", "1.10.0", "2.15.0.dev20260907+cu126"];
        ordered.Select(PackageVersion.Parse).Should().BeInAscendingOrder();
        PackageVersion.Parse("2.8.0+cu128").Label.Should().Be("cu128");
        PackageVersion.Parse("2.8.0+cu128").WithoutLabel.ToString().Should().Be("2.8.0");
    }

    [Theory]
    [InlineData("3.13t", true)]
    [InlineData("3.11.7", false)]
    public void PythonVersion_KnowsFreeThreading(string text, bool freeThreaded) => PythonVersion.Parse(text).FreeThreaded.Should().Be(freeThreaded);

    [Fact]
    public void ComputeCapability_SuffixIsPartOfIt()
    {
        ComputeCapability.Parse("9.0a").CodeName.Should().Be("sm_90a");
        ComputeCapability.TryParse("8", out _).Should().BeFalse();
        (ComputeCapability.Parse("10.0") > ComputeCapability.Parse("9.0")).Should().BeTrue();
    }
}
