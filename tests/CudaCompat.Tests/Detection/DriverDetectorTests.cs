using CudaCompat.Detection;
using CudaCompat.Detection.Host;
using CudaCompat.Machines;

namespace CudaCompat.Tests.Detection;

/// <summary>Whole machines made of files and real small programs.</summary>
public sealed class DriverDetectorTests : IDisposable
{
    private const string ProcVersion = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build  (dvs@x)  Thu Jan  9\nGCC version:  gcc version 12.3.0 (Ubuntu)\n";

    private const string SmiScript = """
        case "$1" in
          --query-gpu=*) printf 'index, name, uuid, pci.bus_id, pci.device_id, driver_version, memory.total [MiB], compute_cap\n0, NVIDIA L4, GPU-1111aaaa-0000, 00000000:01:00.0, 0x27B810DE, 570.86.15, 23034 MiB, 8.9\n';;
          -q) exit 1;;
          *) printf '| NVIDIA-SMI 570.86.15   Driver Version: 570.86.15   CUDA Version: 12.8 |\n';;
        esac
        """;

    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [UnixFact]
    public async Task Machine_WithNothing_HasNoFailureAndStartsNothing()
    {
        var report = await _machine.Folder("/sys/bus/pci/devices/0000:00:00.0").DetectAsync();
        report.Failures.Should().BeEmpty();
        report.Processes.Should().BeEmpty();
        report.Disagreements.Should().BeEmpty();
        report.Machine.Gpus.Should().BeEmpty("the bus shows none");
        (report.Machine.OperatingSystem, report.Machine.Architecture, report.Machine.Glibc.ToString()).Should().Be((OperatingSystemFamily.Linux, CpuArchitecture.X64, "2.35"));
        (report.Machine.Driver, report.Machine.MaxCuda, report.Machine.Python).Should().Be((null, null, null));
    }

    [UnixFact]
    public async Task Machine_WithoutABusInSight_DoesNotClaimThereIsNoGpu() => (await _machine.DetectAsync()).Machine.Gpus.Should().BeNull();

    [UnixFact]
    public async Task Machine_WithADriver_IsReadFromKernelAndNvidiaSmi()
    {
        _machine.File("/proc/driver/nvidia/version", ProcVersion).File("/sys/module/nvidia/version", "570.86.15\n").Program("/usr/bin/nvidia-smi", SmiScript);
        var report = await _machine.DetectAsync();
        report.Machine.Driver.ToString().Should().Be("570.86.15");
        report.Machine.MaxCuda.ToString().Should().Be("12.8");
        report.Machine.KernelModule.Should().Be(KernelModuleFlavour.Open);
        report.Machine.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "NVIDIA L4", Uuid = "GPU-1111aaaa-0000", PciDeviceId = "27b8" });
        report.Machine.Gpus![0].ComputeCapability.ToString().Should().Be("8.9");
        report.Machine.GpusListedByDriver.Should().BeTrue();
        report.Facts.Where(f => f.Field == "driver").Select(f => f.Source).Should().Equal("/proc/driver/nvidia/version", "/sys/module/nvidia/version", "/usr/bin/nvidia-smi");
        report.Processes.Should().HaveCount(2).And.OnlyContain(p => p.Program == "/usr/bin/nvidia-smi" && p.ExitCode == 0);
        report.Disagreements.Should().BeEmpty();
    }

    [UnixFact]
    public async Task Machine_WithAnOldNvidiaSmi_FallsBackToXmlAndTable()
    {
        _machine.Program("/usr/bin/nvidia-smi", """
            case "$1" in
              --query-gpu=*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
              -q) printf '<nvidia_smi_log><driver_version>418.43</driver_version><gpu id="00000000:01:00.0"><product_name>Quadro P400</product_name></gpu></nvidia_smi_log>';;
              *) printf '| NVIDIA-SMI 418.43   Driver Version: 418.43   CUDA Version: 10.1 |\n';;
            esac
            """);
        var report = await _machine.DetectAsync();
        (report.Machine.Driver.ToString(), report.Machine.MaxCuda.ToString(), report.Machine.Gpus!.Single().Name).Should().Be(("418.43", "10.1", "Quadro P400"));
        report.Processes.Should().HaveCount(3);
    }

    [UnixFact]
    public async Task Sources_ThatDiffer_AreBothToldAndTheKernelBelieved()
    {
        _machine.File("/proc/driver/nvidia/version", ProcVersion).Program("/usr/bin/nvidia-smi", SmiScript.Replace("570.86.15", "575.57.08"));
        var report = await _machine.DetectAsync();
        report.Machine.Driver.ToString().Should().Be("570.86.15");
        var disagreement = report.Disagreements.Should().ContainSingle().Subject;
        disagreement.Field.Should().Be("driver");
        disagreement.Values.Select(v => (v.Value, v.Believed)).Should().Equal(("570.86.15", true), ("575.57.08", false));
        disagreement.Why.Should().NotBeEmpty();
    }

    [UnixFact]
    public async Task NvidiaSmi_ThatFails_IsACauseWithANextStep()
    {
        _machine.File("/proc/driver/nvidia/version", ProcVersion)
            .Program("/usr/bin/nvidia-smi", "echo 'Failed to initialize NVML: Driver/library version mismatch'; echo 'NVML library version: 575.57'; exit 18");
        var report = await _machine.DetectAsync();
        var failure = report.Failures.Should().ContainSingle().Subject;
        (failure.Kind, failure.Probe).Should().Be(("driver_library_mismatch", "/usr/bin/nvidia-smi"));
        failure.Details.Should().Contain("exitCode", "18").And.Contain("nvmlLibraryVersion", "575.57");
        report.Machine.Driver.ToString().Should().Be("570.86.15", "the kernel still knows");
    }

    /// <summary>Opening a FIFO waits for somebody to write to it.</summary>
    [UnixFact]
    public async Task FileThatNobodyWritesTo_IsNotWaitedFor()
    {
        _machine.File("/proc/driver/nvidia/version", ProcVersion).File("/opt/cuda/bin/nvcc", "").Variable("CUDA_HOME", "/opt/cuda");
        foreach (var name in new[] { "version.json", "version.txt", "include/cudnn_version.h" })
        {
            var fifo = _machine.Map("/opt/cuda/" + name);
            Directory.CreateDirectory(Path.GetDirectoryName(fifo)!);
            using var make = System.Diagnostics.Process.Start("mkfifo", [fifo]);
            await make.WaitForExitAsync();
        }

        var report = await _machine.DetectAsync(new DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(60) });

        report.Machine.Driver.ToString().Should().Be("570.86.15");
        report.Duration.Should().BeLessThan(TimeSpan.FromSeconds(30));
        report.Failures.Should().NotContain(f => f.Kind == DetectionFailure.TimedOut);
    }

    [UnixFact]
    public async Task NvidiaSmi_ThatHangs_CostsItsLimitNotTheRun()
    {
        _machine.File("/proc/driver/nvidia/version", ProcVersion).Program("/usr/bin/nvidia-smi", "exec sleep 600");
        var report = await _machine.DetectAsync(new DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(3) });
        report.Failures.Should().ContainSingle().Which.Kind.Should().Be(DetectionFailure.TimedOut);
        report.Processes.Should().ContainSingle().Which.TimedOut.Should().BeTrue();
        report.Machine.Driver.ToString().Should().Be("570.86.15");
    }

    [UnixFact]
    public async Task NvidiaSmi_WhoseChildHoldsThePipe_IsNotWaitedFor()
    {
        _machine.Program("/usr/bin/nvidia-smi", "sleep 30 & exit 0");
        var report = await _machine.DetectAsync(new DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(20) });
        report.Failures.Should().ContainSingle().Which.Kind.Should().Be(DetectionFailure.Unrecognised, "it ended without a word");
        report.Processes.Should().NotBeEmpty().And.OnlyContain(p => !p.TimedOut && p.ExitCode == 0 && p.Duration < TimeSpan.FromSeconds(15));
    }

    [UnixFact]
    public async Task NvidiaSmi_ThatFloodsItsOutput_IsStopped()
    {
        _machine.Program("/usr/bin/nvidia-smi", "yes garbage garbage garbage");
        var report = await _machine.DetectAsync();
        report.Failures.Should().ContainSingle().Which.Kind.Should().Be(DetectionFailure.Unrecognised);
    }

    [UnixFact]
    public async Task NvidiaSmi_PlantedInTheCurrentFolder_IsNeverStarted()
    {
        var planted = _machine.Map("/home/user/here");
        _machine.Program("/home/user/here/nvidia-smi", "touch \"$0.ran\"; echo 'GPU 0: NVIDIA FAKE (UUID: GPU-00000000)'")
            .Program("/home/user/here/gcc", "touch \"$0.ran\"; echo 99").Program("/home/user/here/python3", "touch \"$0.ran\"")
            .Variable("PATH", ".:/home/user/here::user/here:/home/user/here/../here:/usr/bin");
        _machine.CurrentFolder = planted;
        var report = await _machine.DetectAsync();
        report.Processes.Should().BeEmpty();
        Directory.GetFiles(planted, "*.ran").Should().BeEmpty();
        report.Machine.Gpus.Should().BeNull();
    }

    [UnixFact]
    public async Task Program_InAFolderThatEverybodyMayWrite_IsNotTrusted()
    {
        _machine.Program("/opt/open/gcc", "echo 13.2.0").Variable("PATH", "/opt/open");
        _machine.Mode("/opt/open", (UnixFileMode)0x1FF);
        (await _machine.DetectAsync()).Machine.Gcc.Should().BeNull();
        _machine.Mode("/opt/open", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await _machine.DetectAsync()).Machine.Gcc.ToString().Should().Be("13.2.0");
    }

    [UnixFact]
    public async Task Card_WithoutADriver_IsKnownByItsPciId()
    {
        _machine.File("/sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n").File("/sys/bus/pci/devices/0000:01:00.0/device", "0x2684\n").File("/sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n")
            .File("/sys/bus/pci/devices/0000:01:00.1/vendor", "0x10de\n").File("/sys/bus/pci/devices/0000:01:00.1/device", "0x22ba\n").File("/sys/bus/pci/devices/0000:01:00.1/class", "0x040300\n")
            .File("/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n").File("/sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n");
        var report = await _machine.DetectAsync();
        report.Machine.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = (string?)null, PciDeviceId = "2684" });
        report.Machine.GpusListedByDriver.Should().BeFalse();
    }

    [UnixFact]
    public async Task Wsl_IsToldFromLinux_AndALinuxDriverInsideIsReported()
    {
        _machine.File("/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n").File("/usr/lib/x86_64-linux-gnu/libcuda.so.1", "x")
            .Program("/usr/lib/wsl/lib/nvidia-smi", SmiScript.Replace("Driver Version: 570.86.15", "Driver Version: 572.16").Replace("570.86.15, 23034", "572.16, 23034"));
        var report = await _machine.DetectAsync();
        report.Machine.OperatingSystem.Should().Be(OperatingSystemFamily.Wsl);
        report.Machine.Driver.ToString().Should().Be("572.16", "the Windows driver's number counts");
        report.LinuxDriverFilesInWsl.Should().Equal("/usr/lib/x86_64-linux-gnu/libcuda.so.1");
    }

    [UnixFact]
    public async Task Jetson_IsTegra()
    {
        _machine.File("/proc/device-tree/compatible", "nvidia,p3737-0000+p3701-0000\0nvidia,tegra234\0");
        (await _machine.DetectAsync()).Machine.Tegra.Should().BeTrue();
    }

    [UnixFact]
    public async Task MachineVariable_StandsForTheMachine_AndIsToldSo()
    {
        _machine.File("/etc/machine.json", """{"id": "node7", "os": "linux", "driver": "535.104.05", "gpus": [{"name": "NVIDIA L4"}]}""")
            .Variable(DetectionOptions.MachineVariable, "/etc/machine.json").Program("/usr/bin/nvidia-smi", SmiScript);
        var report = await _machine.DetectAsync();
        report.OverriddenBy.Should().Contain("/etc/machine.json");
        (report.Machine.Id, report.Machine.Driver.ToString()).Should().Be(("node7", "535.104.05"));
        report.Processes.Should().BeEmpty();
        (await _machine.DetectAsync(new DetectionOptions { HonourMachineVariable = false })).Machine.Driver.ToString().Should().Be("570.86.15");
    }

    [UnixFact]
    public async Task MachineVariable_OfABadDocument_NamesTheField()
    {
        _machine.File("/etc/machine.json", """{"os": "linux", "drivr": "535"}""").Variable(DetectionOptions.MachineVariable, "/etc/machine.json");
        var act = () => _machine.DetectAsync();
        (await act.Should().ThrowAsync<MachineDocumentException>()).Which.Message.Should().Contain("drivr");
    }

    [Fact]
    public async Task Windows_WithoutTools_KnowsCardAndDriverFromItsRegistry()
    {
        _machine.IsWindows = true;
        _machine.Adapters =
        [
            new DisplayAdapter("Microsoft Basic Display Adapter", "10.0.1.1", "root\\basicdisplay"),
            new DisplayAdapter("NVIDIA GeForce RTX 4090", "32.0.15.6094", "pci\\ven_10de&dev_2684&subsys_889d1043"),
        ];
        var report = await _machine.DetectAsync();
        (report.Machine.OperatingSystem, report.Machine.Driver.ToString()).Should().Be((OperatingSystemFamily.Windows, "560.94"));
        report.Machine.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "NVIDIA GeForce RTX 4090", PciDeviceId = "2684" });
    }

    [Fact]
    public async Task RealMachine_IsDetectedWithoutThrowing()
    {
        var report = await DriverDetector.DetectAsync(new DetectionOptions { HonourMachineVariable = false });
        report.Machine.Architecture.Should().NotBeNull();
        report.Facts.Should().Contain(f => f.Field == "os");
    }
}
