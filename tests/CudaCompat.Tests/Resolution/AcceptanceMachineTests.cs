using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>Real machines on the embedded data: the newest that runs, and nothing that does not.</summary>
public sealed class AcceptanceMachineTests
{
    [Theory]
    [InlineData("GTX 1080 Ti", "linux", "x86_64", "580.95.05", "2.14.1", "cu126", "full")]
    [InlineData("RTX 5090", "linux", "x86_64", "570.124.06", "2.13.0", "cu129", "minor")]
    [InlineData("Tesla V100-SXM2-16GB;Tesla T4", "linux", "x86_64", "580.95.05", "2.14.1", "cu126", "full")]
    [InlineData("NVIDIA GeForce RTX 4090", "linux", "x86_64", "535.104.05", "2.14.1", "cu126", "minor")]
    [InlineData("Tesla K80", "linux", "x86_64", "470.82.01", "2.3.1", "cu118", "minor")]
    [InlineData("Tesla T4", "linux", "x86_64", "450.80.02", "2.7.1", "cu118", "minor")]
    [InlineData("NVIDIA GH200 480GB", "linux", "aarch64", "550.54.15", "2.14.1", "cu126", "minor")]
    [InlineData("NVIDIA GeForce RTX 4090", "windows", "x86_64", "610.47", "2.14.1", "cu130", "full")]
    public void Plan_RealMachine_IsTheNewestThatRuns(string gpus, string os, string arch, string driver, string torch, string tag, string compatibility)
    {
        var machine = Machine(gpus, os, arch, driver);
        var plan = Resolver.Plan(machine);
        plan.Stack.Torch.ToString().Should().Be(torch);
        plan.Stack.CudaTag.ToString().Should().Be(tag);
        plan.Compatibility.Should().Be(compatibility);
        plan.Stack.Torchaudio.Should().NotBeNull();
        Resolver.Check(machine, plan.Stack).Verdict.Should().Be(CheckVerdict.Compatible, "a plan always satisfies Check");
    }

    [Fact]
    public void Plan_TheBlogsMachine_GivesItsCommand()
    {
        var machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Windows, MaxCuda = CudaVersion.Parse("11.0"), Python = PythonVersion.Parse("3.8") };
        var plan = Resolver.Plan(machine, new PlanRequest { Packaging = "conda" });
        plan.Commands.Should().Equal("conda install pytorch==1.7.1 torchvision==0.8.2 torchaudio==0.7.2 cudatoolkit=11.0 -c pytorch");
        plan.Stack.Toolkit.ToString().Should().Be("11.0.3");
        plan.Steps.OfType<DownloadStep>().Should().Contain(s => s.Url!.EndsWith("_win10.exe", StringComparison.Ordinal));
        plan.Stack.Cudnn!.Value.Major.Should().Be(8);
    }

    [Fact]
    public void Plan_TwoCardsThatNoBuildServes_IsRefusedWithWhatEachWouldGet()
    {
        var result = Resolver.TryPlan(Machine("RTX 5090;GTX 1080 Ti", "linux", "x86_64", "570.124.06"));
        result.Verdict.Should().Be(PlanVerdict.Refused);
        result.Findings.Should().Contain(f => f.Rule == "gpu-not-in-build");
        result.Findings.Should().NotContain(f => f.Rule == "torchaudio-mismatch", "that a torch of 2018 has no torchaudio is no reason on these cards");
        result.Remedies.Where(r => r.Change == "gpu").Select(r => r.Gives).Should().Equal("torch 2.13.0+cu129", "torch 2.14.1+cu126");
    }

    [Fact]
    public void Plan_DriverTooOldForTheCard_NamesTheLowestDrivers()
    {
        var result = Resolver.TryPlan(Machine("NVIDIA A100-SXM4-40GB", "linux", "x86_64", "418.87.00"));
        result.Verdict.Should().Be(PlanVerdict.Refused);
        result.Remedies.Where(r => r.Change == "driver").Select(r => (r.To, r.Gives)).Should().Equal(("450.80.02", "torch 2.7.1+cu118"), ("525.60.13", "torch 2.14.1+cu126"));
    }

    [Fact]
    public void Plan_NoGpu_IsACpuPlan()
    {
        var result = Resolver.TryPlan(new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Architecture = CpuArchitecture.X64, Python = PythonVersion.Parse("3.12"), Gpus = [] });
        result.Verdict.Should().Be(PlanVerdict.Planned);
        result.Plan!.Compatibility.Should().Be("cpu");
        result.Findings.Should().Contain(f => f.Rule == "no-nvidia-gpu" && f.Severity == Severity.Info);
    }

    [Fact]
    public void Plan_NothingKnown_IsUnknown()
    {
        var result = Resolver.TryPlan(new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux });
        result.Verdict.Should().Be(PlanVerdict.Unknown);
        result.Invoking(r => Resolver.Plan(new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux })).Should().Throw<NoCompatiblePlanException>();
    }

    [Theory]
    [InlineData("torch", "2.99.0", true)]
    [InlineData("torch", "2.99", true)]
    [InlineData("torch", ">=2.99", true)]
    [InlineData("torch", "2.14", false)]
    [InlineData("torch", ">=2.4,!=2.5.0", false)]
    [InlineData("toolkit", "99", true)]
    [InlineData("toolkit", "13.0", false)]
    [InlineData("cudnn", "99.1", true)]
    [InlineData("cudnn", "9", false)]
    public void Plan_AskedForNothingButNewerThanTheData_IsUnknown(string component, string asked, bool unknown)
    {
        var spec = VersionSpec.Parse(asked);
        var request = component switch
        {
            "torch" => new PlanRequest { Torch = spec },
            "toolkit" => new PlanRequest { Toolkit = spec },
            _ => new PlanRequest { Cudnn = spec },
        };
        var result = Resolver.TryPlan(Machine("NVIDIA A100-SXM4-40GB", "linux", "x86_64", "580.95.05"), request);
        result.Verdict.Should().Be(unknown ? PlanVerdict.Unknown : PlanVerdict.Planned);
        result.Findings.Any(f => f.Rule == "newer-than-data").Should().Be(unknown);
    }

    private static DriverInfo Machine(string gpus, string os, string arch, string driver) => new()
    {
        OperatingSystem = os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux,
        Architecture = arch == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64,
        Driver = DriverVersion.Parse(driver),
        Python = PythonVersion.Parse("3.12"),
        Gpus = [.. gpus.Split(';').Select(name => new Gpu { Name = name })],
    };
}
