using System.Text.Json.Serialization;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Machines;

/// <summary>One GPU of a machine, as far as it is known; null means not known.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Gpu
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaximumNameLength = 256;

    private readonly string? _name;

    /// <summary>The marketing name as the driver prints it, possibly cut ("NVIDIA GeForce RTX 309...").</summary>
    public string? Name
    {
        get => _name;
        init => _name = value is { Length: > MaximumNameLength }
            ? throw new ArgumentException($"a GPU name of {value.Length} characters is longer than {MaximumNameLength}.", nameof(value))
            : value;
    }

    /// <summary>The compute capability, such as 8.6.</summary>
    [JsonConverter(typeof(SpelledCapability))]
    public ComputeCapability? ComputeCapability { get; init; }

    /// <summary>The identity that survives reordering: "GPU-…" as nvidia-smi -L prints it.</summary>
    public string? Uuid { get; init; }

    /// <summary>The PCI device id in four hexadecimal digits, lower case (2684), which names the chip more surely than the name.</summary>
    public string? PciDeviceId { get; init; }
}
