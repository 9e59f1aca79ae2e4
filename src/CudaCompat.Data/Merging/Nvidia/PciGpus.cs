using System.Globalization;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>PCI device ids with their chip and compute capability. A device without one (no CUDA, or an unknown chip) is rejected.</summary>
internal sealed class PciGpus : ISubject
{
    /// <inheritdoc/>
    public string Name => "PCI GPUs";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var firstDrivers = new Dictionary<string, (DriverVersion Driver, string[] Sources)>(StringComparer.Ordinal);
        foreach (var row in sources.Table("nvidia/driver_first_listed_gpu.tsv", "pci_device_id name", "pci_device_id", "name", "compute_capability", "lowest_driver_listing_it", "lowest_vulkan_beta_listing_it", "evidence"))
        {
            firstDrivers[row.Required("pci_device_id").ToLowerInvariant()] = (row.Required<DriverVersion>("lowest_driver_listing_it"), Evidence.Sources(sources, row, row.Required("evidence")));
            row.Use();
        }

        foreach (var row in Table(sources))
        {
            var id = row.Required("pci_device_id").ToLowerInvariant();
            var evidence = row.Required("evidence");
            var first = firstDrivers.GetValueOrDefault(id);
            var ids = Evidence.Union(Evidence.Sources(sources, row, evidence), first.Sources ?? []);
            var name = row.Text("nvidia_name") ?? row.Text("pciids_name") ?? row.Required("chip");
            facts.PciGpus.Add(new PciGpuRow(id, name, row.Text("chip"), row.Optional<ComputeCapability>("compute_capability"), Branch(row), first.Sources is null ? null : first.Driver, ids, evidence));
            row.Use();
        }

        var known = facts.PciGpus.Rows.Select(r => r.DeviceId).ToHashSet(StringComparer.Ordinal);
        Confirm(sources, "nvidia/gpus/pci.ids.10de", PciLists.PciIds, known);
        foreach (var path in sources.Files("nvidia/gpus", "supported-gpus.driver-*.json"))
            Confirm(sources, path, PciLists.SupportedGpus, known);
    }

    /// <summary>The harvested table of devices.</summary>
    internal static TsvTable Table(SourceFolder sources) =>
        sources.Table("nvidia/gpus/pci_gpus.tsv", "pci_device_id", "pci_device_id", "chip", "pciids_name", "nvidia_name", "compute_capability", "architecture", "legacy_branch_in_driver_525_list", "evidence");

    /// <summary>The devices of a list; a device of unknown capability is rejected, the others are used for their names.</summary>
    internal static IReadOnlyList<SourceRecord<PciDevice>> Devices(SourceFolder sources, string path, Func<string, string, IReadOnlyList<PciDevice>> parser)
    {
        var file = sources.Open(path, nameof(PciLists), "table");
        return file.Records.Count > 0
            ? [.. file.Records.Cast<SourceRecord<PciDevice>>()]
            : [.. parser(file.Path, file.Text).Select(d => file.Record(d.Place, $"{d.DeviceId} {d.Name}", d))];
    }

    private static void Confirm(SourceFolder sources, string path, Func<string, string, IReadOnlyList<PciDevice>> parser, HashSet<string> known)
    {
        foreach (var device in Devices(sources, path, parser))
        {
            if (known.Contains(device.Value.DeviceId))
                device.Use();
            else
                device.Reject("no compute capability is known for this device");
        }
    }

    private static int? Branch(TsvRow row) => row.Text("legacy_branch_in_driver_525_list") is not { } text ? null
        : int.TryParse(text.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var branch) ? branch
        : throw row.Error($"'{text}' is no driver branch.");
}
