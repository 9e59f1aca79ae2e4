using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Tests.Oracle;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>The CUDA commands of the Previous Versions page, each from a plan on a machine that can run it.</summary>
public sealed class PublishedCommandTests
{
    // What cannot be true is not reproduced: no such file, no such build, no such pair.
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["Wheel 1.7.0 cu92"] = "torchvision 0.8.0 has no file with a label",
        ["Wheel 1.7.0 cu101"] = "torchvision 0.8.0 has no file with a label",
        ["Wheel 1.7.0 cu110"] = "torchvision 0.8.0 has no file with a label",
        ["Conda 1.8.1 cu113"] = "there is no such build",
        ["Conda 1.9.0 cu113"] = "there is no such build",
        ["Conda 1.9.1 cu113"] = "there is no such build",
        ["Wheel 1.9.1 cu102"] = "torchaudio 0.9.0 does not go with torch 1.9.1",
    };

    [SharedFact]
    public void Plan_PinnedToEachPublishedCommand_PrintsIt()
    {
        var rows = File.ReadLines(SharedCaptures.PathOf("sources/pytorch/tables/install_commands.tsv")).Skip(1).Select(line => line.Split('\t')).Where(c => c[3].StartsWith("CUDA", StringComparison.Ordinal)).ToArray();
        rows.Should().HaveCount(194);
        var wrong = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var (torch, packaging, tag) = (row[0], row[1] == "Conda" ? "conda" : "pip", "cu" + row[3]["CUDA ".Length..].Replace(".", "", StringComparison.Ordinal).Trim());
            var expected = string.Join(' ', row[4].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var components = new[] { "torch", "torchvision", "torchaudio" }.Where(c => expected.Contains(" " + c + "=", StringComparison.Ordinal) || c == "torch").ToArray();
            var result = Resolver.TryPlan(MachineFor(torch, tag, packaging, components), new PlanRequest { Torch = VersionSpec.Parse(torch), Cuda = tag, Packaging = packaging, Components = components });
            var printed = result.Plan?.Commands.FirstOrDefault() ?? $"{result.Verdict}: {string.Join(" | ", result.Findings.Take(2).Select(f => f.Message))}";
            if (printed != expected)
                wrong[$"{row[1]} {torch} {tag}"] = $"page {expected}, plan {printed}";
        }

        wrong.Keys.Should().BeEquivalentTo(Exceptions.Keys, string.Join('\n', wrong));
    }

    /// <summary>Linux with the newest card that the build has native code for, the newest driver that serves it, and a Python of the build.</summary>
    private static DriverInfo MachineFor(string torch, string tag, string packaging, string[] components)
    {
        var facts = OracleFacts.Instance;
        var build = facts.Builds[("torch", packaging, "linux", "x86_64")].FirstOrDefault(b => b.Version.Text == torch && b.Tag == tag);
        var native = facts.Code.GetValueOrDefault((torch, tag, packaging, "linux", "x86_64"))?.Native ?? [new Num("7.0")];
        var card = facts.Architectures.Values.Where(a => !a.Tegra && native.Any(n => n.Same(a.Capability)) && (a.LibrariesFrom is null || a.LibrariesFrom <= OracleCheck.CudaOf(tag))).MaxBy(a => a.Capability)!;
        var driver = facts.Drivers.Where(d => d.Os == "linux" && d.Version.Major <= (card.LastBranch ?? int.MaxValue)).Max(d => d.Version);
        return new DriverInfo
        {
            OperatingSystem = OperatingSystemFamily.Linux,
            Architecture = CpuArchitecture.X64,
            Driver = DriverVersion.Parse(driver.Text),
            Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(card.Capability.Text) }],
            Python = PythonVersion.Parse(build?.Pythons.Where(HasAll).MaxBy(p => new Num(p)) ?? "3.8"),
        };

        bool HasAll(string python) => components.All(package => facts.Builds[(package, packaging, "linux", "x86_64")].Any(b =>
            b.Pythons.Contains(python) && (b.Tag is null || b.Tag == tag) && (package == "torch" ? b.Version.Text == torch : facts.Pairs[(torch, package)].Any(p => p.Preferred && p.Version.Same(b.Version)))));
    }
}
