using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Machines;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Diagnosis;

/// <summary>What is installed, judged: the mistakes that people really make.</summary>
public sealed class DoctorTests
{
    [Fact]
    public void CpuBuildOnAGpuMachine_IsAnErrorWithTheIndexToTake()
    {
        var report = Doctor.Examine(Found("RTX 3090", "550.54.15", torch: "2.8.0+cpu"));
        report.Healthy.Should().BeFalse();
        report.Findings.Should().Contain(f => f.Rule == "cpu-only-build" && f.Severity == Severity.Error);
    }

    [Fact]
    public void CpuBuildOnAGpuMachine_HasTheSameReleaseForCudaAsItsRemedy() =>
        Doctor.Examine(Found("RTX 3090", "550.54.15", torch: "2.8.0+cpu")).Remedies.Should().ContainSingle().Which.Should().Match<Remedy>(r => r.Change == "cudaTag" && r.To!.StartsWith("cu1"));

    [Fact]
    public void CpuBuildOfADistribution_IsTold_ThoughNoReleaseIsIt()
    {
        var found = Found("RTX 3090", "550.54.15", torch: "1.13.0a0");
        var report = Doctor.Examine(found with { Pythons = [new FoundPython { Path = "/usr/bin/python3", Kind = "system", IsChosen = true, Torch = PackageVersion.Parse("1.13.0a0"), TorchIsCpu = true }] });
        report.Findings.Where(f => f.Severity == Severity.Error).Select(f => f.Rule).Should().Equal("cpu-only-build");
        report.Findings.Should().Contain(f => f.Rule == "no-such-build" && f.Severity == Severity.Info && f.Message.Contains("built by a distribution"));
        report.Remedies.Should().ContainSingle().Which.Change.Should().Be("torch");
    }

    [Fact]
    public void CpuBuildWhereNoGpuIs_IsNotHeldAgainstIt() =>
        Doctor.Examine(Found(null, null, torch: "2.8.0+cpu")).Findings.Should().NotContain(f => f.Rule == "cpu-only-build");

    [Fact]
    public void TorchThatDoesNotKnowTheCard_IsAnErrorWithARemedyThatServes()
    {
        var report = Doctor.Examine(Found("GTX 1080 Ti", "580.95.05", torch: "2.10.0+cu130"));
        report.Findings.Should().Contain(f => f.Rule == "gpu-not-in-build" && f.Severity == Severity.Error);
        report.Remedies.Should().Contain(r => r.Change == "cudaTag" && r.To == "cu126");
    }

    [Fact]
    public void OlderCudnnOnTheLoadersPath_ShadowsTheBundledOne()
    {
        var found = Found("RTX 3090", "550.54.15", torch: "2.8.0+cu128") with
        {
            Cudnn = [new FoundCudnn(DottedVersion.Parse("9.1.0"), "/usr/lib/libcudnn.so.9.1.0", false) { IsOnLoaderPath = true }],
        };
        Doctor.Examine(found).Findings.Should().Contain(f => f.Rule == "cudnn-shadowed" && f.Severity == Severity.Error);
    }

    [Fact]
    public void WrongToolkitFirstOnPath_IsToldWithTheFolderOfTheRightOne()
    {
        var found = Found("RTX 3090", "550.54.15", torch: "2.8.0+cu128") with
        {
            Toolkits =
            [
                new FoundToolkit(CudaVersion.Parse("11.5.1"), "/usr", "nvcc", 0),
                new FoundToolkit(CudaVersion.Parse("12.8.1"), "/usr/local/cuda-12.8", "version.json", null),
            ],
        };
        Doctor.Examine(found).Findings.Should().Contain(f => f.Rule == "toolkit-path-order" && f.Message.Contains("/usr/local/cuda-12.8", StringComparison.Ordinal));
    }

    [Fact]
    public void StaleForwardCompatibilityLibrary_IsAnError()
    {
        var found = Found("NVIDIA A100-SXM4-40GB", "580.95.05", torch: "2.8.0+cu128") with
        {
            CompatLibraries = [new FoundCompatLibrary(DriverVersion.Parse("550.54.15"), "/usr/local/cuda-12.4/compat/libcuda.so.550.54.15") { IsOnLoaderPath = true }],
        };
        Doctor.Examine(found).Findings.Should().Contain(f => f.Rule == "forward-compat-stale" && f.Severity == Severity.Error);
    }

    [Fact]
    public void LinuxDriverInsideWsl_IsAnError()
    {
        var found = Found("RTX 3090", "551.78", torch: "2.8.0+cu128");
        found = found with { Machine = found.Machine with { OperatingSystem = OperatingSystemFamily.Wsl }, LinuxDriverFilesInWsl = ["/usr/lib/x86_64-linux-gnu/libcuda.so.550.54.15"] };
        Doctor.Examine(found).Findings.Should().Contain(f => f.Rule == "wsl-linux-driver" && f.Severity == Severity.Error);
    }

    [Fact]
    public void SoundStack_HasNoErrorAndNoWarning()
    {
        var report = Doctor.Examine(Found("RTX 3090", "570.124.06", torch: "2.8.0+cu128"));
        report.Healthy.Should().BeTrue();
        report.Findings.Should().NotContain(f => f.Severity != Severity.Info);
        report.Remedies.Should().BeEmpty();
    }

    [Fact]
    public void DriverThatDoesNotAnswer_IsAFindingWithItsNextStep()
    {
        var found = Found("RTX 3090", "570.124.06", torch: null) with { Failures = [new DetectionFailure("driver_comm_failed", "nvidia-smi cannot reach the driver.", "look at dkms status.")] };
        Doctor.Examine(found).Findings.Should().Contain(f => f.Rule == "driver_comm_failed" && f.Message.Contains("dkms", StringComparison.Ordinal));
    }

    [Fact]
    public void NothingInstalled_IsSaidAndIsNoError()
    {
        var report = Doctor.Examine(Found("RTX 3090", "570.124.06", torch: null));
        report.Healthy.Should().BeTrue();
        report.Findings.Should().Contain(f => f.Rule == "nothing-installed");
    }

    private static DetectionReport Found(string? gpu, string? driver, string? torch) => new()
    {
        Machine = new DriverInfo
        {
            OperatingSystem = OperatingSystemFamily.Linux,
            Architecture = CpuArchitecture.X64,
            Driver = driver is null ? null : DriverVersion.Parse(driver),
            Python = PythonVersion.Parse("3.11"),
            Glibc = DottedVersion.Parse("2.35"),
            Gpus = gpu is null ? [] : [new Gpu { Name = gpu }],
            Installed = torch is null ? null : new InstalledComponents { Torch = PackageVersion.Parse(torch) },
        },
        Pythons = torch is null ? [] : [new FoundPython { Path = "/home/me/venv/bin/python", Kind = "venv", IsChosen = true, Torch = PackageVersion.Parse(torch) }],
    };
}
