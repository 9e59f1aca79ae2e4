using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class ReleaseNotesDriversTests
{
    private const string Section = """
        Prose before the tables.
        CUDA Toolkit | Corresponding Driver Branch
        CUDA 99.1 | R990

        CTK Version | Driver Range for Minor Version Compatibility: Min | Max
        98.x | >= 900 | < 980

        Compatibility across the CUDA 98.x family requires driver version 900.80.02 or later on Linux, or 902.39 or later on Windows.
        CUDA Toolkit | Linux x86_64 Driver Version | Windows x86_64 Driver Version
        CUDA 98.2 Update 1 | >=950.54.15 | >= 951.78
        CUDA 98.1 GA | >= 940.33 | N/A
        """;

    [Fact]
    public void Section_AllForms_AreRead()
    {
        var rows = ReleaseNotesDrivers.Parse("notes.txt", Section);
        rows.Should().HaveCount(5);
        rows[0].Should().Match<DriverTableRow>(r => r.Kind == DriverTableKind.CorrespondingBranch && r.Label == "99.1" && r.Linux.ToString() == "990");
        rows[1].Should().Match<DriverTableRow>(r => r.Kind == DriverTableKind.MinorVersionBranch && r.Label == "98.x" && r.Windows.ToString() == "900");
        rows[2].Should().Match<DriverTableRow>(r => r.Kind == DriverTableKind.MinorVersionExact && r.Linux.ToString() == "900.80.02" && r.Windows.ToString() == "902.39");
        rows[3].Should().Match<DriverTableRow>(r => r.Label == "98.2 Update 1" && r.Linux.ToString() == "950.54.15" && r.Windows.ToString() == "951.78");
        rows[4].Windows.Should().BeNull();
    }

    [Theory]
    [InlineData("no table at all\n", "*no driver table was found*")]
    [InlineData("CUDA Toolkit | Driver\nCUDA 98.2 GA | soon\n", "*line 2*'soon' is no row of a driver table*")]
    [InlineData("CUDA Toolkit | Driver\nROCm 6 | >=1.2\n", "*line 2*is no row*")]
    [InlineData("CUDA Toolkit | Driver\nCUDA 98.2 GA | >=1.2 | >=1.3 | >=1.4\n", "*line 2*is no row*")]
    public void Section_BadRow_NamesFileAndLine(string text, string message) =>
        FluentActions.Invoking(() => ReleaseNotesDrivers.Parse("notes.txt", text)).Should().Throw<SourceFormatException>().WithMessage("notes.txt" + message);

    [Theory]
    [InlineData("12.8 Update 1", "12.8.1")]
    [InlineData("13.2 GA", "13.2.0")]
    [InlineData("11.0.3 Update 1", "11.0.3")]
    [InlineData("9.2 (9.2.148 Update 1)", "9.2.148")]
    [InlineData("10.1 (10.1.105 general release, and updates)", "10.1.105")]
    [InlineData("13.4 Developer Preview", null)]
    public void Label_MeansARelease(string label, string? release) => ToolkitLabel.Release(label)?.ToString().Should().Be(release);
}
