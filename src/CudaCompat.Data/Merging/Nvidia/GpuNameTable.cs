using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>GPU names while their sources are read.</summary>
internal sealed class GpuNameTable(GpuSegments segments)
{
    private const string Brand = "NVIDIA ";
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of all names so far.</summary>
    public IReadOnlySet<string> Known => _entries.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a name with a capability. The spelling with NVIDIA in front, as the driver prints it today, is kept where there is one.</summary>
    public void Add(string name, ComputeCapability capability, string? segment, string[] sources, string? evidence, string? note = null)
    {
        var spelling = TextLines.Collapse(name);
        if (segments.Of(spelling).Segment == GpuSegments.NoName)
            return;
        if (!_entries.TryGetValue(Key(spelling), out var entry))
            _entries.Add(Key(spelling), entry = new Entry { Name = spelling });
        if (spelling.StartsWith(Brand, StringComparison.Ordinal) && !entry.Name.StartsWith(Brand, StringComparison.Ordinal))
            entry.Name = spelling;
        entry.Capabilities.Add(capability);
        entry.Segment ??= segment;
        entry.Sources = Evidence.Union(entry.Sources, sources);
        entry.Evidence ??= evidence;
        entry.Note ??= note;
    }

    /// <summary>Names a further source for a card that is given without its brand; false where no name of that capability fits.</summary>
    public bool Confirm(string card, ComputeCapability capability, string source)
    {
        var found = _entries.Where(e => e.Value.Capabilities.Contains(capability) && (e.Key.Equals(card, StringComparison.OrdinalIgnoreCase) || e.Key.EndsWith(" " + card, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var (_, entry) in found)
            entry.Sources = Evidence.Union(entry.Sources, [source]);
        return found.Count > 0;
    }

    /// <summary>The rows of data/gpus.json.</summary>
    public IEnumerable<GpuRow> ToRows(IReadOnlyDictionary<ComputeCapability, string> architectures)
    {
        foreach (var entry in _entries.Values)
        {
            var (segment, forward) = segments.Of(entry.Name);
            // NVIDIA's own column "Data Center" says more than a brand.
            if (entry.Segment == "datacenter")
                (segment, forward) = ("datacenter", true);
            var architecture = string.Join(" / ", entry.Capabilities.Select(c => architectures.GetValueOrDefault(c)?.Split(" (")[0]).Where(a => a is not null).Distinct());
            var note = entry.Capabilities.Count > 1 ? "one name, several chips" : null;
            yield return new GpuRow(entry.Name, [.. entry.Capabilities], architecture.Length == 0 ? null : architecture, segment, forward, entry.Sources, entry.Evidence, entry.Note ?? note);
        }
    }

    /// <summary>A name without NVIDIA in front: what makes two spellings one name.</summary>
    public static string Key(string name) => name.StartsWith(Brand, StringComparison.OrdinalIgnoreCase) ? name[Brand.Length..] : name;

    private sealed class Entry
    {
        public required string Name { get; set; }

        public SortedSet<ComputeCapability> Capabilities { get; } = [];

        public string? Segment { get; set; }

        public string[] Sources { get; set; } = [];

        public string? Evidence { get; set; }

        public string? Note { get; set; }
    }
}
