using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Tests.Resolution;

/// <summary>Answers that were wrong once, each the smallest case of its kind.</summary>
public sealed class ReportedFaultTests
{
    [Theory]
    [InlineData("2.0.0+rocm5.4.2", "AMD")]
    [InlineData("2.6.0+xpu", "Intel")]
    public void BuildForAnotherMakersGpus_IsNoCudaBuildOfThatRelease(string torch, string maker)
    {
        var stack = new StackDocument { Torch = PackageVersion.Parse(torch) };
        var result = Resolver.Check(Linux, stack);
        result.Verdict.Should().Be(CheckVerdict.Incompatible);
        result.Findings.Where(f => f.Severity == Severity.Error).Should().ContainSingle().Which.Should().Match<Finding>(f => f.Rule == "platform-not-covered" && f.Message.Contains(maker));
        result.Findings.Should().NotContain(f => f.Rule == "known-bad-release" || f.Rule == "prerelease");
        Resolver.TryPlan(Linux, new PlanRequest { Torch = VersionSpec.Parse(torch) }).Findings.Should().Contain(f => f.Rule == "platform-not-covered");
    }

    [Theory]
    [InlineData("2.4.0+git123abc")]
    [InlineData("2.6.0+computecanada")]
    public void BuildOfOnesOwn_IsNotThatOfTheDefaultIndex(string torch)
    {
        var result = Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse(torch) });
        result.Verdict.Should().Be(CheckVerdict.Unknown);
        result.Findings.Should().Contain(f => f.Rule == "prerelease" && f.Message.Contains("--cuda"));
        Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse(torch), CudaTag = CudaTag.Parse("cu121") }).Verdict.Should().Be(CheckVerdict.Compatible);
    }

    [Fact]
    public void CompanionNamedWithoutItsLabel_IsAWarning_AndAnErrorWherePipListsItSo()
    {
        var windows = Linux with { OperatingSystem = OperatingSystemFamily.Windows, Driver = DriverVersion.Parse("580.88") };
        var stack = new StackDocument { Torch = PackageVersion.Parse("2.6.0+cu124"), Torchvision = PackageVersion.Parse("0.21.0") };

        var named = Resolver.Check(windows, stack);
        named.Verdict.Should().Be(CheckVerdict.Compatible);
        named.Findings.Should().Contain(f => f.Rule == "torchvision-mismatch" && f.Severity == Severity.Warning);
        Resolver.Check(windows, new StackDocument { Torch = PackageVersion.Parse("2.6.0"), CudaTag = CudaTag.Parse("cu124"), Torchvision = PackageVersion.Parse("0.21.0") }).Verdict.Should().Be(named.Verdict);

        var listed = Resolver.Check(windows, stack with { IsListing = true });
        listed.Verdict.Should().Be(CheckVerdict.Incompatible);
        listed.Remedies[0].Should().Match<Remedy>(r => r.Change == "torchvision" && r.To == "0.21.0+cu124");
        Resolver.Check(windows, stack with { IsListing = true, Torchvision = PackageVersion.Parse("0.21.0+cu124") }).Verdict.Should().Be(CheckVerdict.Compatible);
    }

    [Fact]
    public void WrongCompanion_IsToldByItsVersion_WhateverTheSpelling()
    {
        var result = Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse("2.6.0+cu124"), Torchvision = PackageVersion.Parse("0.20.1") });
        result.Findings[0].Message.Should().Contain("does not go with");
        result.Remedies[0].To.Should().Be("0.21.0+cu124");
    }

    [Fact]
    public void NewerTorchvisionOfTheDefaultIndex_WorksBesideAnotherMinorOfItsCuda() =>
        Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse("2.14.1+cu130"), Torchvision = PackageVersion.Parse("0.29.2") }).Verdict.Should().Be(CheckVerdict.Compatible);

    [Theory]
    [InlineData("2.9.0.dev20250726+cu128")]
    [InlineData("2.8.0rc1")]
    public void PlanOfAPreRelease_SaysThatItHasNoFiles_AndDeniesNothing(string torch)
    {
        var result = Resolver.TryPlan(Linux, new PlanRequest { Torch = VersionSpec.Parse(torch), Components = ["torch"] });
        result.Verdict.Should().Be(PlanVerdict.Unknown);
        result.Findings[0].Rule.Should().Be("prerelease");
        result.Findings.Should().NotContain(f => f.Message.Contains("There is no"));
        result.Remedies.Should().Contain(r => r.Change == "torch");
    }

    [Fact]
    public void PostNumberOfCondaForge_IsReadAsItsRelease()
    {
        var result = Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse("2.4.1.post302") });
        result.Findings.Should().Contain(f => f.Rule == "read-as" && f.Message.Contains("2.4.1 of conda-forge")).And.NotContain(f => f.Rule == "no-such-build");
    }

    [Fact]
    public void CompilerThatIsTooNew_IsNotSentToAToolkitOfWhichNothingIsKnown()
    {
        var windows = Linux with { OperatingSystem = OperatingSystemFamily.Windows, Driver = DriverVersion.Parse("580.88"), Msvc = DottedVersion.Parse("19.44") };
        var remedies = Resolver.Check(windows, new StackDocument { Toolkit = CudaVersion.Parse("10.1"), Compiles = true }).Remedies;
        remedies.Where(r => r.Change == "toolkit").Should().ContainSingle().Which.To.Should().StartWith("12.");
    }

    [Fact]
    public void DriverToldForError804_PrintsWhatTheLibraryPrints()
    {
        var machine = Linux with { Driver = DriverVersion.Parse("470.57.02"), MaxCuda = CudaVersion.Parse("11.8"), Gpus = [new Gpu { Name = "RTX 2080" }], Python = PythonVersion.Parse("3.10") };
        var stack = new StackDocument { Torch = PackageVersion.Parse("2.1.0+cu118") };
        var driver = Resolver.Check(machine, stack).Remedies.First(r => r.Change == "driver").To!;
        Resolver.Check(machine with { Driver = DriverVersion.Parse(driver) }, stack).Verdict.Should().Be(CheckVerdict.Compatible);
        Resolver.TryPlan(machine, new PlanRequest { Components = ["torch"] }).Should().Match<PlanResult>(r => r.Verdict == PlanVerdict.Refused && r.Findings[0].Rule == "forward-compat-unavailable");
    }

    [Fact]
    public void MoreCudaThanAWindowsDriverRuns_IsToldAsAContradiction()
    {
        var windows = Linux with { OperatingSystem = OperatingSystemFamily.Windows, Driver = DriverVersion.Parse("551.61"), MaxCuda = CudaVersion.Parse("12.8") };
        Resolver.TryPlan(windows, new PlanRequest()).Findings.Should().Contain(f => f.Rule == "facts-contradict");
    }

    [Theory]
    [InlineData("RTX 6000")]
    [InlineData("GRID RTX6000-8Q")]
    public void NumberOfTwoProductLines_IsReadByTheLine(string gpu) =>
        Resolver.Check(Linux with { Gpus = [new Gpu { Name = gpu }] }, new StackDocument { Torch = PackageVersion.Parse("2.9.1+cu130") }).Verdict.Should().Be(CheckVerdict.Compatible);

    [Fact]
    public void VersionGivenShort_IsNoBadRelease() =>
        Resolver.Check(Linux, new StackDocument { Torch = PackageVersion.Parse("2") }).Findings.Should().NotContain(f => f.Rule == "known-bad-release");

    [Fact]
    public void TagThatPyTorchNeverBuilt_IsDeniedWhereAPackagingIsNamed() =>
        Resolver.Check(Linux, new StackDocument { CudaTag = CudaTag.Parse("cu123"), Packaging = CudaCompat.Matrix.Rows.Packaging.Pip }).Findings[0].Rule.Should().Be("no-such-build");

    [Fact]
    public void CudnnRemedy_IsNewerAndNotKnownToBeBad()
    {
        var remedy = Resolver.Check(Linux with { Gpus = [new Gpu { Name = "RTX 4090" }] }, new StackDocument { Toolkit = CudaVersion.Parse("11.8"), Cudnn = DottedVersion.Parse("8.2.4") }).Remedies.Single(r => r.Change == "cudnn");
        DottedVersion.Parse(remedy.To!).Should().BeGreaterThan(DottedVersion.Parse("8.6"));
    }

    [Fact]
    public void ProgramThatDoesNotKnowTheCard_IsToldTheCudaThatDoes() =>
        Resolver.Check(Linux with { Gpus = [new Gpu { Name = "RTX 5090" }] }, new StackDocument { CudaTag = CudaTag.Parse("cu124") }).Remedies.Should().Contain(r => r.Change == "cudaTag" && r.To == "cu128");

    [Fact]
    public void CardOfAnotherMaker_IsToldOnce() =>
        Resolver.Check(Linux with { Gpus = [new Gpu { Name = "Radeon RX 7900" }] }, new StackDocument { Torch = PackageVersion.Parse("2.9.1+cu130") }).Findings.Count(f => f.Severity == Severity.Error).Should().Be(1);

    private static DriverInfo Linux => new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Driver = DriverVersion.Parse("580.95.05"),
        Gpus = [new Gpu { Name = "NVIDIA GeForce RTX 3090" }],
        Python = PythonVersion.Parse("3.11"),
        Glibc = DottedVersion.Parse("2.35"),
    };
}
