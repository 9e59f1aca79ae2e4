using System.Globalization;
using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Asks the driver itself, through NVML, where its library lies in one of its usual folders.</summary>
internal sealed class NvmlProbe(DetectionHost host) : IProbe
{
    private static readonly string[] LinuxFolders =
    [
        "/usr/lib/wsl/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64", "/usr/local/nvidia/lib64",
        "/usr/lib/x86_64-linux-gnu/nvidia/current", "/usr/lib/aarch64-linux-gnu/nvidia", "/usr/lib64/nvidia", "/run/opengl-driver/lib", "/usr/local/lib",
    ];

    // Without any of these NVML cannot start, and as administrator it would make device files in trying.
    private static readonly string[] DriverSigns = ["/proc/driver/nvidia/version", "/sys/module/nvidia/version", "/dev/nvidiactl", "/dev/dxg", "/dev/nvgpu", "/dev/nvhost-gpu", "/dev/nvmap"];

    public string Name => "NVML";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation) => Task.Run(Look, cancellation);

    private IReadOnlyList<Findings> Look()
    {
        foreach (var path in Candidates())
        {
            if (!host.Files.FileExists(path))
                continue;
            if (host.IsLinux && !DriverSigns.Any(s => host.Files.FileExists(s) || host.Files.FolderExists(s)))
                return [new Findings($"NVML ({path})") { Failure = FailureOf(NotLoaded) }];
            if (NvmlLibrary.Load(host.Files.Map(path)) is { } nvml)
                return [Ask(nvml, $"NVML ({path})")];
        }

        return [];
    }

    private IEnumerable<string> Candidates() => host.IsWindows
        ? [
            host.Join(host.Variable("SystemRoot") ?? @"C:\Windows", "System32", "nvml.dll"),
            host.Join(host.Variable("ProgramFiles") ?? @"C:\Program Files", "NVIDIA Corporation", "NVSMI", "nvml.dll"),
        ]
        : host.IsMacOS ? [] : LinuxFolders.Select(f => f + "/libnvidia-ml.so.1");

    private static Findings Ask(NvmlLibrary nvml, string source)
    {
        var code = nvml.Init();
        if (code != 0)
            return new Findings(source) { Failure = FailureOf(code) };
        try
        {
            var gpus = new List<ListedGpu>();
            DetectionFailure? failure = null;
            for (var i = 0; i < Math.Min(nvml.DeviceCount() ?? 0, DriverInfo.MaximumGpus); i++)
            {
                var device = nvml.Device(i, out var deviceCode);
                if (deviceCode == 0)
                    gpus.Add(Gpu(nvml, device, i));
                else
                    failure ??= FailureOf(deviceCode);
            }

            var cuda = nvml.CudaVersion();
            return new Findings(source)
            {
                IsDriver = true,
                Driver = DriverVersion.TryParse(nvml.DriverVersion(), out var driver) ? driver : null,
                MaxCuda = cuda is > 1000 and < 1_000_000 ? new CudaVersion(cuda.Value / 1000, cuda.Value % 1000 / 10) : null,
                Gpus = failure is not null && gpus.Count == 0 ? null : gpus,
                Failure = failure ?? (gpus.Count == 0 ? FailureOf(NotFound) : null),
            };
        }
        finally
        {
            nvml.Shutdown();
        }
    }

    private static ListedGpu Gpu(NvmlLibrary nvml, IntPtr device, int index)
    {
        var pci = nvml.Pci(device);
        var capability = nvml.ComputeCapability(device);
        return new ListedGpu
        {
            Index = index,
            Position = index,
            Name = nvml.Name(device),
            Uuid = nvml.Uuid(device),
            ComputeCapability = capability is ( >= 1 and <= 99, >= 0 and <= 9) ? new ComputeCapability(capability.Value.Major, capability.Value.Minor) : null,
            BusId = pci?.BusId,
            PciDeviceId = pci is { } known ? ListedGpu.DeviceIdOf(known.DeviceId.ToString("X8", CultureInfo.InvariantCulture)) : null,
            MemoryTotalMiB = nvml.TotalMemory(device) is { } bytes ? (int)Math.Min(bytes >> 20, int.MaxValue) : null,
        };
    }

    private const int NotFound = 6;
    private const int NotLoaded = 9;

    // nvmlReturn_t of nvml.h
    private static DetectionFailure FailureOf(int code)
    {
        var kind = code switch
        {
            4 => "nvml_insufficient_permissions",
            NotFound => "no_devices_found",
            NotLoaded => DetectionFailure.DriverNotLoaded,
            12 => "libnvidia_ml_missing",
            15 => "gpu_lost",
            17 => "gpu_access_blocked",
            18 => "driver_library_mismatch",
            _ => "nvml_unknown_error",
        };
        var known = CuratedFacts.Failures.First(f => f.Kind == kind);
        return new DetectionFailure(kind, known.Message, known.Next)
        {
            Details = new Dictionary<string, string> { ["nvmlReturn"] = code.ToString(CultureInfo.InvariantCulture) },
        };
    }
}
