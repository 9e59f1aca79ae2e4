using System.Text.RegularExpressions;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Live.Nvidia;

/// <summary>NVIDIA's pages of CUDA GPUs: a row a compute capability, the names of a cell on lines of their own. Known names keep what they have.</summary>
internal sealed partial class GpusReader : ILiveReader
{
    private static readonly string[] Titles = ["Compute Capability", "Data Center", "Workstation/Consumer", "Jetson"];

    /// <inheritdoc/>
    public string Name => "gpus";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var known = work.Known.Gpus.Rows.GroupBy(g => GpuNameTable.Key(g.Name)).ToDictionary(g => g.Key, g => g.First());
        var chips = work.Known.Architectures.Rows.ToDictionary(a => a.ComputeCapability, a => a.Name);
        bool IsName(string name) => Form().IsMatch(name) || known.ContainsKey(GpuNameTable.Key(name));
        foreach (var role in new[] { "list", "legacy" })
        {
            var agreed = new List<bool>();
            var file = await work.GetAsync(work.Source.Url(role), cancellation);
            var rows = HtmlGrid.Of(file.Text, "; ").Where(t => t.Count > 1 && t[0].SequenceEqual(Titles)).SelectMany(t => t.Skip(1)).ToList();
            if (rows.Count == 0)
                throw file.Error("tables", $"no table with the columns {string.Join(", ", Titles)}: the page changed shape.");
            if (rows.Any(r => r.Length != Titles.Length))
                throw file.Error("tables", "a row has another number of cells than the titles: the page changed shape.");
            foreach (var gpu in GpuLists.ByCapability(file.Path, string.Join('\n', rows.Select(r => string.Join(" | ", r))), IsName))
            {
                if (!IsName(gpu.Name))
                {
                    work.LeaveUnreadable(gpu.Name, "no name of a GPU that is known");
                    continue;
                }

                if (known.TryGetValue(GpuNameTable.Key(gpu.Name), out var same))
                {
                    agreed.Add(same.Capabilities.Contains(gpu.Capability) && (same.Segment is null || same.Segment == gpu.Segment || gpu.Segment.Contains(same.Segment, StringComparison.Ordinal)));
                    if (!same.Capabilities.Contains(gpu.Capability))
                        work.Notes.Add($"{gpu.Name} stands under {gpu.Capability}; the data has {string.Join(", ", same.Capabilities)}, which stays");
                    work.Fresh.Gpus.Replace(same with { Sources = [file.Id], Evidence = null, Note = null });
                }
                else
                {
                    work.Fresh.Gpus.Replace(new GpuRow(gpu.Name, [gpu.Capability], chips.GetValueOrDefault(gpu.Capability), gpu.Segment, null, [file.Id]));
                }
            }

            work.CheckAgreement(file, "GPUs", agreed);
        }
    }

    [GeneratedRegex(@"^(?:NVIDIA|GeForce|Quadro|Tesla|Jetson|RTX|GTX|TITAN|NVS|DGX|GB?\d|[ABHLPTVMKC]\d|T\d|DRIVE|IGX|AGX)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
