using System.Collections.Frozen;
using System.Collections.Immutable;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// Finds a GPU by the name people and drivers use: with and without brand, words in any order, cut with dots. A name that is two chips
/// gives two capabilities; an unknown name gives none. Built on first use, since many machines come with their capabilities.
/// </summary>
internal sealed class GpuCatalogue
{
    private readonly FrozenDictionary<string, Entry> _byCompactName;
    private readonly FrozenDictionary<string, Entry> _byWords;
    private readonly FrozenDictionary<string, Entry> _byModel;
    private readonly FrozenDictionary<string, Entry> _byPciId;
    private readonly string[] _compactNames;

    public GpuCatalogue(MatrixData data)
    {
        var compact = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var words = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var models = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var pci = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var row in data.Gpus)
            Add(row.Name, new Entry([.. row.Capabilities], row.ForwardCompat, [.. row.Sources]));
        // The list of names has weighed the device ids already: these add only names that it lacks.
        var named = new HashSet<string>(compact.Keys, StringComparer.Ordinal);
        foreach (var row in data.PciGpus)
        {
            if (row.ComputeCapability is not { } capability)
                continue;
            var entry = new Entry([capability], null, [.. row.Sources]);
            Merge(pci, row.DeviceId, entry);
            foreach (var name in row.Name.Split(" / ", StringSplitOptions.RemoveEmptyEntries))
            {
                if (!named.Contains(GpuName.Of(name).Compact))
                    Add(name, entry);
            }
        }

        _byCompactName = compact.ToFrozenDictionary(StringComparer.Ordinal);
        _byWords = words.ToFrozenDictionary(StringComparer.Ordinal);
        _byModel = models.ToFrozenDictionary(StringComparer.Ordinal);
        _byPciId = pci.ToFrozenDictionary(StringComparer.Ordinal);
        _compactNames = [.. compact.Keys.Order(StringComparer.Ordinal)];

        void Add(string name, Entry entry)
        {
            var parsed = GpuName.Of(name);
            if (!parsed.HasModel)
                return;
            Merge(compact, parsed.Compact, entry);
            Merge(words, parsed.Words, entry);
            Merge(models, parsed.Model, entry);
        }
    }

    /// <summary>What a PCI device id of NVIDIA (four hexadecimal digits) is; null where unknown.</summary>
    public Entry? FindPci(string deviceId) => _byPciId.GetValueOrDefault(deviceId.ToLowerInvariant());

    /// <summary>What a name is; null where unknown.</summary>
    public Entry? Find(string name)
    {
        var parsed = GpuName.Of(name);
        if (!parsed.HasModel)
            return null;
        // Another vendor's name may be on an NVIDIA chip (Matrox D1450), but only where the whole name is in the data.
        if (parsed.Foreign)
            return _byCompactName.GetValueOrDefault(parsed.Compact);
        if (parsed.Truncated)
            return FindTruncated(parsed);
        if (_byCompactName.TryGetValue(parsed.Compact, out var entry) || _byWords.TryGetValue(parsed.Words, out entry) || _byModel.TryGetValue(parsed.Model, out entry))
            return entry;
        return null;
    }

    private Entry? FindTruncated(GpuName name)
    {
        Entry? found = null;
        var start = Array.BinarySearch(_compactNames, name.Compact, StringComparer.Ordinal);
        for (var i = start < 0 ? ~start : start; i < _compactNames.Length && _compactNames[i].StartsWith(name.Compact, StringComparison.Ordinal); i++)
            found = Entry.Union(found, _byCompactName[_compactNames[i]]);
        // A suffix that no list has ("P100-SXM2-1...") may be cut off whole, but never a part of the model itself.
        return found ?? (_byWords.TryGetValue(name.Words, out var entry) || _byModel.TryGetValue(name.Model, out entry) ? entry : null);
    }

    private static void Merge(Dictionary<string, Entry> into, string key, Entry entry) =>
        into[key] = into.TryGetValue(key, out var old) ? Entry.Union(old, entry) : entry;

    /// <summary>What is known of a name.</summary>
    /// <param name="Capabilities">One capability, or several where the name is several chips.</param>
    /// <param name="ForwardCompat">Whether NVIDIA's forward-compatibility package serves the card; null where unknown.</param>
    internal sealed record Entry(ImmutableArray<ComputeCapability> Capabilities, bool? ForwardCompat, ImmutableArray<string> Sources)
    {
        internal static Entry Union(Entry? left, Entry right) => left is null
            ? right
            : new Entry(
                [.. left.Capabilities.Union(right.Capabilities).Order()],
                left.ForwardCompat ?? right.ForwardCompat,
                [.. left.Sources.Union(right.Sources, StringComparer.Ordinal)]);
    }
}
