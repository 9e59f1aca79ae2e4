using CudaCompat.Data.Commands;

namespace CudaCompat.Data.Tests;

/// <summary>One broken source, and nothing is written: the message names file and place, the exit code is 2, the old data stays.</summary>
public class BrokenSourceTests
{
    [CapturesTheory]
    [InlineData("redist/cuda/redistrib_12.8.1.json", "cut", "nvidia/redist/cuda/redistrib_12.8.1.json, line")]
    [InlineData("redist/cuda/redistrib_12.8.1.json", "type", "nvidia/redist/cuda/redistrib_12.8.1.json, $")]
    [InlineData("cuda_installers.tsv", "cut", "nvidia/cuda_installers.tsv, ")]
    [InlineData("cuda_releases.tsv", "duplicate", "nvidia/cuda_releases.tsv, line")]
    [InlineData("jetson.tsv", "column", "nvidia/jetson.tsv, line 1")]
    [InlineData("docs/cudnn-archive.rdp.2023-12.txt", "shape", "nvidia/docs/cudnn-archive.rdp.2023-12.txt, line 1")]
    [InlineData("cuda_installers.tsv", "missing", "nvidia/cuda_installers.tsv, file: missing")]
    public void Refresh_OneSourceBroken_WritesNothing(string file, string damage, string place)
    {
        using var folder = new TemporaryFolder();
        var sources = Path.Combine(folder.Path, "sources");
        CopyNvidia(sources);
        foreach (var other in Directory.EnumerateDirectories(Captures.Sources!).Where(d => Path.GetFileName(d) != "nvidia"))
            Directory.CreateSymbolicLink(Path.Combine(sources, Path.GetFileName(other)), other);
        Break(Path.Combine(sources, "nvidia", file), damage);
        folder.Write("data/toolkits.json", "old");
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = DataConsole.Run(["refresh", "--from", sources, "--out", Path.Combine(folder.Path, "data")], output, error);

        code.Should().Be(2);
        error.ToString().Should().StartWith(place);
        Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "data")).Select(Path.GetFileName).Should().Equal("toolkits.json");
        File.ReadAllText(Path.Combine(folder.Path, "data", "toolkits.json")).Should().Be("old");
    }

    private static void CopyNvidia(string sources)
    {
        var from = Path.Combine(Captures.Sources!, "nvidia");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(sources, "nvidia", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.CreateSymbolicLink(to, file);
        }
    }

    private static void Break(string path, string damage)
    {
        var text = File.ReadAllText(path);
        File.Delete(path);
        var lines = text.Split('\n');
        var broken = damage switch
        {
            "cut" => text[..(text.Length * 2 / 3)],
            "type" => text.Replace("\"size\": \"", "\"size\": 1, \"was\": \"", StringComparison.Ordinal),
            "duplicate" => text + lines[1] + "\n",
            "column" => text[(text.IndexOf('\t') + 1)..],
            "shape" => "<html>" + text,
            _ => null,
        };
        if (broken is not null)
            File.WriteAllText(path, broken);
    }
}
