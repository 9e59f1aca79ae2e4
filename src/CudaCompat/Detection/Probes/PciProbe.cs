using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;

namespace CudaCompat.Detection.Probes;

/// <summary>Reads NVIDIA's display devices off the PCI bus, so that a machine without a driver learns what card it has.</summary>
internal sealed class PciProbe(DetectionHost host) : IProbe
{
    private const string Devices = "/sys/bus/pci/devices";
    private const string NvidiaVendor = "0x10de";
    private const string DisplayClass = "0x03";

    public string Name => "PCI bus";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var addresses = host.IsLinux ? host.Files.FolderNames(Devices) : [];
        if (addresses.Count == 0)
            return Task.FromResult<IReadOnlyList<Findings>>([]); // no bus in sight: nothing is known, not "no GPU"
        var gpus = new List<ListedGpu>();
        foreach (var address in addresses)
        {
            if (Attribute(address, "vendor") != NvidiaVendor || Attribute(address, "class")?.StartsWith(DisplayClass, StringComparison.Ordinal) != true)
                continue;
            var device = Attribute(address, "device");
            gpus.Add(new ListedGpu
            {
                Position = gpus.Count,
                BusId = address,
                PciDeviceId = device is { Length: 6 } && device.StartsWith("0x", StringComparison.Ordinal) ? device[2..].ToLowerInvariant() : null,
            });
        }

        return Task.FromResult<IReadOnlyList<Findings>>([new Findings(Devices) { Gpus = gpus }]);
    }

    private string? Attribute(string address, string name) => host.Files.ReadText($"{Devices}/{address}/{name}")?.Trim();
}
