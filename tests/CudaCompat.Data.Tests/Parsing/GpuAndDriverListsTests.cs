using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.Parsing;

public class GpuAndDriverListsTests
{
    [Fact]
    public void GpuPage_ColumnsAndCut_AreRead()
    {
        var gpus = GpuLists.ByCapability("gpus.txt", "Compute Capability | Data Center | Workstation/Consumer | Jetson\n12.0 | Big One | Small One; Small Two ... |\n8.7 | | | Board\n");
        gpus.Select(g => (g.Name, g.Capability.ToString(), g.Segment)).Should().Equal(
            ("Big One", "12.0", "datacenter"), ("Small One", "12.0", "workstation/consumer"), ("Small Two", "12.0", "workstation/consumer"), ("Board", "8.7", "jetson"));
    }

    [Fact]
    public void OldGpuPage_CapabilityWithoutZero_IsRead() =>
        GpuLists.ByName("gpus.txt", "source: x\nCard A | 7\nCard B | 6.1\n").Select(g => g.Capability.ToString()).Should().Equal("7.0", "6.1");

    [Fact]
    public void Cards_EmptyCapability_RepeatsTheOneAbove()
    {
        var cards = GpuLists.Cards("gpu.mdx", "| Compute Capability | Family | Cards |\n| --- | --- | --- |\n| 8.9 | A | `X 1` `X 2` |\n| | B | `Y` |\n\n| AMD | B | `Z` |\n");
        cards.Select(c => $"{c.Name} {c.Capability}").Should().Equal("X 1 8.9", "X 2 8.9", "Y 8.9");
    }

    [Fact]
    public void OpenModules_SubsystemIds_GiveTheDeviceId() =>
        GpuLists.OpenModules("list.md", "| Product Name | PCI ID |\n| --- | --- |\n| Card A | 1E04 |\n| Card B | 1E30 1028 129E |\n").Select(g => g.DeviceId).Should().Equal("1e04", "1e30");

    [Theory]
    [InlineData("nothing\n")]
    [InlineData("Compute Capability | D | W | J\nnew | A | B | C\n")]
    public void GpuPage_Bad_IsRefused(string text) =>
        FluentActions.Invoking(() => GpuLists.ByCapability("gpus.txt", text)).Should().Throw<SourceFormatException>().WithMessage("gpus.txt*");

    [Fact]
    public void DriverReleases_EmptyDate_IsNull()
    {
        const string text = """{"999": {"type": "b", "driver_info": [{"release_version": "999.71.09", "release_date": "", "runfile_url": {"x86_64": "https://x/a.run", "ppc64le": "https://x/b.run"}}]}}""";
        var releases = DriverReleases.Parse("releases.json", text);
        releases.Should().HaveCount(2);
        releases[0].Should().Be(new DriverRelease("$.999.999.71.09.x86_64", DriverVersion.Parse("999.71.09"), null, "x86_64", "https://x/a.run"));
        FluentActions.Invoking(() => DriverReleases.Parse("releases.json", "{\"999\": {\"driver_info\": {}}}")).Should().Throw<SourceFormatException>().WithMessage("releases.json, $.999.driver_info*");
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
