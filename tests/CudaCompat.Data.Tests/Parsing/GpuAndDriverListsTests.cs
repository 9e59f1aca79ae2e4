using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.Parsing;

public class GpuAndDriverListsTests
{
    [Fact]
    public void GpuPage_ColumnsAndCut_AreRead()
    {
        var gpus = GpuLists.ByCapability("gpus.txt", "Compute Capability | Data Center | Workstation/Consumer | Jetson\n12.0 | Big One | Small One; Small Two ... |\n8.7 | | | Board\n", _ => true);
        gpus.Select(g => (g.Name, g.Capability.ToString(), g.Segment)).Should().Equal(
            ("Big One", "12.0", "datacenter"), ("Small One", "12.0", "workstation/consumer"), ("Small Two", "12.0", "workstation/consumer"), ("Board", "8.7", "jetson"));
    }

    [Fact]
    public void GpuPage_NameBrokenOverTwoLines_IsPutTogetherAndNeverWithTheNextName()
    {
        var gpus = GpuLists.ByCapability("gpus.txt", "12.0 | NVIDIA RTX PRO 6000; Blackwell Server Edition; NVIDIA B40; Rubin CPX | |\n", n => n.StartsWith("NVIDIA", StringComparison.Ordinal));
        gpus.Select(g => g.Name).Should().Equal("NVIDIA RTX PRO 6000 Blackwell Server Edition", "NVIDIA B40", "Rubin CPX");
    }

    [Theory]
    [InlineData("nothing\n")]
    [InlineData("Compute Capability | D | W | J\nnew | A | B | C\n")]
    public void GpuPage_Bad_IsRefused(string text) =>
        FluentActions.Invoking(() => GpuLists.ByCapability("gpus.txt", text, _ => true)).Should().Throw<SourceFormatException>().WithMessage("gpus.txt*");

    [Fact]
    public void DriverReleases_EmptyDateAndBranchWithoutFile_AreNoFailure()
    {
        const string text = """{"999": {"type": "b", "driver_info": [{"release_version": "999.71.09", "release_date": "", "runfile_url": {"x86_64": "https://x/a.run", "ppc64le": "https://x/b.run"}}, {"release_version": "999.71.10", "release_date": null}]}, "998": {"driver_info": {}}}""";
        var work = TestWork.Make();
        var releases = DriverReleases.Parse(TestWork.File("releases.json", text), work);
        releases.Should().Equal(new DriverRelease(DriverVersion.Parse("999.71.09"), null, "x86_64", "https://x/a.run"), new DriverRelease(DriverVersion.Parse("999.71.09"), null, "ppc64le", "https://x/b.run"));
        work.Left.Should().Equal(new Dictionary<string, int> { ["a release without a file to run"] = 1, ["no list of releases"] = 1 });
    }

    [Fact]
    public void ForwardTable_Cells_AreRead()
    {
        var cells = ForwardCompatTable.Parse("f.txt", "package | 935+ (CUDA 98.2) | 980+ (CUDA 99.0)\ncuda-compat-99-0 | C | N/A\ncuda-compat-98-2 | N/A | X\n");
        cells.Select(c => $"{c.Cuda} {c.Branch} {c.BranchCuda} {c.Status}").Should().Equal(
            "99.0 935 98.2 compatible", "99.0 980 99.0 not-applicable", "98.2 935 98.2 not-applicable", "98.2 980 99.0 not-compatible");
        FluentActions.Invoking(() => ForwardCompatTable.Parse("f.txt", "p | 935+ (CUDA 98.2)\ncuda-compat-99-0 | maybe\n")).Should().Throw<SourceFormatException>().WithMessage("f.txt, line 2*maybe*");
        FluentActions.Invoking(() => ForwardCompatTable.Parse("f.txt", "p | 935+ (CUDA 98.2)\ncuda-compat-99-0 | C | X\n")).Should().Throw<SourceFormatException>().WithMessage("f.txt, line 2*");
    }
}
