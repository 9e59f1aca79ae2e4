using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Tests.PyTorch;

/// <summary>torch wheels by version, as an independent reading of the index lists them. A tag that is not listed does not exist.</summary>
public class BuildListTests
{
    [Theory]
    [InlineData("1.0.0 1.0.1", "cu100(LW) cu80(LW) cu90(LW)")]
    [InlineData("1.0.1.post2", "cu100(L) cu80(L) cu90(L)")]
    [InlineData("1.1.0", "cu100(LW) cu90(LW)")]
    [InlineData("1.2.0", "cu100(LW) cu92(LW)")]
    [InlineData("1.3.0 1.3.1 1.4.0", "cu100(L) cu101(LW) cu92(LW)")]
    [InlineData("1.5.0 1.5.1", "cu101(LW) cu102(LW) cu92(LW)")]
    [InlineData("1.6.0", "cu101(LW) cu102(LW) cu92(L)")]
    [InlineData("1.7.0 1.7.1", "cu101(LW) cu102(LW) cu110(LW) cu92(L)")]
    [InlineData("1.8.0 1.8.1", "cu101(LW) cu102(LW) cu111(LW)")]
    [InlineData("1.8.2 1.9.0 1.9.1", "cu102(LW) cu111(LW)")]
    [InlineData("1.10.0 1.10.1 1.10.2", "cu102(LW) cu111(LW) cu113(LW)")]
    [InlineData("1.11.0", "cu102(L) cu113(LW) cu115(LW)")]
    [InlineData("1.12.0 1.12.1", "cu102(L) cu113(LW) cu116(LW)")]
    [InlineData("1.13.0 1.13.1", "cu116(LW) cu117(LW)")]
    [InlineData("2.0.0 2.0.1", "cu117(LW) cu118(LW)")]
    [InlineData("2.1.0 2.1.1 2.1.2 2.2.0 2.2.1 2.2.2 2.3.0 2.3.1", "cu118(LW) cu121(LW)")]
    [InlineData("2.4.0 2.4.1 2.5.0 2.5.1", "cu118(LW) cu121(LW) cu124(ALW)")]
    [InlineData("2.6.0", "cu118(LW) cu124(LW) cu126(ALW)")]
    [InlineData("2.7.0 2.7.1", "cu118(LW) cu126(LW) cu128(ALW)")]
    [InlineData("2.8.0", "cu126(LW) cu128(LW) cu129(ALW)")]
    [InlineData("2.9.0", "cu126(ALW) cu128(ALW) cu129(ALW) cu130(ALW)")]
    [InlineData("2.9.1 2.10.0 2.11.0", "cu126(ALW) cu128(ALW) cu129(AL) cu130(ALW)")]
    [InlineData("2.12.0", "cu126(ALW) cu130(ALW) cu132(ALW)")]
    [InlineData("2.12.1 2.13.0", "cu126(ALW) cu129(AL) cu130(ALW) cu132(ALW)")]
    [InlineData("2.14.0 2.14.1", "cu126(ALW) cu130(ALW) cu132(ALW)")]
    public void TorchWheels_OfAVersion_AreExactlyTheseTagsAndPlatforms(string versions, string expected)
    {
        foreach (var version in versions.Split(' ').Select(PackageVersion.Parse))
        {
            var actual = PyTorchData.Builds
                .Where(b => b.Package == "torch" && b.Packaging == Packaging.Pip && b.Version == version && b.Tag is { IsCpu: false })
                .GroupBy(b => b.Tag!.Value.ToString())
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Key}({string.Concat(g.Select(Letter).Order(StringComparer.Ordinal))})");
            string.Join(' ', actual).Should().Be(expected, version.ToString());
        }
    }

    [Theory]
    [InlineData("torch 1.13.1 cu117 L", "3.7 3.8 3.9 3.10 3.11")]
    [InlineData("torch 1.13.1 cu117 W", "3.7 3.8 3.9 3.10")]
    [InlineData("torch 2.5.1 cu124 L", "3.9 3.10 3.11 3.12 3.13")]
    [InlineData("torch 2.5.1 cu124 W", "3.9 3.10 3.11 3.12")]
    [InlineData("torch 2.9.0 cu126 L", "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t")]
    [InlineData("torch 2.14.1 cu126 A", "3.10 3.11 3.12 3.13 3.14 3.14t")]
    public void Pythons_DifferBySystem(string build, string pythons) =>
        string.Join(' ', PyTorchData.Find(build)!.Pythons).Should().Be(pythons);

    [Theory]
    [InlineData("torch 2.5.1 cu124 L", null, true, "cu124")]
    [InlineData("torch 2.5.1 cu124 A", null, false, "cu124")]
    [InlineData("torch 2.6.0 cu118 L", null, true, "cu118")]
    [InlineData("torch 2.6.0 cu126 L", "2.28", true, "cu126")]
    [InlineData("torch 2.10.0 cu130 L", "2.28", true, "cu130")]
    [InlineData("torch 2.12.0 cu132 L", "2.28", true, "cu132")]
    [InlineData("torch 1.8.0 cu102 L", null, false, "cu102")]
    [InlineData("torch 1.8.2 cu102 L", null, false, "lts/1.8/cu102")]
    [InlineData("torchvision 0.24.1 cu128 A", "2.28", false, "cu128")]
    [InlineData("torchvision 0.8.0 cu110 L", null, false, "cu110")]
    public void FileNames_TellGlibcAndLabel(string build, string? glibc, bool label, string index)
    {
        var row = PyTorchData.Find(build)!;
        (row.Glibc?.ToString(), row.Label, row.Index).Should().Be((glibc, label, index));
    }

    [Theory]
    [InlineData("torch 2.8.0 cu128 L", true)]
    [InlineData("torch 2.8.0 cu129 L", false)]
    [InlineData("torch 2.8.0 cpu W", true)]
    [InlineData("torch 2.8.0 cu128 W", false)]
    [InlineData("torch 2.10.0 cpu A", true)]
    [InlineData("torch 2.11.0 cu130 A", true)]
    [InlineData("torch 2.14.1 cu130 L", true)]
    [InlineData("torch 1.1.0 cu90 L", true)]
    [InlineData("torch 1.7.1 cu102 W", false)]
    [InlineData("torch 1.8.2 cu102 L", false)]
    [InlineData("torchvision 0.8.2 cu102 L", true)]
    [InlineData("torchaudio 0.7.2 all L", true)]
    public void DefaultIndex_GivesOneBuildAPlatform(string build, bool isDefault) =>
        PyTorchData.Find(build)!.Default.Should().Be(isDefault);

    [Theory]
    [InlineData("torch 2.10.0 cu130 L", KnownBy.Listed, KnownBy.Listed)]
    [InlineData("torch 2.12.0 cu132 L", KnownBy.Stated, KnownBy.Stated)]
    [InlineData("torch 2.14.1 cu132 A", KnownBy.Inferred, KnownBy.Inferred)]
    [InlineData("torchvision 0.29.1 cu126 L", KnownBy.Inferred, KnownBy.Inferred)]
    [InlineData("torchaudio 2.11.0 cu126 L", KnownBy.Stated, KnownBy.Inferred)]
    public void Builds_SayHowTheyAreKnown(string build, KnownBy known, KnownBy pythons)
    {
        var row = PyTorchData.Find(build)!;
        (row.Known, row.PythonsKnown).Should().Be((known, pythons));
        if (known == KnownBy.Inferred)
            row.Note.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void SameName_InTwoDirectories_IsTwoFiles()
    {
        var files = PyTorchData.Files.Where(f => f.FileName == "torch-1.1.0-cp37-cp37m-linux_x86_64.whl").ToList();
        files.Select(f => f.Index).Should().BeEquivalentTo("cpu", "cu90", "cu100");
        files.Select(f => f.Sha256).Distinct().Should().HaveCount(3);
        files.Should().OnlyContain(f => f.Tag!.Value.ToString() == f.Index);
    }

    [Fact]
    public void Torchaudio_ForCu132_IsNotListed() =>
        PyTorchData.Builds.Should().NotContain(b => b.Package == "torchaudio" && b.Tag == CudaTag.Parse("cu132"));

    private static string Letter(BuildRow row) => row.Os == Machines.OperatingSystemFamily.Windows ? "W" : row.Arch == Machines.CpuArchitecture.Arm64 ? "A" : "L";
}
