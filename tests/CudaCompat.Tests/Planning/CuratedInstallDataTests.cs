using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>The curated rows about installing hold together.</summary>
public sealed class CuratedInstallDataTests
{
    private static InstallData Data => PlanningSamples.Curated;

    [Fact]
    public void EveryRow_NamesASourceThatIsTold()
    {
        var told = DataFile.Read("sources.json", File.ReadAllBytes(Path.Combine(SharedCaptures.Repository, "data", "sources.json")), MatrixJson.Default.SourceRow)
            .Concat(Data.Sources).Select(s => s.Id).ToHashSet();
        var named = Data.Forms.SelectMany(r => r.Sources).Concat(Data.Places.SelectMany(r => r.Sources)).Concat(Data.Layouts.SelectMany(r => r.Sources))
            .Concat(Data.RedistParts.SelectMany(r => r.Sources)).Concat(Data.InstallerComponents.SelectMany(r => r.Sources)).Concat(Data.PackageNames.SelectMany(r => r.Sources))
            .Concat(Data.Repositories.SelectMany(r => r.Sources)).Concat(Data.Mirrors.SelectMany(r => r.Sources)).Concat(Data.StepNotes.SelectMany(r => r.Sources))
            .Concat(Data.WheelParts.SelectMany(r => r.Sources)).Concat(Data.WheelLayouts.SelectMany(r => r.Sources)).Distinct().ToArray();

        named.Should().NotBeEmpty().And.BeSubsetOf(told);
        Data.Sources.Select(s => s.Id).Should().BeSubsetOf(named, "a source that no row names is told for nothing");
    }

    [Fact]
    public void Forms_FillOnlyWhatIsKnown()
    {
        string[] fields = ["{torch}", "{torchvision}", "{torchaudio}", "{tag}", "{cuda}", "{digits}", "{requires}", "{wheels}", "{index}"];
        foreach (var form in Data.Forms)
            fields.Aggregate(form.Command, (text, field) => text.Replace(field, "")).Should().NotContain("{");
    }

    [Fact]
    public void NoPackageName_BringsADriver() =>
        Data.PackageNames.SelectMany(r => r.Packages).Should().NotContain(p => p == "cuda" || p.StartsWith("cuda-drivers") || p.StartsWith("cuda-{") || p.Contains("nvidia-driver"));

    [Fact]
    public void InstallerComponents_DoNotOverlap_AndLeaveTheDriverOut()
    {
        foreach (var (row, next) in Data.InstallerComponents.Zip(Data.InstallerComponents.Skip(1)))
            (row.To < next.From).Should().BeTrue();
        Data.InstallerComponents.SelectMany(r => r.Names).Should().NotContain(n => n.Contains("Driver"));
    }

    [Theory]
    [InlineData("8.0.61")]
    [InlineData("10.0.130")]
    [InlineData("10.1.243")]
    [InlineData("12.9.1")]
    [InlineData("13.4.2")]
    public void Layouts_AreOnePerMethodSystemAndRelease(string toolkit)
    {
        var version = CudaVersion.Parse(toolkit);
        Data.Layouts.Where(l => (l.From is not { } from || from <= version) && (l.To is not { } to || version <= to))
            .GroupBy(l => (l.Method, l.Os)).Should().HaveCount(8).And.OnlyContain(g => g.Count() == 1);
    }

    /// <summary>By hand from what the index listed on 2026-11-27: every release from 13.0.0 on for three platforms, for Windows on Arm from 13.4.1 on.</summary>
    [Theory]
    [InlineData("linux-x86_64", "13.0.0 13.0.1 13.0.2 13.0.3 13.1.0 13.1.1 13.1.2 13.2.0 13.2.1 13.2.2 13.3.0 13.3.1 13.4.1 13.4.2 13.4.3 13.5.0")]
    [InlineData("linux-sbsa", "13.0.0 13.0.1 13.0.2 13.0.3 13.1.0 13.1.1 13.1.2 13.2.0 13.2.1 13.2.2 13.3.0 13.3.1 13.4.1 13.4.2 13.4.3 13.5.0")]
    [InlineData("windows-x86_64", "13.0.0 13.0.1 13.0.2 13.0.3 13.1.0 13.1.1 13.1.2 13.2.0 13.2.1 13.2.2 13.3.0 13.3.1 13.4.1 13.4.2 13.4.3 13.5.0")]
    [InlineData("windows-arm64", "13.4.1 13.4.2 13.4.3 13.5.0")]
    public void Wheels_MakeWholeCompilers_OfTheseToolkits(string platform, string toolkits) =>
        string.Join(' ', CompatibilityMatrix.Embedded.ToolkitsOldestFirst.Where(t => WheelToolkits.IsWhole(Data, t, platform))).Should().Be(toolkits);

    [Fact]
    public void WheelLayouts_AreOnePerComponentSystemAndRelease()
    {
        foreach (var version in new[] { "13.0.0", "13.1.2", "13.2.0", "13.5.0" }.Select(DottedVersion.Parse))
        {
            Data.WheelLayouts.Where(l => l.Component == "toolkit" && (l.From is not { } from || from <= version) && (l.To is not { } to || version <= to))
                .GroupBy(l => (l.Os, l.Arch)).Should().OnlyContain(g => g.Count() == 1).And.Contain(g => g.Key.Os == CudaCompat.Machines.OperatingSystemFamily.Linux);
        }
    }

    [Fact]
    public void Mirrors_NameAddressesOfTheirOwn()
    {
        foreach (var mirror in Data.Mirrors)
        {
            string?[] parts = [mirror.Wheels, mirror.Pypi, mirror.NvidiaWheels, mirror.NvidiaFiles, mirror.Apt, .. mirror.Channels?.Values ?? Enumerable.Empty<string>()];
            parts.Where(p => p is not null).Should().NotBeEmpty().And.OnlyContain(p => p!.StartsWith("https://"));
            if (mirror.Wheels is not null)
                mirror.Wheels.Should().Contain("{tag}");
        }
    }
}
