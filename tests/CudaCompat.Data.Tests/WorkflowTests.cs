using System.Text.RegularExpressions;

namespace CudaCompat.Data.Tests;

/// <summary>The scheduled refresh: what it may do is said, and what it runs is pinned.</summary>
public class WorkflowTests
{
    private static readonly string[] Files = Directory.GetFiles(Path.Combine(Captures.Repository, ".github", "workflows"), "*.yml");

    [Fact]
    public void Workflows_Actions_ArePinnedByCommit()
    {
        var uses = Files.SelectMany(File.ReadLines).Select(l => l.Trim().TrimStart('-').Trim()).Where(l => l.StartsWith("uses:", StringComparison.Ordinal)).ToList();
        uses.Should().NotBeEmpty().And.OnlyContain(u => Regex.IsMatch(u, @"^uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$"));
    }

    [Fact]
    public void Workflows_Permissions_StartFromNothing()
    {
        foreach (var file in Files)
        {
            var text = File.ReadAllText(file);
            text.Should().Contain("\npermissions: {}\n");
            // Who may write runs no code of the repository and reads no foreign page.
            foreach (var job in Regex.Split(text[text.IndexOf("\njobs:", StringComparison.Ordinal)..], @"\n(?=  [\w-]+:\n)").Where(j => j.Contains(": write", StringComparison.Ordinal)))
                job.Should().NotContain("dotnet");
        }
    }
}
