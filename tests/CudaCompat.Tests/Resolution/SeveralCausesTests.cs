using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>Where more than one rule stops a combination, each is told, and one that decides is not hidden by one that lacks a fact.</summary>
public sealed class SeveralCausesTests
{
    private static readonly DriverInfo Arm = new() { OperatingSystem = OperatingSystemFamily.Linux, Architecture = CpuArchitecture.Arm64, Driver = DriverVersion.Parse("570.26") };

    [Fact]
    public void Check_TorchThatLacksThePython_StillTellsThatTheCompanionNeedsANewerGlibc()
    {
        var machine = Arm with { Python = PythonVersion.Parse("3.6"), Glibc = DottedVersion.Parse("2.12"), Gpus = [] };
        var stack = new StackDocument { Torch = PackageVersion.Parse("2.10.0"), CudaTag = CudaTag.Parse("cpu"), Torchvision = PackageVersion.Parse("0.25.0") };
        Resolver.Check(machine, stack).Findings.Where(f => f.Severity == Severity.Error).Select(f => (f.Rule, f.Subject)).Should()
            .Equal(("python-unsupported", "torch 2.10.0+cpu"), ("glibc-too-old", "torchvision 0.25.0+cpu"));
    }

    [Fact]
    public void Plan_ABuildOfUnknownCodeWhoseCudaDoesNotServeTheGpu_IsRefused()
    {
        var machine = Arm with { Python = PythonVersion.Parse("3.11"), Glibc = DottedVersion.Parse("2.31"), Gpus = [new Gpu { Name = "NVIDIA GeForce RTX 5090" }] };
        var result = Resolver.TryPlan(machine, new PlanRequest { Torch = VersionSpec.Parse("2.6.0"), Components = ["torch"] });
        result.Verdict.Should().Be(PlanVerdict.Refused);
        result.Findings.Should().Contain(f => f.Rule == "gpu-not-in-build" && f.Severity == Severity.Error);
    }
}
