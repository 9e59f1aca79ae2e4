using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Reads what the Linux kernel says of the loaded NVIDIA module.</summary>
internal sealed class KernelProbe(DetectionHost host) : IProbe
{
    private const string Proc = "/proc/driver/nvidia/version";
    private const string Sys = "/sys/module/nvidia/version";

    public string Name => "kernel module";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var found = new List<Findings>();
        if (!host.IsLinux)
            return Task.FromResult<IReadOnlyList<Findings>>(found);
        if (host.Files.ReadText(Proc) is { } text && KernelModuleText.Parse(text) is { } module)
            found.Add(new Findings(Proc) { Driver = module.Driver, KernelModule = module.Flavour, Architecture = module.Architecture });
        if (host.Files.ReadText(Sys)?.Trim() is { } version && DriverVersion.TryParse(version, out var driver))
            found.Add(new Findings(Sys) { Driver = driver });
        return Task.FromResult<IReadOnlyList<Findings>>(found);
    }
}
