using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.Facts;

/// <summary>Known facts about drivers hold in what the captures give.</summary>
public class NvidiaDriverFactsTests
{
    private static readonly MatrixJson Json = MatrixJson.Default;

    private static List<DriverRequirementRow> Requirements => Captures.Rows("driver-requirements", Json.DriverRequirementRow);

    [Theory]
    [InlineData("11.x", OperatingSystemFamily.Linux, "450.80.02")]
    [InlineData("11.x", OperatingSystemFamily.Windows, "452.39")]
    [InlineData("12.x", OperatingSystemFamily.Linux, "525.60.13")]
    [InlineData("12.x", OperatingSystemFamily.Windows, "527.41")]
    [InlineData("13.x", OperatingSystemFamily.Linux, "580.65.06")]
    [InlineData("13.x", OperatingSystemFamily.Windows, "580")]
    public void MinorVersionFloor_OfAMajor_IsOneRow(string cuda, OperatingSystemFamily os, string driver) =>
        Requirements.Where(r => r.Cuda == cuda && r.Os == os && r.Kind == "minor-version-minimum" && r.Used).Should().ContainSingle().Which.Minimum.ToString().Should().Be(driver);

    [Fact]
    public void Cuda91_BundledDriverIsLower_AndWins()
    {
        var rows = Requirements.Where(r => r.Cuda == "9.1.85" && r.Os == OperatingSystemFamily.Linux).ToList();
        rows.Single(r => r.Used).Should().Match<DriverRequirementRow>(r => r.Kind == "bundled" && r.Minimum.ToString() == "387.26");
        rows.Single(r => !r.Used).Should().Match<DriverRequirementRow>(r => r.Kind == "corresponding" && r.Minimum.ToString() == "390.46" && r.Note != null);
    }

    [Fact]
    public void OlderNumbers_OfTheTable_AreTheReleases()
    {
        Requirements.Should().NotContain(r => r.Cuda == "7.5.16" || r.Cuda == "9.0.76");
        Requirements.Should().Contain(r => r.Cuda == "9.0.176" && r.Kind == "corresponding" && r.Minimum.ToString() == "384.81");
    }

    [Fact]
    public void TableAndInstallerDisagree_BothStay_TableIsUsed()
    {
        var rows = Requirements.Where(r => r.Cuda == "12.8.0" && r.Os == OperatingSystemFamily.Linux).ToList();
        rows.Should().Contain(r => r.Used && r.Minimum.ToString() == "570.26").And.Contain(r => !r.Used && r.Minimum.ToString() == "570.86.10");
        Requirements.Where(r => r.Cuda == "12.8.2" && r.Used).Should().HaveCount(2).And.OnlyContain(r => r.Kind == "bundled");
    }

    [Fact]
    public void Windows13_HasNoDriverFromNvidia_OnlyBranchAndObserved() =>
        Requirements.Where(r => r.Cuda.StartsWith("13.") && r.Os == OperatingSystemFamily.Windows && r.Cuda != "13.x").Should().NotBeEmpty()
            .And.OnlyContain(r => r.Kind == "branch" || r.Kind == "observed");

    [Fact]
    public void Uv_AsksForMoreOnWindows_IsNotedAndNotUsed() =>
        Requirements.Single(r => r.Minimum.ToString() == "528.33" && r.Kind == "minor-version-minimum").Used.Should().BeFalse();

    [Fact]
    public void EveryToolkitAndSystem_HasAtMostOneUsedOwnDriver() =>
        Requirements.Where(r => r.Used && r.Kind is "corresponding" or "bundled").GroupBy(r => (r.Cuda, r.Os)).Should().OnlyContain(g => g.Count(r => r.Used) == 1);

    [Theory]
    [InlineData(OperatingSystemFamily.Linux, "384.81", "9.0")]
    [InlineData(OperatingSystemFamily.Linux, "384.69", "8.0")]
    [InlineData(OperatingSystemFamily.Linux, "418.87.00", "10.1")]
    [InlineData(OperatingSystemFamily.Linux, "450.80.02", "11.0")]
    [InlineData(OperatingSystemFamily.Linux, "470.82.01", "11.4")]
    [InlineData(OperatingSystemFamily.Linux, "535.43.02", "12.2")]
    [InlineData(OperatingSystemFamily.Linux, "565.77", "12.7")]
    [InlineData(OperatingSystemFamily.Linux, "570.124.06", "12.8")]
    [InlineData(OperatingSystemFamily.Linux, "580.95.05", "13.0")]
    [InlineData(OperatingSystemFamily.Windows, "452.39", "11.0")]
    [InlineData(OperatingSystemFamily.Windows, "610.47", "13.3")]
    public void DriverCuda_OfADriver_IsTheLastStep(OperatingSystemFamily os, string driver, string cuda) =>
        Captures.Rows("driver-cuda", Json.DriverCudaRow).Last(r => r.Os == os && r.From <= DriverVersion.Parse(driver)).Cuda.ToString().Should().Be(cuda);

    [Fact]
    public void DriverCuda_NeverFalls_AndAgreesWithEveryReportNotExcepted()
    {
        var steps = Captures.Rows("driver-cuda", Json.DriverCudaRow);
        foreach (var group in steps.GroupBy(s => s.Os))
            group.Zip(group.Skip(1)).Should().OnlyContain(p => p.First.From < p.Second.From && p.First.Cuda < p.Second.Cuda);
        var odd = Captures.Rows("driver-reports", Json.DriverReportRow)
            .Where(r => !r.Tegra && r.Os is not null)
            .Where(r => steps.Last(s => OperatingSystemNames.Instance.NameOf(s.Os) == r.Os && s.From <= r.Driver).Cuda != r.Cuda);
        odd.Select(r => r.Driver.ToString()).Should().BeEquivalentTo("419.71", "430.26", "430.86", "511.23", "516.94", "551.61");
    }

    [Theory]
    [InlineData("552.22", "windows")]
    [InlineData("537.13", "windows")]
    [InlineData("610.57.04", "linux")]
    [InlineData("450.80.02", "linux")]
    public void Report_WslNumbers_CountAsWindows(string driver, string os) =>
        Captures.Rows("driver-reports", Json.DriverReportRow).Where(r => r.Driver.ToString() == driver).Should().NotBeEmpty().And.OnlyContain(r => r.Os == os);

    [Fact]
    public void TegraDrivers_AreASeriesOfTheirOwn()
    {
        var tegra = Captures.Rows("driver-reports", Json.DriverReportRow).Where(r => r.Tegra).ToList();
        tegra.Select(r => r.Driver.ToString()).Should().Contain("540.4.0").And.Contain("580.00");
        Captures.Rows("drivers", Json.DriverReleaseRow).Should().NotContain(r => r.Version.ToString() == "540.4.0");
    }

    [Fact]
    public void ForwardCompatibility_PackageOlderThanTheDriver_DoesNotServe()
    {
        var rows = Captures.Rows("forward-compat", Json.ForwardCompatRow).Where(r => r.Cuda.ToString() == "12.9").ToDictionary(r => r.Branch, r => r.Status);
        rows[535].Should().Be("compatible");
        rows[570].Should().Be("compatible");
        rows.Where(r => r.Key >= 580).Should().OnlyContain(r => r.Value == "not-compatible");
    }
}
