using System.Collections.Concurrent;
using System.Collections.Immutable;
using CudaCompat.Matrix.Image;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// Finds a GPU by the name people and drivers use: with and without brand, words in any order, cut with dots. A name that is two chips
/// gives two capabilities; an unknown name gives none.
/// </summary>
internal sealed class GpuCatalogue(DataImage image, MatrixData data)
{
    // Machines ask for the same few names again and again; what a stranger's names cost is bounded.
    private const int MostKnownNames = 4096;
    private readonly RowIndex _byCompactName = image.Index(GpuNames.ByCompactName);
    private readonly RowIndex _byWords = image.Index(GpuNames.ByWords);
    private readonly RowIndex _byModel = image.Index(GpuNames.ByModel);
    private readonly RowIndex _byPciId = image.Index(GpuNames.ByPciId);
    private readonly ConcurrentDictionary<string, Entry?> _known = new(StringComparer.Ordinal);

    /// <summary>What a PCI device id of NVIDIA (four hexadecimal digits) is; null where unknown.</summary>
    public Entry? FindPci(string deviceId) => Of(_byPciId, deviceId.ToLowerInvariant());

    /// <summary>What a name is; null where unknown.</summary>
    public Entry? Find(string name)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        var found = Look(name);
        if (_known.Count < MostKnownNames)
            _known.TryAdd(name, found);
        return found;
    }

    private Entry? Look(string name)
    {
        var parsed = GpuName.Of(name);
        if (!parsed.HasModel)
            return null;
        // Another vendor's name may be on an NVIDIA chip (Matrox D1450), but only where the whole name is in the data.
        if (parsed.Foreign)
            return Of(_byCompactName, parsed.Compact);
        return parsed.Truncated ? FindTruncated(parsed) : Of(_byCompactName, parsed.Compact) ?? Of(_byWords, parsed.Words) ?? Of(_byModel, parsed.Model);
    }

    private Entry? FindTruncated(GpuName name)
    {
        Entry? found = null;
        var start = _byCompactName.Search(name.Compact);
        for (var i = start < 0 ? ~start : start; i < _byCompactName.Count && _byCompactName.KeyAt(i).StartsWith(name.Compact, StringComparison.Ordinal); i++)
            found = Entry.Union(found, At(_byCompactName, i)!);
        // A suffix that no list has ("P100-SXM2-1...") may be cut off whole, but never a part of the model itself.
        return found ?? Of(_byWords, name.Words) ?? Of(_byModel, name.Model);
    }

    private Entry? Of(RowIndex index, string key) => index.Search(key) is var place and >= 0 ? At(index, place) : null;

    private Entry? At(RowIndex index, int place)
    {
        Entry? entry = null;
        foreach (var number in index.At(place))
            entry = entry is null ? Row(number) : Entry.Union(entry, Row(number));
        return entry;
    }

    // Numbers of the PCI list come after those of the list of names.
    private Entry Row(int number)
    {
        if (number < data.Gpus.Count)
        {
            var gpu = data.Gpus[number];
            return new Entry([.. gpu.Capabilities], gpu.ForwardCompat, [.. gpu.Sources]);
        }

        var pci = data.PciGpus[number - data.Gpus.Count];
        return new Entry([pci.ComputeCapability!.Value], null, [.. pci.Sources]);
    }

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
