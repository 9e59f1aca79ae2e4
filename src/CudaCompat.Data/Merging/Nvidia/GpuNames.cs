using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Marketing names of GPUs with their compute capability: NVIDIA's pages, then the names of PCI devices. Spellings that differ in case or in
/// the word NVIDIA in front are one name. A name that stands for two chips has both capabilities.
/// </summary>
internal sealed class GpuNames : ISubject
{
    /// <inheritdoc/>
    public string Name => "GPU names";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var names = new GpuNameTable(GpuSegments.Read(sources));
        foreach (var row in sources.Table("nvidia/gpus.tsv", "name", "name", "compute_capability", "architecture", "segment", "evidence"))
        {
            var evidence = row.Required("evidence");
            names.Add(row.Required("name"), row.Required<ComputeCapability>("compute_capability"), row.Text("segment"), Evidence.Sources(sources, row, evidence), Evidence.Text(evidence));
            row.Use();
        }

        foreach (var path in new[] { "nvidia/docs/cuda-gpus.txt", "nvidia/docs/cuda-legacy-gpus.txt" })
            ReadList(sources, path, GpuLists.ByCapability, names);
        ReadList(sources, "nvidia/docs/cuda-gpus.2022.cnblogs.txt", GpuLists.ByName, names);
        foreach (var row in sources.Curated("gpu-names.tsv", "name", "name", "compute_capability", "note", "evidence"))
        {
            names.Add(row.Required("name"), row.Required<ComputeCapability>("compute_capability"), null, Evidence.Sources(sources, row, row.Required("evidence")), Evidence.Text(row["evidence"]), row.Text("note"));
            row.Use();
        }

        ReadDevices(sources, facts, names);
        ReadCards(sources, names);
        foreach (var row in names.ToRows(facts.Architectures.Rows.ToDictionary(a => a.ComputeCapability, a => a.Name)))
            facts.Gpus.Add(row);
    }

    private static void ReadList(SourceFolder sources, string path, Func<string, string, IReadOnlyList<NamedGpu>> parser, GpuNameTable names)
    {
        var file = sources.Open(path, nameof(GpuLists), "page");
        foreach (var gpu in parser(file.Path, file.Text))
        {
            var record = file.Record(TextLines.Place(gpu.Line), gpu.Name, gpu);
            names.Add(gpu.Name, gpu.Capability, gpu.Segment, [file.Id], null);
            record.Use();
        }
    }

    // Sub-devices of one id carry names of their own ("with Max-Q Design"), all on the same chip. A name that the community's pci.ids gives to
    // a further chip counts only where no list of NVIDIA has that name.
    private static void ReadDevices(SourceFolder sources, FactStore facts, GpuNameTable names)
    {
        var devices = facts.PciGpus.Rows.Where(r => r.ComputeCapability is not null).ToDictionary(r => r.DeviceId, StringComparer.Ordinal);
        var named = PciGpus.Table(sources).Where(r => r.Text("nvidia_name") is not null).Select(r => r["pci_device_id"].ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        foreach (var device in devices.Values.Where(d => named.Contains(d.DeviceId)))
            names.Add(device.Name, device.ComputeCapability!.Value, null, device.Sources, null);
        ReadDriverLists(sources, devices, names);
        var known = names.Known;
        foreach (var device in devices.Values.Where(d => !named.Contains(d.DeviceId) && !known.Contains(GpuNameTable.Key(d.Name))))
            names.Add(device.Name, device.ComputeCapability!.Value, null, device.Sources, null);
    }

    private static void ReadDriverLists(SourceFolder sources, Dictionary<string, PciGpuRow> devices, GpuNameTable names)
    {
        foreach (var path in sources.Files("nvidia/gpus", "supported-gpus.driver-*.json"))
        {
            foreach (var listed in PciGpus.Devices(sources, path, PciLists.SupportedGpus))
            {
                if (devices.TryGetValue(listed.Value.DeviceId, out var device))
                    names.Add(listed.Value.Name, device.ComputeCapability!.Value, null, [listed.File.Id, .. device.Sources], null);
            }
        }

        foreach (var path in sources.Files("nvidia/gpus", "open-gpu-kernel-modules.*.md"))
        {
            var file = sources.Open(path, nameof(GpuLists), "page");
            foreach (var (line, name, id) in GpuLists.OpenModules(file.Path, file.Text))
            {
                var record = file.Record(TextLines.Place(line), $"{id} {name}", name);
                if (devices.TryGetValue(id, out var device))
                {
                    names.Add(name, device.ComputeCapability!.Value, null, [file.Id, .. device.Sources], null);
                    record.Use();
                }
                else
                {
                    record.Reject("no compute capability is known for this device");
                }
            }
        }
    }

    // The table gives cards without their brand: they confirm known names.
    private static void ReadCards(SourceFolder sources, GpuNameTable names)
    {
        var file = sources.Open("nvidia/gpus/ollama.docs.gpu.mdx", nameof(GpuLists), "page");
        foreach (var card in GpuLists.Cards(file.Path, file.Text))
        {
            var record = file.Record(TextLines.Place(card.Line), card.Name, card);
            if (names.Confirm(card.Name, card.Capability, file.Id))
                record.Use();
            else
                record.Reject("no GPU of this name and capability is known");
        }
    }
}
