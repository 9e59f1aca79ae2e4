using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Parsing;

public class CudnnPagesTests
{
    [Theory]
    [InlineData("Download cuDNN v98.9.7 (December 5th, 2023), for CUDA 12.x", "98.9.7", "12.x", "2023-12-05")]
    [InlineData("Download cuDNN v98.1.1 (Feburary 26th, 2021), for CUDA 11.0,11.1 and 11.2", "98.1.1", "11.0,11.1,11.2", "2021-02-26")]
    [InlineData("Download cuDNN v98.0.1 RC2 (June 26th, 2020), for CUDA 11.0", "98.0.1", "11.0", "2020-06-26")]
    [InlineData("Download cuDNN v97.5.0 (Feb 25, 2019), for CUDA 10.1", "97.5.0", "10.1", "2019-02-25")]
    [InlineData("Download cuDNN v97.3.1 (Sept 28, 2018), for CUDA 9.2", "97.3.1", "9.2", "2018-09-28")]
    [InlineData("Download cuDNN v97.1.2 (Mar 21, 2018), for CUDA 9.1 & 9.2", "97.1.2", "9.1,9.2", "2018-03-21")]
    [InlineData("Download cuDNN v94 (Feb 10, 2016), for CUDA 7.0 and later.", "94", "7.0+", "2016-02-10")]
    [InlineData("Download cuDNN v92 (March 17,2015), for CUDA 6.5 and later.", "92", "6.5+", "2015-03-17")]
    [InlineData("Download cuDNN v91 (cuDNN 6.5 R1)", "91", "", null)]
    public void Label_EachSpelling_MeansItsCuda(string line, string version, string cuda, string? date)
    {
        var label = CudnnArchivePage.Parse(TestWork.Make(), line + "\n").Should().ContainSingle().Subject;
        label.Version.ToString().Should().Be(version);
        (label.Cuda?.ToString() ?? "").Should().Be(cuda);
        label.Date.Should().Be(date);
    }

    [Theory]
    [InlineData("for CUDA 11.x", "11.8", true)]
    [InlineData("for CUDA 11.1", "11.2", false)]
    [InlineData("for CUDA 11.0,11.1 and 11.2", "11.2", true)]
    [InlineData("for CUDA 11.0,11.1 and 11.2", "11.3", false)]
    [InlineData("for CUDA 7.0 and later.", "8.0", true)]
    public void Meaning_TellsWhichCuda(string label, string cuda, bool serves) =>
        CudnnArchivePage.Meaning(label)!.Value.Contains(CudaCompat.Versions.CudaVersion.Parse(cuda)).Should().Be(serves);

    [Theory]
    [InlineData("Get cuDNN v1")]
    [InlineData("Download cuDNN v1.2 (Smarch 1st, 2020), for CUDA 11.0")]
    [InlineData("Download cuDNN v1.2 (March 1st, 2020), for CUDA eleven")]
    public void Label_Bad_IsLeftOutAndCounted(string text)
    {
        var work = TestWork.Make();
        CudnnArchivePage.Parse(work, text + "\n").Should().BeEmpty();
        work.Left.Should().ContainKey("a label of no known form");
    }

    [Fact]
    public void Matrix_FootnotesBranchesAndSpans_AreRead()
    {
        var rows = Rows("""
            cuDNN 98.10.2 for CUDA 12.x | 12.9 12.8[4] | Yes | >= 570.26 | >=570.65 | 12.0 9.0[3]
            cuDNN 98.2.0 - 98.2.1 | 11.2 update 1 | | r460, r455, r450 | | SM 3.5 and later
            cuDNN 98.5.1 for CUDA 11.x | (older 11.x) | No | >=450.80.02 | N/A | 9.0
            cuDNN 97.5.1 | 10.0.x | | r410.48 | | 7.5 7.x
            cuDNN 97.5.1 | 9.1.85 (Not Supported) | | | |
            """);
        rows.Should().HaveCount(5);
        rows[0].Cuda.Select(c => c.ToString()).Should().Equal("12.9", "12.8");
        rows[0].Capabilities.Select(c => c.ToString()).Should().Equal("12.0", "9.0");
        rows[0].Linux.ToString().Should().Be("570.26");
        rows[1].Linux.ToString().Should().Be("450");
        rows[1].To.ToString().Should().Be("98.2.1");
        rows[1].CapabilitiesFrom.ToString().Should().Be("3.5");
        rows[1].Cuda.Single().ToString().Should().Be("11.2");
        rows[2].OlderOf.Should().Be(11);
        rows[2].Windows.Should().BeNull();
        rows[3].CapabilityMajors.Should().Equal(7);
        rows[4].Unsupported.Should().BeTrue();
    }

    [Theory]
    [InlineData("cuDNN ninety | 11.0 | | r450 | | 7.5\n", "*is no package*")]
    [InlineData("cuDNN 98.1.0 | new | | r450 | | 7.5\n", "*'new' is no CUDA version*")]
    [InlineData("cuDNN 98.1.0 | 11.0 | Maybe | r450 | | 7.5\n", "*'Maybe' is no static linking*")]
    [InlineData("cuDNN 98.1.0 | 11.0 | | newest | | 7.5\n", "*'newest' is no driver*")]
    [InlineData("cuDNN 98.1.0 | 11.0 | | r450 | | all\n", "*'all' is no compute capability*")]
    public void Matrix_Bad_NamesCell(string text, string message) =>
        FluentActions.Invoking(() => Rows(text.TrimEnd())).Should().Throw<SourceFormatException>().WithMessage("m.txt" + message);

    [Fact]
    public void Support_RowThatIsNotSupported_GivesNone()
    {
        var rows = Rows("cuDNN 9.5.1 | 9.1.85 (Not Supported) | | | | 7.5\ncuDNN 9.5.1 for CUDA 12.x | 12.6 | Yes | >=525.60.13 | >=527.41 | 9.0");
        var facts = FactStore.Load(Path.Combine(Captures.Repository, "data"));
        rows.SelectMany(r => Merging.Nvidia.CudnnSupport.Rows(r, rows, facts, "x")).Should().ContainSingle().Which.Variant.Should().Be(12);
    }

    private static List<CudnnSupportEntry> Rows(string text) => [.. text.Split('\n').Select((l, i) => CudnnSupportMatrix.Entry("m.txt", i + 1, Data.Parsing.TextLines.Cells(l)))];
}
