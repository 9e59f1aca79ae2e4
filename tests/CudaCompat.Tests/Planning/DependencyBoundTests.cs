using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>What a torch release needs and does not ask for itself stands in its plan, in every format.</summary>
public sealed class DependencyBoundTests
{
    private static readonly string[] Formats = ["bash", "powershell", "dockerfile", "requirements", "pyproject", "environment"];

    [Theory]
    [InlineData("2.0.1", "3.11", OperatingSystemFamily.Linux, true)]
    [InlineData("2.2.2", "3.12", OperatingSystemFamily.Linux, true)]
    [InlineData("1.13.1", "3.10", OperatingSystemFamily.Windows, true)]
    [InlineData("2.4.0", "3.12", OperatingSystemFamily.Windows, true)]
    [InlineData("2.4.0", "3.12", OperatingSystemFamily.Linux, false)]
    [InlineData("2.3.1", "3.11", OperatingSystemFamily.Linux, false)]
    [InlineData("1.10.2", "3.8", OperatingSystemFamily.Linux, false)]
    [InlineData("2.8.0", "3.12", OperatingSystemFamily.Windows, false)]
    public void Plan_CarriesTheBoundOfNumPy_WhereTorchWasBuiltForNumPy1(string torch, string python, OperatingSystemFamily os, bool bound)
    {
        var plan = Plan(torch, python, os);
        var step = plan.Steps.OfType<TorchStep>().Single();
        (step.Bounds ?? []).Should().Equal(bound ? ["numpy<2"] : []);
        step.Command!.Contains("numpy<2").Should().Be(bound);
        plan.Commands.Any(c => c == "pip install \"numpy<2\"").Should().Be(bound);
        plan.Notes.Any(n => n.Contains("numpy<2")).Should().Be(bound);
        foreach (var format in Formats.Where(f => os == OperatingSystemFamily.Windows == (f == "powershell") || f is "requirements" or "pyproject" or "environment"))
            PlanFormats.Find(format)!.Write(plan).Contains("numpy<2").Should().Be(bound, format);
        var read = InstallPlanDocument.Read(InstallPlanDocument.Write(plan));
        read.Steps.OfType<TorchStep>().Single().Bounds.Should().BeEquivalentTo(step.Bounds);
    }

    [Fact]
    public void PlanOfUv_CarriesItToo() => Plan("2.0.1", "3.11", OperatingSystemFamily.Linux, "uv").Commands.Should().Contain("uv pip install \"numpy<2\"");

    private static InstallPlan Plan(string torch, string python, OperatingSystemFamily os, string packaging = "pip") => Resolver.Plan(
        new DriverInfo
        {
            OperatingSystem = os,
            Architecture = CpuArchitecture.X64,
            Driver = DriverVersion.Parse(os == OperatingSystemFamily.Windows ? "580.88" : "580.65.06"),
            Gpus = [new Gpu { Name = "NVIDIA GeForce RTX 3090" }],
            Python = PythonVersion.Parse(python),
            Glibc = os == OperatingSystemFamily.Windows ? null : DottedVersion.Parse("2.35"),
        },
        new PlanRequest { Torch = VersionSpec.Parse(torch), Components = ["torch", "torchvision", "torchaudio"], Packaging = packaging });
}
