using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Tests;

/// <summary>The table "How each subject is refreshed" of docs/data-format.md speaks of every subject and every live source, and of no other.</summary>
public class RefreshTableTests
{
    private static readonly Dictionary<string, string> Table = File.ReadAllText(Path.Combine(Captures.Repository, "docs", "data-format.md")).Split("## How each subject is refreshed")[1].Split("\n## ")[0]
        .Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| subject", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).ToDictionary(c => c[0], c => c[1]);

    [Fact]
    public void Table_NamesEverySubject() => Table.Keys.Should().BeEquivalentTo(new FactStore().Sets.Select(s => s.Subject));

    [Fact]
    public void Table_NamesEveryLiveSourceWithAReader()
    {
        var sources = LiveSources.Load(Path.Combine(Captures.Repository, "data", "curated"));
        var named = Table.Values.SelectMany(v => v.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Contains('-', StringComparison.Ordinal) || sources.Any(s => s.Id == w)).ToHashSet();
        named.Should().BeEquivalentTo(sources.Select(s => s.Id));
        sources.Select(s => s.Reader).Should().OnlyContain(r => LiveReaders.All.ContainsKey(r));
    }
}
