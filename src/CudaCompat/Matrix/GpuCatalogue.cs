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
    private const int MostSlips = 2, MinimumToCompare = 4, MaximumToCompare = 40;
    private readonly RowIndex _byCompactName = image.Index(GpuNames.ByCompactName);
    private readonly RowIndex _byWords = image.Index(GpuNames.ByWords);
    private readonly RowIndex _byModel = image.Index(GpuNames.ByModel);
    private readonly RowIndex _byPciId = image.Index(GpuNames.ByPciId);
    private readonly ConcurrentDictionary<string, GpuReading> _known = new(StringComparer.Ordinal);

    /// <summary>What a PCI device id of NVIDIA (four hexadecimal digits) is; null where unknown.</summary>
    public Entry? FindPci(string deviceId) => Of(_byPciId, deviceId.ToLowerInvariant());

    /// <summary>What a name is; null where unknown.</summary>
    public Entry? Find(string name) => Read(name).Entry;

    /// <summary>What a name says: a card that the data knows, perhaps by another name; nothing; or a card of another maker.</summary>
    public GpuReading Read(string name)
    {
        if (_known.TryGetValue(name, out var known))
            return known;
        var found = Look(name) is { } entry ? new GpuReading(entry) : GpuSpelling.Read(name, Look, id => FindPci(id) is { } card ? (card, NameOf(id)) : null);
        if (_known.Count < MostKnownNames)
            _known.TryAdd(name, found);
        return found;
    }

    /// <summary>The known names that are nearest to one that is not known, the nearest first; none where nothing is near.</summary>
    public IReadOnlyList<string> Nearest(string name, int most)
    {
        var compact = GpuName.Of(name).Compact;
        if (compact.Length is < MinimumToCompare or > MaximumToCompare)
            return [];
        var near = new List<(int Distance, string Name)>();
        for (var i = 0; i < _byCompactName.Count; i++)
        {
            var key = _byCompactName.KeyAt(i);
            if (Math.Abs(key.Length - compact.Length) <= MostSlips && Slips.Between(compact, key) is var distance and <= MostSlips)
                near.Add((distance, RowName(_byCompactName.At(i)[0])));
        }

        return near.Count == 0 ? [] : [.. near.Where(n => n.Distance == near.Min(o => o.Distance)).Select(n => n.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(most)];
    }

    /// <summary>The compute capability of a chip by its code name (GK208); null where the list of PCI ids has none or several.</summary>
    public ComputeCapability? OfChip(string chip)
    {
        ComputeCapability? found = null;
        foreach (var row in data.PciGpus)
        {
            if (!string.Equals(row.Chip, chip, StringComparison.OrdinalIgnoreCase) || row.ComputeCapability is not { } capability)
                continue;
            if (found is { } other && other != capability)
                return null;
            found = capability;
        }

        return found;
    }

    private string NameOf(string deviceId) => _byPciId.Search(deviceId.ToLowerInvariant()) is var place and >= 0 ? RowName(_byPciId.At(place)[0]) : deviceId;

    private string RowName(int number) => number < data.Gpus.Count ? data.Gpus[number].Name : data.PciGpus[number - data.Gpus.Count].Name;

    private Entry? Look(string name)
    {
        var parsed = GpuName.Of(name);
        if (!parsed.HasModel)
            return null;
        // Another vendor's name may be on an NVIDIA chip (Matrox D1450), but only where the whole name is in the data.
        if (parsed.Foreign)
            return Of(_byCompactName, parsed.Compact);
        return parsed.Truncated ? FindTruncated(parsed) : Of(_byCompactName, parsed.Compact) ?? Of(_byWords, parsed.Words) ?? OfModel(parsed);
    }

    // Of the cards of one number those of the product line that is named: an RTX 6000 is no Quadro 6000.
    private Entry? OfModel(GpuName name)
    {
        if (_byModel.Search(name.Model) is not (>= 0 and var place))
            return null;
        var lines = name.Words.Split(' ').Except(name.Model.Split(' '), StringComparer.Ordinal).ToArray();
        Entry? ofLine = null;
        foreach (var number in _byModel.At(place))
        {
            if (lines.All(GpuName.Of(RowName(number)).Words.Split(' ').Contains))
                ofLine = Entry.Union(ofLine, Row(number));
        }

        return ofLine ?? At(_byModel, place);
    }

    private Entry? FindTruncated(GpuName name)
    {
        Entry? found = null;
        var start = _byCompactName.Search(name.Compact);
        for (var i = start < 0 ? ~start : start; i < _byCompactName.Count && _byCompactName.KeyAt(i).StartsWith(name.Compact, StringComparison.Ordinal); i++)
            found = Entry.Union(found, At(_byCompactName, i)!);
        // A suffix that no list has ("P100-SXM2-1...") may be cut off whole, but never a part of the model itself.
        return found ?? Of(_byWords, name.Words) ?? OfModel(name);
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
