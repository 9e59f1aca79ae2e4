using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>The forward-compatibility package: asked for, on Linux, on data center cards, from the driver branches of its table alone.</summary>
public sealed class ForwardCompatTests
{
    [Theory]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB", "535.104.05", Policy.Forward, "forward")]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB", "570.124.06", Policy.Forward, "forward")]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB", "580.95.05", Policy.Forward, "full")]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB", "535.104.05", Policy.Minor, null)]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB", "555.42.02", Policy.Forward, null)]
    [InlineData("linux", "NVIDIA GeForce RTX 3090", "535.104.05", Policy.Forward, null)]
    [InlineData("linux", "NVIDIA A100-SXM4-40GB;NVIDIA GeForce RTX 3090", "535.104.05", Policy.Forward, null)]
    [InlineData("wsl", "NVIDIA A100-SXM4-40GB", "537.58", Policy.Forward, null)]
    [InlineData("windows", "NVIDIA A100-SXM4-40GB", "537.58", Policy.Forward, null)]
    public void Plan_OfCuda13OnOlderDrivers_RestsOnThePackageOnlyWhereItIsSupported(string os, string gpus, string driver, Policy policy, string? compatibility)
    {
        var machine = new DriverInfo
        {
            OperatingSystem = os switch { "wsl" => OperatingSystemFamily.Wsl, "windows" => OperatingSystemFamily.Windows, _ => OperatingSystemFamily.Linux },
            Architecture = CpuArchitecture.X64,
            Driver = DriverVersion.Parse(driver),
            Python = PythonVersion.Parse("3.12"),
            Gpus = [.. gpus.Split(';').Select(name => new Gpu { Name = name })],
        };
        var result = Resolver.TryPlan(machine, new PlanRequest { Cuda = "cu130", Policy = policy, Components = ["torch"] });
        (result.Plan?.Compatibility).Should().Be(compatibility);
        if (compatibility is null)
            result.Findings.Should().Contain(f => f.Severity == Severity.Error && (f.Rule == "driver-too-old" || f.Rule == "forward-compat-unavailable"));
        else
            result.Plan!.Stack.CudaTag.ToString().Should().Be("cu130");
    }
}
