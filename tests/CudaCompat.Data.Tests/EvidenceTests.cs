using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests;

public class EvidenceTests
{
    [Theory]
    [InlineData("stored public file id 70399630918 (nvidia-smi, CUDA Version 13.1)", true)]
    [InlineData("host_config.h message quoted in public file 1207622837", true)]
    [InlineData("nvidia-smi output, undated", true)]
    [InlineData("release_date of redistrib_98.4.1.json as quoted in a public repository (file index 1)", true)]
    [InlineData("report, 2018-11-19, https://github.com/a/b/issues/1", false)]
    [InlineData("docs/cuda-gpus.txt", false)]
    [InlineData("spack/spack-packages:cuda/package.py@1e8cf059e3", false)]
    [InlineData("conda-forge/cuda-nvrtc-feedstock:recipe/meta.yaml@abc (2026-01-01)", false)]
    [InlineData("ScoopInstaller/Main bucket/cuda.json commit date", false)]
    public void Evidence_WithoutPublicAddress_IsUnpublished(string evidence, bool unpublished) =>
        Evidence.IsUnpublished(evidence).Should().Be(unpublished);

    [Fact]
    public void Union_PublicSource_DrivesTheUnpublishedOut()
    {
        Evidence.Union([Evidence.Unpublished], ["nvidia/gpus"]).Should().Equal("nvidia/gpus");
        Evidence.Union([Evidence.Unpublished], []).Should().Equal(Evidence.Unpublished);
    }

    [Fact]
    public void Sources_OfARow_NameTheTableAndTheCapturedDocument()
    {
        using var folder = new TemporaryFolder();
        folder.Write("nvidia/t.tsv", "a\tevidence\n1\tdocs/page.txt\n2\tpublic file 12\n");
        folder.Write("nvidia/docs/page.txt", "x");
        var sources = new SourceFolder(folder.Path, null);
        var table = sources.Table("nvidia/t.tsv", "a", "a", "evidence");
        Evidence.Sources(sources, table[0], table[0]["evidence"]).Should().Equal("nvidia/docs/page", "nvidia/t");
        Evidence.Sources(sources, table[1], table[1]["evidence"]).Should().Equal(Evidence.Unpublished);
        sources.Rows.Select(r => r.Id).Should().Equal("nvidia/docs/page", "nvidia/t", Evidence.Unpublished);
        Evidence.Text(table[1]["evidence"]).Should().StartWith("Read on ").And.Contain("public file 12");
    }

    [Fact]
    public void Provenance_FilesFoldersAndPatterns_AreFound()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p/PROVENANCE.tsv", "file\tsource\tdate\tchange\na.txt\thttps://example.org/a through x\t2026-03-01 (stable)\tunmodified\ncap.*/\thttps://example.org/whl/\t2025-07-17 .. 2026-03-15\t\n");
        folder.Write("p/a.txt", "");
        folder.Write("p/cap.1/b/c.html", "");
        var sources = new SourceFolder(folder.Path, null);
        sources.Open("p/a.txt", "x", "page").Provenance.Should().Match<Provenance>(p => p.Url == "https://example.org/a" && p.Date == "2026-03-01");
        sources.Open("p/cap.1/b/c.html", "x", "page").Provenance.Should().Match<Provenance>(p => p.Url == "https://example.org/whl/" && p.Date == "2026-03-15");
    }
}
