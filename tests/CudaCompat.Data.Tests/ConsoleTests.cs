using CudaCompat.Data.Commands;

namespace CudaCompat.Data.Tests;

public class ConsoleTests
{
    [Fact]
    public void Refresh_SourcesMissing_ExitsTwoAndLeavesDataAlone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/toolkits.json", "old");
        var sources = Directory.CreateDirectory(Path.Combine(folder.Path, "sources")).FullName;
        var (code, _, error) = Run("refresh", "--from", sources + "-none", "--out", Path.Combine(folder.Path, "data"));
        code.Should().Be(2);
        error.Should().Contain("no such folder of sources");
        File.ReadAllText(Path.Combine(folder.Path, "data/toolkits.json")).Should().Be("old");
    }

    [Theory]
    [InlineData("refresh", "--only")]
    [InlineData("verify", "--form", "x")]
    [InlineData("scrape")]
    public void CommandLine_Wrong_ExitsTwo(params string[] args)
    {
        var (code, _, error) = Run(args);
        code.Should().Be(2);
        error.Should().NotBeEmpty();
    }

    [CapturesFact]
    public void Refresh_Twice_GivesTheSameBytesAndVerifies()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (Path.Combine(folder.Path, "one"), Path.Combine(folder.Path, "two"));
        Run("refresh", "--from", Captures.Sources!, "--out", one).Code.Should().Be(0);
        Run("refresh", "--from", Captures.Sources!, "--out", two).Code.Should().Be(0);
        foreach (var file in Directory.EnumerateFiles(one))
            File.ReadAllBytes(Path.Combine(two, Path.GetFileName(file))).Should().Equal(File.ReadAllBytes(file), file);
        Run("verify", "--from", Captures.Sources!, "--data", one).Code.Should().Be(0);
        File.AppendAllText(Path.Combine(one, "sources.json"), " ");
        File.WriteAllText(Path.Combine(one, "more.json"), "{}");
        var (code, output, _) = Run("verify", "--from", Captures.Sources!, "--data", one);
        code.Should().Be(1);
        output.Should().Contain("sources.json: differs").And.Contain("more.json: not made by the sources");
    }

    [CapturesFact]
    public void Data_Committed_IsWhatTheSourcesGive()
    {
        var (code, output, _) = Run("verify", "--from", Captures.Sources!, "--data", Path.Combine(Captures.Repository, "data"));
        code.Should().Be(0, output);
    }

    [CapturesFact]
    public void Rows_OfEverySource_AreUsedOrRejected()
    {
        foreach (var source in Captures.Result.Sources)
        {
            var used = source.Records.Count(r => r.IsUsed);
            var rejected = source.Records.Count(r => r.Rejection is not null);
            (used + rejected).Should().Be(source.Records.Count, source.Path);
        }
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (DataConsole.Run(args, output, error), output.ToString(), error.ToString());
    }
}
