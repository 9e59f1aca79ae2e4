using System.Text.RegularExpressions;

namespace CudaCompat.Cli.Tests;

/// <summary>What the README shows is what the tool prints. CUDACOMPAT_UPDATE_README=1 writes it anew.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Path.Combine(CliProcess.RepositoryRoot, "README.md");

    [Fact]
    public void ConsoleBlocks_AreRealOutput()
    {
        var text = File.ReadAllText(Readme);
        var blocks = Console().Matches(text);
        blocks.Should().NotBeEmpty();
        var updated = Console().Replace(text, block =>
        {
            var arguments = Arguments().Matches(block.Groups["command"].Value).Select(a => a.Value.Trim('"'));
            var (_, output, _) = CliProcess.Run(arguments);
            return $"```console\n$ cudacompat {block.Groups["command"].Value}\n{DataVersion().Replace(output.TrimEnd(), "Data of DATE.")}\n```";
        });
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_UPDATE_README") == "1")
        {
            File.WriteAllText(Readme, updated);
            return;
        }

        updated.Should().Be(text, "README.md must show what the tool prints; CUDACOMPAT_UPDATE_README=1 dotnet test writes it anew");
    }

    [GeneratedRegex(@"```console\n\$ cudacompat (?<command>[^\n]*)\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"Data of [0-9-]+\+[0-9a-f]+\.")]
    private static partial Regex DataVersion();
}
