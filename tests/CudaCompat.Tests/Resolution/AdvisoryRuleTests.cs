using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>Every advisory holds where its own fields say, and nowhere else.</summary>
public sealed class AdvisoryRuleTests
{
    private static readonly CompatibilityMatrix Matrix = CompatibilityMatrix.Embedded;

    public static TheoryData<string> Advisories => [.. Matrix.Advisories.All.Select(a => a.Id)];

    [Fact]
    public void Image_IsMadeOfTheFile()
    {
        var folder = Path.Combine(SharedCaptures.Repository, "data");
        var rows = DataFile.Read(AdvisoryImage.RowsName, File.ReadAllBytes(Path.Combine(folder, AdvisoryImage.RowsName)), MatrixJson.Default.AdvisoryRow);
        File.ReadAllBytes(Path.Combine(folder, AdvisoryImage.FileName)).AsSpan().SequenceEqual(AdvisoryImage.Write(rows)).Should().BeTrue("dotnet run --project src/CudaCompat.Data -- images");
        rows.Select(r => r.Id).Should().OnlyHaveUniqueItems();
        rows.Should().AllSatisfy(r => r.Sources.Should().NotBeEmpty());
    }

    [Theory]
    [MemberData(nameof(Advisories))]
    public void Advisory_HoldsWhereItsFieldsSay(string id)
    {
        var advisory = Matrix.Advisories.All.Single(a => a.Id == id);
        var (machine, releases, cuda) = CaseOf(advisory);
        Told(machine, releases, cuda, id).Should().BeTrue("its own case fits it");
        AdvisoryRule.Of(MachineFacts.Of(Matrix, machine), releases, cuda, circumstances: false).Any(b => b.Advisory.Id == id).Should().Be(advisory.When is null, "a circumstance that nobody stated is not taken to be there");

        Told(machine, [releases[0] with { Version = DottedVersion.Parse("0.0.1") }, .. releases[1..]], cuda, id).Should().Be(advisory.Versions.Matches(DottedVersion.Parse("0.0.1")));
        if (advisory.Os is not null)
            Told(machine with { OperatingSystem = OperatingSystemFamily.MacOS }, releases, cuda, id).Should().BeFalse("it is of other systems");
        if (advisory.Capabilities is not null)
            Told(machine with { Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse("3.0") }] }, releases, cuda, id).Should().BeFalse("it is of other cards");
        if (advisory.Capabilities is not null)
            Told(machine with { Gpus = null }, releases, cuda, id).Should().BeFalse("the card is not known");
        if (advisory.Cuda is not null)
            Told(machine, releases, CudaVersion.Parse("9.0"), id).Should().BeFalse("it is of another CUDA");
        if (advisory.Python is not null)
            Told(machine with { Python = PythonVersion.Parse("3.6") }, releases, cuda, id).Should().BeFalse("it is of other Pythons");
        if (advisory.Beside is not null && advisory.Package != "torch")
            Told(machine, [releases[0]], cuda, id).Should().BeFalse("what it takes beside it is not there");
    }

    [Theory]
    [MemberData(nameof(Advisories))]
    public void Finding_SaysWhatToTake(string id)
    {
        var advisory = Matrix.Advisories.All.Single(a => a.Id == id);
        var finding = AdvisoryRule.FindingOf(new KnownBadRelease(CaseOf(advisory).Releases[0], advisory));
        finding.Rule.Should().Be("known-bad-release");
        finding.Message.Should().Contain("Take ").And.Contain(id);
        finding.Severity.Should().Be(advisory.When is not null || advisory.Certainty == AdvisoryCertainty.OneReport ? Severity.Info : Severity.Warning);
    }

    [Fact]
    public void Check_WarnsOfABadRelease_AndOnlyWhereItIsBad()
    {
        var windows = new DriverInfo { OperatingSystem = OperatingSystemFamily.Windows, Architecture = CpuArchitecture.X64, Driver = DriverVersion.Parse("580.88"), Gpus = [new Gpu { Name = "RTX 4090" }], Python = PythonVersion.Parse("3.11") };
        Bad(windows, "2.4.0").Should().ContainSingle().Which.Severity.Should().Be(Severity.Warning);
        Bad(windows, "2.4.1").Should().BeEmpty();
        Bad(windows with { OperatingSystem = OperatingSystemFamily.Linux, Driver = DriverVersion.Parse("580.95.05") }, "2.4.0").Should().BeEmpty();

        IEnumerable<Finding> Bad(DriverInfo machine, string torch) =>
            Resolver.Check(machine, new StackDocument { Torch = PackageVersion.Parse(torch), CudaTag = CudaTag.Parse("cu121") }).Findings.Where(f => f.Rule == AdvisoryRule.Id);
    }

    [Fact]
    public void Plan_OfAPinnedBadRelease_SaysSo_AndAFreeOneTakesAnother()
    {
        var machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Windows, Architecture = CpuArchitecture.X64, Driver = DriverVersion.Parse("580.88"), Gpus = [new Gpu { Name = "RTX 4090" }], Python = PythonVersion.Parse("3.11") };
        Resolver.TryPlan(machine, new PlanRequest { Torch = VersionSpec.Parse("==2.4.0"), Components = ["torch"] }).Findings.Should().Contain(f => f.Rule == AdvisoryRule.Id);
        var free = Resolver.TryPlan(machine, new PlanRequest { Torch = VersionSpec.Parse("2.4"), Components = ["torch"] });
        free.Plan!.Stack.Torch!.Value.ToString().Should().Be("2.4.1");
        free.Findings.Should().NotContain(f => f.Rule == AdvisoryRule.Id);
    }

    [Fact]
    public void Plan_OfTheNewestThatLacksACompanionOnly_SaysThatItRunsWithoutIt()
    {
        var machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Architecture = CpuArchitecture.X64, Driver = DriverVersion.Parse("610.57"), Gpus = [new Gpu { Name = "RTX 4090" }], Python = PythonVersion.Parse("3.12") };

        Resolver.TryPlan(machine, new PlanRequest()).WhyNotNewer.Should().Contain(w => w.Message == "torch 2.15.0+cu132 has no torchaudio here; without it, it runs.");

        var refused = Resolver.TryPlan(machine, new PlanRequest { Torch = VersionSpec.Parse("2.15.0") });
        refused.Verdict.Should().Be(PlanVerdict.Refused);
        refused.Remedies[0].Should().Match<Remedy>(r => r.Change == "torchaudio" && r.From == null && r.To == "none" && r.Gives == "torch 2.15.0+cu132");
    }

    private static bool Told(DriverInfo machine, IReadOnlyList<JudgedRelease> releases, CudaVersion? cuda, string id) =>
        AdvisoryRule.Of(MachineFacts.Of(Matrix, machine), releases, cuda, circumstances: true).Any(b => b.Advisory.Id == id);

    private static (DriverInfo Machine, JudgedRelease[] Releases, CudaVersion? Cuda) CaseOf(AdvisoryRow a)
    {
        var machine = new DriverInfo
        {
            OperatingSystem = a.Os?[0] ?? OperatingSystemFamily.Linux,
            Python = PythonVersion.Parse(a.Python?[0] ?? "3.12"),
            Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(a.Capabilities?[0].TrimStart('>', '=') is { } text ? text.Contains('.', StringComparison.Ordinal) ? text : text + ".0" : "8.6") }],
        };
        var releases = new List<JudgedRelease> { new(a.Package, Inside(a.Versions)) };
        if (a.Beside is { } beside)
            releases.Add(new JudgedRelease(beside, Inside(a.BesideVersions!)));
        return (machine, [.. releases], a.Cuda?[0] is { } cuda ? CudaVersion.Parse(cuda.Contains('.', StringComparison.Ordinal) ? cuda : cuda + ".0") : null);
    }

    // A release inside a range: one of the numbers that the range itself names, or next to one.
    private static DottedVersion Inside(VersionSpec versions)
    {
        foreach (System.Text.RegularExpressions.Match number in System.Text.RegularExpressions.Regex.Matches(versions.ToString(), @"\d+(?:\.\d+)*"))
        {
            var parts = number.Value.Split('.').Select(int.Parse).ToArray();
            foreach (var candidate in new[] { parts, [.. parts, 1], [.. parts[..^1], parts[^1] + 1], [.. parts[..^1], Math.Max(parts[^1] - 1, 0)], parts.Length > 1 ? [.. parts[..^2], Math.Max(parts[^2] - 1, 0), 9] : parts, parts.Length > 1 && parts[^2] == 0 ? [Math.Max(parts[0] - 1, 0), 9, 0] : parts })
            {
                if (candidate.Length <= 4 && DottedVersion.TryParse(string.Join('.', candidate), out var version) && versions.Matches(version))
                    return version;
            }
        }

        throw new InvalidOperationException($"no release found in {versions}");
    }
}
