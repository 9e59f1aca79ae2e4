using CudaCompat.Data.Commands;

namespace CudaCompat.Data.Tests;

public class ConsoleTests
{
    [Fact]
    public void Refresh_FromAFolderThatIsNoRecording_ExitsTwoAndLeavesDataAlone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/toolkits.json", "old");
        var sources = Directory.CreateDirectory(Path.Combine(folder.Path, "sources")).FullName;
        var (code, _, error) = Run("refresh", "--from", sources, "--out", Path.Combine(folder.Path, "data"));
        code.Should().Be(2);
        error.Should().Contain("no recording");
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

    [Fact]
    public void Data_Committed_IsWhatItsSourcesSay()
    {
        var (code, output, _) = Run("verify");
        code.Should().Be(0, output);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (DataConsole.Run(args, output, error), output.ToString(), error.ToString());
    }
}
