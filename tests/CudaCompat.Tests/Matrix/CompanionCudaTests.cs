using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Matrix;

/// <summary>Whether a companion imports beside a torch of another CUDA: what was read in the wheels and tried.</summary>
public sealed class CompanionCudaTests
{
    [Theory]
    [InlineData("torchaudio", "2.11.0", "cu130", "cu130", "Works")]
    [InlineData("torchaudio", "2.11.0", "cu130", "cu132", "CudaDiffers")]
    [InlineData("torchaudio", "2.8.0", "cu126", "cu128", "CudaDiffers")]
    [InlineData("torchaudio", "0.12.1", "cu113", "cu116", "Works")]
    [InlineData("torchaudio", "0.13.1", "cu116", "cu117", "CudaDiffers")]
    [InlineData("torchaudio", "2.11.0", "cu130", "cpu", "CudaBesideCpu")]
    [InlineData("torchaudio", "2.11.0", "cpu", "cu130", "CpuBesideCuda")]
    [InlineData("torchvision", "0.29.2", "cu132", "cu130", "Works")]
    [InlineData("torchvision", "0.29.1", "cu130", "cu132", "Works")]
    [InlineData("torchvision", "0.24.1", "cu128", "cu130", "CudaDiffers")]
    [InlineData("torchvision", "0.15.2", "cu117", "cu118", "CudaDiffers")]
    [InlineData("torchvision", "0.28.0", "cu130", "cpu", "CudaBesideCpu")]
    [InlineData("torchvision", "0.28.0", "cpu", "cpu", "Works")]
    [InlineData("torchvision", "0.9.0", "cu102", "cu111", "Unknown")]
    public void Companion_IsJudgedByTheCheckOfItsRelease(string package, string version, string companion, string torch, string verdict) =>
        CompanionCuda.Judge(package, PackageVersion.Parse(version), CudaTag.Parse(companion), CudaTag.Parse(torch)).Verdict.ToString().Should().Be(verdict);

    [Fact]
    public void Companion_WhoseCudaIsNotKnown_IsNotJudged() =>
        CompanionCuda.Judge("torchaudio", PackageVersion.Parse("2.11.0"), null, CudaTag.Parse("cu130")).Verdict.Should().Be(CompanionCudaVerdict.Unknown);

    [Fact]
    public void EveryRow_NamesASourceThatIsTold()
    {
        var named = EnvironmentFacts.CompanionChecks.SelectMany(r => r.Sources).Concat(EnvironmentFacts.DependencyBounds.SelectMany(r => r.Sources)).Distinct();
        named.Should().BeEquivalentTo(EnvironmentFacts.Sources.Select(s => s.Id));
    }
}
