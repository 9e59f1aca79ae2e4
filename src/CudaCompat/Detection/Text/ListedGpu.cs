using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>One GPU as a text lists it; null means not in the text.</summary>
internal sealed record ListedGpu
{
    /// <summary>The driver's number for it.</summary>
    public int? Index { get; init; }

    /// <summary>The name as printed, possibly cut ("NVIDIA GeForce RTX 309...").</summary>
    public string? Name { get; init; }

    /// <summary>The PCI address as printed (00000000:01:00.0), or N/A.</summary>
    public string? BusId { get; init; }

    /// <summary>The size of its memory in MiB.</summary>
    public int? MemoryTotalMiB { get; init; }

    /// <summary>GPU-….</summary>
    public string? Uuid { get; init; }

    /// <summary>The compute capability.</summary>
    public ComputeCapability? ComputeCapability { get; init; }

    /// <summary>The PCI device id, four hexadecimal digits in lower case.</summary>
    public string? PciDeviceId { get; init; }

    /// <summary>WDDM, TCC or MCDM on Windows.</summary>
    public string? DriverModel { get; init; }

    /// <summary>The profiles of its MIG devices (1g.10gb), in order; null where the text lists none.</summary>
    public IReadOnlyList<string>? MigDevices { get; init; }

    /// <summary>True where the name ends in "...": nvidia-smi cut it to its column.</summary>
    public bool IsNameCut => Name?.EndsWith("...", StringComparison.Ordinal) == true;

    /// <summary>True where the text says which GPU it is, not only that there is one.</summary>
    public bool IsIdentified => (Name ?? Uuid ?? PciDeviceId) is not null || ComputeCapability is not null;

    /// <summary>The machine's view of it.</summary>
    public Gpu ToGpu() => new()
    {
        Name = Name is { Length: > Gpu.MaximumNameLength } ? Name[..Gpu.MaximumNameLength] : Name,
        ComputeCapability = ComputeCapability,
        Uuid = Uuid,
        PciDeviceId = PciDeviceId,
    };

    /// <summary>"0x1E8110DE" or "1E8110DE" to "1e81"; null where the vendor is not NVIDIA.</summary>
    internal static string? DeviceIdOf(string? text)
    {
        if (text is null)
            return null;
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.Length == 8 && digits.EndsWith("10DE", StringComparison.OrdinalIgnoreCase) && digits.All(char.IsAsciiHexDigit)
            ? digits[..4].ToLowerInvariant()
            : null;
    }

    internal static IReadOnlyList<ListedGpu>? Merge(IReadOnlyList<ListedGpu>? first, IReadOnlyList<ListedGpu>? second)
    {
        if (first is null || second is null)
            return first ?? second;
        if (first.Count == 0)
            return second;
        return first.Select((gpu, position) => gpu.Or(second.FirstOrDefault(o => o.IsSameAs(gpu, position, first.Count == second.Count)))).ToArray();
    }

    private bool IsSameAs(ListedGpu other, int position, bool sameCount)
    {
        if (Uuid is not null && other.Uuid is not null)
            return Uuid == other.Uuid;
        if (Index is not null && other.Index is not null)
            return Index == other.Index;
        return sameCount && Index is null && Position == position;
    }

    /// <summary>The place in its list, for lists without numbers.</summary>
    internal int Position { get; init; }

    private ListedGpu Or(ListedGpu? other)
    {
        if (other is null)
            return this;
        var whole = IsNameCut && other.Name is { } name && name.StartsWith(Name![..^3].TrimEnd(), StringComparison.Ordinal) ? name : Name ?? other.Name;
        return this with
        {
            Index = Index ?? other.Index,
            Name = whole,
            BusId = BusId ?? other.BusId,
            MemoryTotalMiB = MemoryTotalMiB ?? other.MemoryTotalMiB,
            Uuid = Uuid ?? other.Uuid,
            ComputeCapability = ComputeCapability ?? other.ComputeCapability,
            PciDeviceId = PciDeviceId ?? other.PciDeviceId,
            DriverModel = DriverModel ?? other.DriverModel,
            MigDevices = MigDevices ?? other.MigDevices,
        };
    }
}
