using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Spelling;

/// <summary>GPU names as lspci, hypervisors, clouds, board makers, schedulers and people write them (gpu-names.tsv) are the card that they name.</summary>
public sealed class GpuNameFormsTests
{
    private const double NeededShare = 0.99;
    private static readonly CompatibilityMatrix Matrix = CompatibilityMatrix.Embedded;

    public static TheoryData<string, string> Names()
    {
        var data = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(SharedCaptures.Repository, "tests", "CudaCompat.Tests", "Spelling", "gpu-names.tsv")).Skip(1))
            data.Add(line.Split('\t')[0], line.Split('\t')[1]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Name_IsTheCard(string name, string capability) => CapabilityOf(name).Should().Be(ComputeCapability.Parse(capability));

    [SharedTheory]
    [InlineData("2026-11-dotnet-containers/gpu-names.tsv")]
    public void CapturedNames_AreRead(string file)
    {
        var rows = File.ReadLines(SharedCaptures.PathOf("sources/" + file)).Skip(1).Select(l => l.Split('\t')).Where(c => c[4].Length > 0).ToArray();
        var read = rows.Select(c => (Name: c[0], Want: ComputeCapability.Parse(c[4]), Got: CapabilityOf(c[0]))).ToArray();
        read.Where(r => r.Got is { } got && got != r.Want).Should().BeEmpty("a wrong card is worse than none");
        (read.Count(r => r.Got == r.Want) / (double)rows.Length).Should().BeGreaterThanOrEqualTo(NeededShare);
    }

    [Theory]
    [InlineData("g5.xlarge", "'g5.xlarge' is read as NVIDIA A10G: that is the card of this kind of instance of Amazon EC2.")]
    [InlineData("GRID A100-40C", "'GRID A100-40C' is read as Tesla A100.")]
    [InlineData("10de:2204", "its PCI id names it")]
    [InlineData("2x RTX 3090", "'2x RTX 3090' is read as 2 × RTX 3090.")]
    public void Reading_IsTold(string name, string told) => Settled(name).Readings.Should().Contain(r => r.Message.Contains(told) && r.Rule == "read-as");

    [Theory]
    [InlineData("NVIDIA GeForce ...")]
    [InlineData("some NVIDIA card")]
    [InlineData("not stated")]
    public void NameThatSaysNothing_IsAGpuNotKnown(string name)
    {
        var machine = Settled(name);
        machine.Gpus.Should().BeNull();
        machine.Readings.Should().ContainSingle(r => r.Rule == "gpu-unknown" && r.Message.Contains("nvidia-smi -L"));
    }

    [Theory]
    [InlineData("RTX 4900", "Did you mean NVIDIA GeForce RTX 4090?")]
    [InlineData("GTX 1006", "GTX 1060")]
    [InlineData("RTX 3009", "RTX 3090")]
    public void MisspeltName_GetsTheNearest(string name, string told) =>
        Settled(name).Readings.Should().ContainSingle(r => r.Rule == "gpu-unknown" && r.Message.Contains(told));

    [Theory]
    [InlineData("Radeon 7900", "ROCm")]
    [InlineData("AMD Radeon RX 7900 XTX", "ROCm")]
    [InlineData("Intel Arc A770", "XPU")]
    [InlineData("M1", "MPS")]
    [InlineData("Apple M2 Pro", "MPS")]
    public void CardOfAnotherMaker_SaysWhereToGo(string name, string told)
    {
        var machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Gpus = [new Gpu { Name = name }] };
        var plan = Resolver.TryPlan(machine);
        plan.Verdict.Should().Be(PlanVerdict.Refused);
        plan.Findings.Should().Contain(f => f.Rule == "platform-not-covered" && f.Severity == Severity.Error && f.Message.Contains(told));
        Resolver.TryPlan(machine, new PlanRequest { Cuda = "cpu" }).Verdict.Should().Be(PlanVerdict.Planned);
    }

    [Fact]
    public void SeveralInOneName_AreSeveralGpus()
    {
        var machine = Settled("Tesla K80, 2x Tesla K40c, GeForce 710");
        machine.Gpus!.Select(g => CapabilityOf(g.Name!)).Distinct().Should().HaveCountGreaterThan(1);
        machine.Gpus.Should().HaveCount(4);
        Settled("Tesla P100-PCIE (TCC), NVIDIA GeForce ... (WDDM, 11264MiB)").Gpus.Should().ContainSingle();
        Settled("Intel(R) UHD Graphics 770; NVIDIA GeForce RTX 3060").Gpus.Should().ContainSingle(g => g.Name!.Contains("3060"));
    }

    [Fact]
    public void Chip_DecidesWhereTheNameIsSeveral()
    {
        var gpu = Settled("NVIDIA Corporation GK208B [GeForce GT 710]").Gpus!.Single();
        gpu.ComputeCapability.Should().Be(ComputeCapability.Parse("3.5"));
    }

    [Fact]
    public void Settling_TwiceIsAsGoodAsOnce()
    {
        var once = Settled("2x RTX 3090");
        GivenValues.Settle(Matrix, once).Should().Be(once);
    }

    [Theory]
    [InlineData("banana")]
    [InlineData("RTX")]
    [InlineData("9999 Ultra Mega")]
    [InlineData("Rubin")]
    [InlineData("Voodoo 2")]
    public void UnknownName_StaysUnknown(string name) => CapabilityOf(name).Should().BeNull();

    [Fact]
    public void AnyText_IsReadInTime()
    {
        var random = new Random(42);
        const string Signs = "RTXgtx0123456789 -_[](){}/,:;.xVAGBQCme|\\*×";
        for (var i = 0; i < 3_000; i++)
            Matrix.Gpus.Read(string.Concat(Enumerable.Range(0, random.Next(1, 80)).Select(_ => Signs[random.Next(Signs.Length)]))).Should().NotBeNull();
        foreach (var sign in "R 9-[(x")
            Matrix.Gpus.Read(new string(sign, 256)).Entry.Should().BeNull();
    }

    private static DriverInfo Settled(string name) =>
        GivenValues.Settle(Matrix, new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Gpus = [new Gpu { Name = name }] });

    private static ComputeCapability? CapabilityOf(string name)
    {
        var gpu = Settled(name).Gpus?.FirstOrDefault();
        if (gpu?.ComputeCapability is { } stated)
            return stated;
        var entry = gpu?.PciDeviceId is { } id ? Matrix.Gpus.FindPci(id) : gpu?.Name is { } known ? Matrix.Gpus.Find(known) : null;
        return entry is { Capabilities: [var one] } ? one : null;
    }
}
