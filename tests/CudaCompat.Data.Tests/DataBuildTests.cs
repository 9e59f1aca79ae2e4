using CudaCompat.Data.Commands;

namespace CudaCompat.Data.Tests;

/// <summary>The data is a pure function of data/said/ and data/curated/: built twice it is the same, a row added by hand is in it, and a broken file writes nothing.</summary>
public sealed class DataBuildTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public DataBuildTests()
    {
        var committed = Path.Combine(Captures.Repository, "data");
        Directory.CreateDirectory(Data);
        foreach (var file in Directory.EnumerateFiles(committed, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(Data, Path.GetRelativePath(committed, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_OfWhatIsCommitted_ChangesNothing()
    {
        var before = Bytes();
        Run("build").Code.Should().Be(0);
        Bytes().Should().Equal(before);
    }

    [Fact]
    public void Build_RowAddedByHand_IsInTheDataAndInTheImage()
    {
        _folder.Write("data/curated/facts/my-toolkit.json", """
            {"source": {"id":"my-toolkit","title":"a toolkit that somebody read of","parser":"hand","kind":"curated","retrieved":"2026-12-01"},
             "rows": {"toolkits": [{"version":"99.1.0","label":"99.1 GA","kind":"ga","date":"2026-12-01"}]}}
            """);
        Run("build").Code.Should().Be(0);
        File.ReadAllText(Path.Combine(Data, "toolkits.json")).Should().Contain("99.1.0").And.Contain("my-toolkit");
        CudaCompat.Matrix.CompatibilityMatrix.Load(Data).Toolkits.Should().Contain(CudaCompat.Versions.CudaVersion.Parse("99.1.0"));
        Run("verify").Code.Should().Be(0);
    }

    [Fact]
    public void Build_CuratedWord_WinsOverANewerSource()
    {
        _folder.Write("data/curated/facts/my-branch.json", """
            {"source": {"id":"my-branch","title":"an end of life that was settled by hand","parser":"hand","kind":"curated","retrieved":"2020-01-01"},
             "rows": {"driver-branches": [{"branch":580,"kind":"ltsb","endOfLife":"2030-01"}]}}
            """);
        Run("build").Code.Should().Be(0);
        File.ReadAllText(Path.Combine(Data, "driver-branches.json")).Should().Contain("2030-01").And.NotContain("2028-06");
    }

    [Fact]
    public void Verify_EditedByHand_NamesTheFile()
    {
        File.AppendAllText(Path.Combine(Data, "sources.json"), " ");
        File.WriteAllText(Path.Combine(Data, "more.json"), "{}");
        var (code, output, _) = Run("verify");
        code.Should().Be(1);
        output.Should().Contain("sources.json: differs").And.Contain("more.json: not made by the sources");
    }

    [Theory]
    [InlineData("""{"source": {"id":"x","title":"x","parser":"hand","kind":"page"}, "rows": {"toolkits": [{"version":"13"}]}}""", "said/x.json, ")]
    [InlineData("""{"source": {"id":"x","title":"x","parser":"hand","kind":"page"}, "rows": {"toolkit": [{"version":"13.9.0"}]}}""", "said/x.json, toolkit: there is no such file of data")]
    [InlineData("""{"source": {"id":"y","title":"x","parser":"hand","kind":"page"}, "rows": {}}""", "named otherwise")]
    [InlineData("""{"source": {"id":"x","title":"x","parser":"hand","kind":"page"}, "rows": {"toolkits": [{"version":"13.9.0","label":"13.9","kind":"ga","sources":["z"]}]}}""", "'z' is no source")]
    [InlineData("""{"sources": [], "rows": {"toolkits": [{"version":"13.9.0","label":"13.9","kind":"ga"}]}}""", "names no source")]
    [InlineData("""{"source": """, "said/x.json, file")]
    public void Build_BrokenFile_NamesItAndWritesNothing(string text, string message)
    {
        _folder.Write("data/said/x.json", text);
        var before = Bytes();
        var (code, _, error) = Run("build");
        code.Should().Be(2);
        error.Should().Contain(message);
        Bytes().Should().Equal(before);
    }

    private Dictionary<string, string> Bytes() => Directory.EnumerateFiles(Data)
        .ToDictionary(f => Path.GetFileName(f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));

    private (int Code, string Output, string Error) Run(string command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (DataConsole.Run([command, "--data", Data], output, error), output.ToString(), error.ToString());
    }
}
