using System.Text.RegularExpressions;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;

namespace CudaCompat.Tests.Planning;

/// <summary>Every CUDA command of the Previous Versions page, rebuilt from torch, tag, packaging and companions, with the facts about files from the captured wheel lists.</summary>
public sealed partial class UpstreamCommandTests
{
    [SharedFact]
    public void EveryCudaCommandOfThePage_IsReproduced_ButWhatFindsNoFile()
    {
        var defaults = Table("sources/pytorch/tables/default_build.tsv");
        var labelled = Table("sources/pytorch/wheels.tsv")
            .Where(r => r["local_tag"].StartsWith("cu", StringComparison.Ordinal) && r["platform"].EndsWith("x86_64", StringComparison.Ordinal))
            .Select(r => (r["package"], r["version"], r["local_tag"])).ToHashSet();
        var rows = Table("sources/pytorch/tables/install_commands.tsv").Where(r => r["comment"].StartsWith("CUDA", StringComparison.Ordinal)).ToArray();
        rows.Should().HaveCount(194);
        List<string> wrong = [];
        foreach (var row in rows)
        {
            var torch = row["torch"];
            var cuda = row["comment"]["CUDA ".Length..];
            var tag = "cu" + cuda.Replace(".", "");
            var expected = Spaces().Replace(row["command"], " ").Trim();
            var isDefault = defaults.Any(d => d["build"] == tag && d["os"] == "linux" && d["arch"] == "x86_64" && Between(torch, d["torch_from"], d["torch_to"]));
            var chosen = PlanningSamples.Chosen(
                torch, tag, Version("torchvision"), Version("torchaudio"), row["packaging"] == "Conda" ? "conda" : "pip", label: labelled.Contains(("torch", torch, tag)), isDefault: isDefault);
            if (chosen.Torchvision is { } vision)
                chosen = chosen with { Torchvision = vision with { Label = labelled.Contains(("torchvision", vision.Version.ToString(), tag)) } };
            if (CommandWriter.TorchCommand(chosen) is var written && written != expected)
                wrong.Add($"{row["packaging"]} {torch} {tag}");
            string? Version(string package) => Regex.Match(expected, " " + package + @"==([\d.]+)") is { Success: true } m ? m.Groups[1].Value : null;
        }

        // torchvision 0.8.0 has no file with a label, so that the page's command finds nothing.
        wrong.Should().BeEquivalentTo("Wheel 1.7.0 cu92", "Wheel 1.7.0 cu101", "Wheel 1.7.0 cu110");
    }

    private static bool Between(string version, string from, string to) =>
        CudaCompat.Versions.PackageVersion.Parse(version) is var v && v >= CudaCompat.Versions.PackageVersion.Parse(from) && v <= CudaCompat.Versions.PackageVersion.Parse(to);

    private static List<Dictionary<string, string>> Table(string relative)
    {
        var lines = File.ReadAllLines(SharedCaptures.PathOf(relative));
        var header = lines[0].Split('\t');
        return [.. lines.Skip(1).Select(line => line.Split('\t')).Select(cells => header.Select((name, i) => (name, cells.ElementAtOrDefault(i) ?? "")).ToDictionary(c => c.name, c => c.Item2))];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
