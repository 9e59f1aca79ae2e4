using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Matrix;

/// <summary>What may be denied, and the tables that people's numbers are looked up in.</summary>
public sealed class KnowledgeTests
{
    private static readonly CompatibilityMatrix Matrix = CompatibilityMatrix.Embedded;

    [Theory]
    [InlineData("2.8.0", "index", "2026-03-15")]
    [InlineData("2.8.0", "default", "2026-11-27")]
    [InlineData("1.7.0", "index", "2021-03-12")]
    [InlineData("2.14.0", "index", null)]
    [InlineData("1.8.2", "index", null)]
    [InlineData("2.16.0", "default", null)]
    public void Coverage_OfAPipBuild_NamesTheDayOfTheList(string torch, string place, string? day) =>
        (Matrix.Coverage.Build("torch", PackageVersion.Parse(torch), Packaging.Pip, OperatingSystemFamily.Wsl, CpuArchitecture.X64, place)?.AsOf).Should().Be(day);

    [Fact]
    public void Coverage_OfTheChannelPytorch_IsNone() =>
        Matrix.Coverage.Build("torch", PackageVersion.Parse("1.3.1"), Packaging.Conda, OperatingSystemFamily.Windows, CpuArchitecture.X64, null).Should().BeNull();

    [Theory]
    [InlineData("2.2.3", true)]
    [InlineData("0.2.0", false)]
    [InlineData("2.15.1", false)]
    public void Coverage_OfReleases_EndsWhereTheListEnds(string torch, bool covered) =>
        (Matrix.Coverage.Release("torch", PackageVersion.Parse(torch)) is not null).Should().Be(covered);

    [Theory]
    [InlineData("12.7", true)]
    [InlineData("11.9", true)]
    [InlineData("13.6.0", false)]
    public void Coverage_OfToolkits_IsThatOfTheArchive(string toolkit, bool covered) => (Matrix.Coverage.Toolkit(CudaVersion.Parse(toolkit)) is not null).Should().Be(covered);

    [Theory]
    [InlineData("8.10.0", true)]
    [InlineData("9.15.2", false)]
    public void Coverage_OfCudnn_IsThatOfTheIndexes(string cudnn, bool covered) => (Matrix.Coverage.Cudnn(DottedVersion.Parse(cudnn)) is not null).Should().Be(covered);

    [Fact]
    public void Coverage_RowsThatDeny_NameASourceWithATitle() =>
        Matrix.Data.Coverage.Where(r => r.Complete).Should().OnlyContain(r => r.AsOf != null && r.Sources.All(id => Matrix.Data.Sources.Any(s => s.Id == id && s.Title.Length > 0)));

    [Theory]
    [InlineData("12.4.131", "12.4.1")]
    [InlineData("12.8.93", "12.8.2 12.8.1")]
    [InlineData("11.8.89", "11.8.0")]
    [InlineData("13.5.37", "13.5.0")]
    [InlineData("13.0.88", "13.0.3 13.0.2 13.0.1")]
    [InlineData("12.4.130", "")]
    public void NvccNumber_IsOfTheseReleases_NewestFirst(string printed, string releases) =>
        string.Join(' ', Matrix.NvccNumbers.Find(DottedVersion.Parse(printed)).Select(r => r.Toolkit)).Should().Be(releases);

    [Fact]
    public void NvccNumbers_AgreeWithTheManifests()
    {
        var manifests = Matrix.Install.Redist.All.Where(r => r.Component == "cuda_nvcc" && r.Toolkit.Patch is not null).Select(r => (r.Toolkit, r.Version)).Distinct().ToList();
        manifests.Should().HaveCountGreaterThan(30);
        manifests.Where(m => !Matrix.NvccNumbers.Find(DottedVersion.Parse(m.Version)).Any(r => r.Toolkit == m.Toolkit)).Select(m => $"{m.Toolkit} {m.Version}").Should().BeEmpty();
    }

    [Fact]
    public void Toolkits_WithAFile_ComeBeforeThoseWithout()
    {
        var order = Matrix.ToolkitsFor(OperatingSystemFamily.Linux, CpuArchitecture.X64, null);
        order[0].Should().Be(CudaVersion.Parse("13.4.2"));
        order.Should().Contain(CudaVersion.Parse("13.5.0")).And.HaveCount(Matrix.Toolkits.Length);
    }

    [Theory]
    [InlineData("580.95.05", "ltsb", "2028-06", false)]
    [InlineData("615.71.09", "nfb", null, true)]
    [InlineData("620.70.06", "ltsb", "2029-09", true)]
    public void DriverBranch_HasItsEndAndItsModules(string driver, string kind, string? end, bool openOnly)
    {
        var branch = Matrix.Data.DriverBranches.Single(r => r.Branch == DriverVersion.Parse(driver).Branch);
        branch.Kind.Should().Be(kind);
        branch.EndOfLife.Should().Be(end);
        (branch.OpenModuleOnly == true).Should().Be(openOnly);
    }

    [Theory]
    [InlineData("torchvision", "0.29.2", ">=2.14.0")]
    [InlineData("torchvision", "0.23.0", "==2.8.0")]
    [InlineData("torchaudio", "2.11.0", null)]
    public void Companion_StatesItsTorch(string package, string version, string? states) =>
        Matrix.Data.CompanionRules.Single(r => r.Package == package && PackageVersion.Parse(version).IsWithin(r.From, r.To)).Requires.Should().Be(states);
}
