using System.Text.RegularExpressions;

namespace CudaCompat.Cli.Tests;

/// <summary>What the README and the worked examples of the design show is what the tool prints. CUDACOMPAT_UPDATE_DOCS=1 writes it anew.</summary>
public sealed partial class DocumentedOutputTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/design.md")]
    public void ConsoleBlocks_AreRealOutput(string document)
    {
        var path = Path.Combine(CliProcess.RepositoryRoot, document);
        var text = File.ReadAllText(path);
        Console().Matches(text).Should().NotBeEmpty();
        var updated = Console().Replace(text, block =>
        {
            var arguments = Arguments().Matches(block.Groups["command"].Value).Select(a => a.Value.Trim('"'));
            var (_, output, _) = CliProcess.Run(arguments);
            return $"```console\n$ cudacompat {block.Groups["command"].Value}\n{DataVersion().Replace(output.TrimEnd(), "Data of DATE.")}\n```";
        });
        if (Environment.GetEnvironmentVariable("CUDACOMPAT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, updated);
            return;
        }

        updated.Should().Be(text, "{0} must show what the tool prints; CUDACOMPAT_UPDATE_DOCS=1 dotnet test writes it anew", document);
    }

    [GeneratedRegex(@"```console\n\$ cudacompat (?<command>[^\n]*)\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"Data of [0-9-]+\+[0-9a-f]+\.")]
    private static partial Regex DataVersion();
}
