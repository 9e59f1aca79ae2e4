using System.Diagnostics;
using CudaCompat.Detection.Probes;

namespace CudaCompat.Tests.Detection;

/// <summary>A test that compiles a small library in NVML's place; skipped in plain sight where there is no C compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerFactAttribute : FactAttribute
{
    public const string Compiler = "/usr/bin/gcc";

    public CompilerFactAttribute()
    {
        if (!File.Exists(Compiler))
            Skip = $"no C compiler at {Compiler}.";
    }
}

public sealed class NvmlProbeTests : IDisposable
{
    // A library stays loaded, and the loader knows it by its inode: of a deleted stub that would go to the next one, which then never runs.
    private static readonly List<FileStream> Kept = [];
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [CompilerFact]
    public async Task Nvml_GivesDriverCudaAndEveryGpu()
    {
        Stub(init: 0, lost: -1);
        var report = await _machine.DetectAsync();
        (report.Machine.Driver.ToString(), report.Machine.MaxCuda.ToString()).Should().Be(("570.86.15", "12.8"));
        report.Machine.Gpus!.Select(g => (g.Name, g.Uuid, g.PciDeviceId, g.ComputeCapability.ToString())).Should().Equal(
            ("NVIDIA Stub 1", "GPU-stub-1", "2684", "8.9"),
            ("NVIDIA Stub 2", "GPU-stub-2", "2684", "8.9"));
        report.Machine.GpusListedByDriver.Should().BeTrue();
        report.Failures.Should().BeEmpty();
        report.Facts.Single(f => f.Field == "driver").Source.Should().Be("NVML (/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1)");
    }

    [CompilerFact]
    public async Task Nvml_WithALostGpu_KeepsTheOthers()
    {
        Stub(init: 0, lost: 0);
        var report = await _machine.DetectAsync();
        report.Machine.Gpus.Should().ContainSingle().Which.Name.Should().Be("NVIDIA Stub 2");
        report.Failures.Should().ContainSingle().Which.Kind.Should().Be("gpu_lost");
    }

    [CompilerTheory]
    [InlineData(18, "driver_library_mismatch")]
    [InlineData(9, "driver_comm_failed")]
    [InlineData(4, "nvml_insufficient_permissions")]
    [InlineData(17, "gpu_access_blocked")]
    [InlineData(999, "nvml_unknown_error")]
    public async Task Nvml_ThatDoesNotStart_IsANamedFailure(int code, string kind)
    {
        Stub(init: code, lost: -1);
        var report = await _machine.DetectAsync();
        var failure = report.Failures.Should().ContainSingle().Subject;
        (failure.Kind, failure.Next.Length > 0).Should().Be((kind, true));
        report.Machine.Gpus.Should().BeNull();
    }

    [CompilerFact]
    public async Task Nvml_WithoutADriver_IsNoFailure_WhereTheBusShowsNoCard()
    {
        Stub(init: 9, lost: -1);
        _machine.File("/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n").File("/sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n");
        var report = await _machine.DetectAsync();
        report.Failures.Should().BeEmpty("a toolkit package of the distribution brings the library to machines that only build");
        report.Machine.Gpus.Should().BeEmpty();
    }

    [CompilerFact]
    public async Task Nvml_ThatHangs_CostsItsLimitNotTheRun()
    {
        Stub(init: 0, lost: -1, hang: true);
        var report = await _machine.DetectAsync(new CudaCompat.Detection.DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(3) });
        report.Failures.Should().ContainSingle(f => f.Kind == "timed_out" && f.Message.Contains("NVML", StringComparison.Ordinal));
    }

    [UnixFact]
    public void File_ThatIsNoLibrary_IsPassedOver()
    {
        _machine.File("/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1", "no library").File("/dev/nvidiactl", "");
        new NvmlProbe(_machine.Host()).RunAsync(CancellationToken.None).Result.Should().BeEmpty();
    }

    [UnixFact]
    public void Nvml_WithoutASignOfADriver_IsNotAskedAtAll()
    {
        _machine.File("/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1", "would not load");
        new NvmlProbe(_machine.Host()).RunAsync(CancellationToken.None).Result.Should().ContainSingle().Which.Failure!.Kind.Should().Be("driver_comm_failed");
    }

    private void Stub(int init, int lost, bool hang = false)
    {
        var source = $$"""
            #include <stdio.h>
            #include <string.h>
            #include <unistd.h>
            typedef struct { char legacy[16]; unsigned domain, bus, device, id, sub; char bus_id[32]; } pci;
            int nvmlInit_v2(void) { {{(hang ? "sleep(600);" : "")}} return {{init}}; }
            int nvmlShutdown(void) { return 0; }
            int nvmlSystemGetDriverVersion(char *t, unsigned n) { snprintf(t, n, "570.86.15"); return 0; }
            int nvmlSystemGetCudaDriverVersion_v2(int *v) { *v = 12080; return 0; }
            int nvmlDeviceGetCount_v2(unsigned *c) { *c = 2; return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **d) { if ((int)i == {{lost}}) return 15; *d = (void *)(long)(i + 1); return 0; }
            int nvmlDeviceGetName(void *d, char *t, unsigned n) { snprintf(t, n, "NVIDIA Stub %ld", (long)d); return 0; }
            int nvmlDeviceGetUUID(void *d, char *t, unsigned n) { snprintf(t, n, "GPU-stub-%ld", (long)d); return 0; }
            int nvmlDeviceGetCudaComputeCapability(void *d, int *a, int *b) { *a = 8; *b = 9; return 0; }
            int nvmlDeviceGetPciInfo_v3(void *d, pci *p) { memset(p, 0, sizeof *p); p->id = 0x268410DE; snprintf(p->bus_id, 32, "00000000:0%ld:00.0", (long)d); return 0; }
            """;
        _machine.File("/stub.c", source).File("/dev/nvidiactl", "").Folder("/usr/lib/x86_64-linux-gnu");
        var start = new ProcessStartInfo(CompilerFactAttribute.Compiler) { UseShellExecute = false };
        foreach (var argument in (string[])["-shared", "-fPIC", "-w", "-o", _machine.Map("/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"), _machine.Map("/stub.c")])
            start.ArgumentList.Add(argument);
        using var compiler = Process.Start(start)!;
        compiler.WaitForExit();
        compiler.ExitCode.Should().Be(0);
        Kept.Add(File.OpenRead(_machine.Map("/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1")));
    }
}

/// <summary>A data-driven test that compiles a small library.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerTheoryAttribute : TheoryAttribute
{
    public CompilerTheoryAttribute()
    {
        if (!File.Exists(CompilerFactAttribute.Compiler))
            Skip = $"no C compiler at {CompilerFactAttribute.Compiler}.";
    }
}
