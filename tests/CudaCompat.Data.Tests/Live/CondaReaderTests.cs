namespace CudaCompat.Data.Tests.Live;

/// <summary>The conda channels, plain, packed and in shards.</summary>
public class CondaReaderTests : LiveTest
{
    private const string Forge = "conda-forge/linux-64";

    [Fact]
    public void Forge_ShardOfPytorch_GivesItsBuilds()
    {
        CondaPages.Shards(Upstream, Forge, "pytorch", "pytorch 2.14.1 cuda130_mkl_py312_h26b3cf7_301", "pytorch 2.14.1 cpu_generic_py313_h1576ffb_1", "pytorch 2.99.0 cuda130_mkl_py312_h26b3cf7_301");
        var (code, output, error) = Refresh("conda-forge-linux");
        code.Should().Be(5, output + error);
        Read("builds.json").Should().Contain("\"package\":\"torch\",\"version\":\"2.14.1\",\"tag\":\"cu130\",\"packaging\":\"conda-forge\",\"os\":\"linux\",\"arch\":\"x86_64\",\"pythons\":[\"3.12\"]")
            .And.Contain("\"requires\":\"cuda-version=13.0\"").And.NotContain("2.99.0", "nothing else knows of it");
        Refresh("conda-forge-linux").Code.Should().Be(0);
        Refresh("conda-forge-linux", "--offline").Code.Should().Be(0);
    }

    [Fact]
    public void Forge_ShardOfOtherContent_Fails()
    {
        CondaPages.Shards(Upstream, Forge, "pytorch", "pytorch 2.99.0 cuda130_mkl_py312_h26b3cf7_301");
        var shard = Upstream.Pages.Keys.Single(k => k.Contains("/shards/", StringComparison.Ordinal));
        Upstream.Pages[shard] = CondaPages.Packed([0x80]);
        ExpectFailure("conda-forge-linux", "is not the one that the index names");
    }

    [Fact]
    public void Forge_IndexWithoutPytorch_Fails()
    {
        CondaPages.Shards(Upstream, Forge, "numpy2", "numpy2 2.0 py312_0");
        ExpectFailure("conda-forge-linux", "the index names no shard of this package");
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html></html>", "a web page answered")]
    [InlineData("nothing", "not packed with zstd")]
    public void Forge_IndexIsNoIndex_Fails(string text, string says)
    {
        Upstream[CondaPages.Host + Forge + "/repodata_shards.msgpack.zst"] = text;
        ExpectFailure("conda-forge-linux", says);
    }

    [Fact]
    public void Forge_IndexIsCut_Fails()
    {
        CondaPages.Shards(Upstream, Forge, "pytorch", "pytorch 2.99.0 cuda130_mkl_py312_h26b3cf7_301");
        var index = CondaPages.Host + Forge + "/repodata_shards.msgpack.zst";
        Upstream.Pages[index] = Upstream.Pages[index] with { Bytes = Upstream.Pages[index].Bytes![..^20] };
        ExpectFailure("conda-forge-linux", "conda-forge-linux: FAILED");
    }

    [Fact]
    public void Nvidia_PackedList_NamesAToolkitThatWasNotKnown()
    {
        var json = CondaPages.Repodata("linux-64", "cuda-toolkit 13.0.9 ha804496_0", "cuda-toolkit 12.8.1 ha804496_0", "libcublas 13.0.0.19 0", "cuda-toolkit-config 13.1.2 x_0");
        Upstream.Pages[CondaPages.Host + "nvidia/linux-64/repodata.json.zst"] = CondaPages.Packed(System.Text.Encoding.UTF8.GetBytes(json));
        var (code, output, error) = Refresh("conda-nvidia-linux");
        code.Should().Be(5, output + error);
        output.Should().Contain("new in toolkits: 1\n  - 13.0.9");
        Read("toolkits.json").Should().Contain("\"version\":\"13.0.9\",\"label\":\"13.0.9\",\"kind\":\"update\",\"sources\":[\"conda-nvidia-linux\"]");
    }

    [Fact]
    public void Pytorch_NoPackedList_ThePlainOneIsRead()
    {
        Upstream[CondaPages.Host + "pytorch/win-64/repodata.json"] = CondaPages.Repodata("win-64", "pytorch 2.5.1 py3.12_cuda12.4_cudnn9_9", "faiss-gpu 1.8.0 x_0");
        var (code, output, error) = Refresh("conda-windows", "--accept-loss", "conda-windows");
        code.Should().Be(5, output + error);
        Read("build-files.json").Should().Contain("https://conda.anaconda.org/pytorch/win-64/pytorch-2.5.1-py3.12_cuda12.4_cudnn9_9.conda").And.NotContain("faiss");
    }

    private void ExpectFailure(string source, string says)
    {
        var before = Snapshot();
        var (code, _, error) = Refresh(source);
        code.Should().Be(1, error);
        error.Should().Contain(source + ": FAILED").And.Contain(says);
        Snapshot().Should().Equal(before);
    }
}
