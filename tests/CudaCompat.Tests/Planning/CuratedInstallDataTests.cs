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
            .Concat(Data.Repositories.SelectMany(r => r.Sources)).Concat(Data.Mirrors.SelectMany(r => r.Sources)).Concat(Data.StepNotes.SelectMany(r => r.Sources)).Distinct().ToArray();

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
