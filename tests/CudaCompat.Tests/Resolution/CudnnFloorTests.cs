using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>The lowest driver of a cuDNN holds on every card, whether its support matrix lists the card, lists none, or is older than it.</summary>
public sealed class CudnnFloorTests
{
    [Theory]
    [InlineData("7.0", "7.6.5")] // listed by the nearest earlier matrix
    [InlineData("13.0", "7.6.5")] // newer than that matrix, and the release's own lists no card
    [InlineData("13.0", "7.6.2")] // newer than the nearest earlier matrix
    public void Check_DriverBelowTheFloor_IsTooOld(string capability, string cudnn)
    {
        var machine = new DriverInfo
        {
            OperatingSystem = OperatingSystemFamily.Linux,
            Architecture = CpuArchitecture.X64,
            MaxCuda = CudaVersion.Parse("9.0"),
            Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse(capability) }],
        };
        var result = Resolver.Check(machine, new StackDocument { Toolkit = CudaVersion.Parse("9.0.176"), Cudnn = DottedVersion.Parse(cudnn) });
        result.Findings.Select(f => f.Rule).Should().Contain("cudnn-driver-too-old");
    }
}
