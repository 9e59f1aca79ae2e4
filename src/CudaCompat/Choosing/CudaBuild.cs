using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Choosing;

/// <summary>
/// One of the builds that a program has of itself: for a CUDA version, or without one (for the processor, for Vulkan). Null is what is not
/// known;
/// an empty list is known to be empty. It is the candidate document of the contract.
/// </summary>
/// <example><code>
/// var build = new CudaBuild { Name = "cuda12", Cuda = CudaVersion.Parse("12.4"), Sass = [ComputeCapability.Parse("8.6")], Ptx = [] };
/// </code></example>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CudaBuild
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaximumNameLength = 256;

    /// <summary>The most architectures accepted in one list.</summary>
    public const int MaximumArchitectures = 256;

    private readonly string _name = "";
    private readonly IReadOnlyList<ComputeCapability>? _sass;
    private readonly IReadOnlyList<ComputeCapability>? _ptx;

    /// <summary>What the program calls it.</summary>
    /// <exception cref="ArgumentException">It is empty or longer than <see cref="MaximumNameLength"/>.</exception>
    public required string Name
    {
        get => _name;
        init => _name = value is { Length: > 0 and <= MaximumNameLength }
            ? value : throw new ArgumentException($"a name has 1 to {MaximumNameLength} characters.", nameof(value));
    }

    /// <summary>The CUDA that made it: X.Y or X.Y.Z; X alone (12, 12.x) where the minor is not known; null where it needs none.</summary>
    [JsonConverter(typeof(SpelledBuildCuda))]
    public CudaVersion? Cuda { get; init; }

    /// <summary>The compute capabilities of its native code; 9.0a and 10.0f where a suffix limits where that runs.</summary>
    [JsonConverter(typeof(SpelledCapabilities))]
    public IReadOnlyList<ComputeCapability>? Sass
    {
        get => _sass;
        init => _sass = Bounded(value);
    }

    /// <summary>The compute capabilities of its PTX, which a driver compiles for these GPUs and newer ones.</summary>
    [JsonConverter(typeof(SpelledCapabilities))]
    public IReadOnlyList<ComputeCapability>? Ptx
    {
        get => _ptx;
        init => _ptx = Bounded(value);
    }

    /// <summary>The cuDNN that it was made with and brings along or asks for; null where it uses none.</summary>
    [JsonConverter(typeof(SpelledCudnn))]
    public DottedVersion? Cudnn { get; init; }

    /// <summary>The system that it is for; null for any.</summary>
    [JsonPropertyName("os")]
    [JsonConverter(typeof(SpelledBuildSystem))]
    public OperatingSystemFamily? OperatingSystem { get; init; }

    /// <summary>The processor that it is for; null for any.</summary>
    [JsonPropertyName("arch")]
    [JsonConverter(typeof(SpelledArchitecture))]
    public CpuArchitecture? Architecture { get; init; }

    /// <summary>The oldest glibc that it starts with.</summary>
    [JsonConverter(typeof(SpelledGlibc))]
    public DottedVersion? Glibc { get; init; }

    /// <summary>How its device code is packed: none, lz4, zstd. Drivers from before zstd refuse it.</summary>
    public string? Compression { get; init; }

    /// <summary>What a build without CUDA runs on: cpu, vulkan. For people; nothing is decided by it.</summary>
    public string? Kind { get; init; }

    /// <summary>What its values were taken for that were not given in the contract's own form.</summary>
    [JsonIgnore]
    internal IReadOnlyList<ReadingNote> Readings { get; init; } = [];

    /// <summary>"cuda12 (CUDA 12.4)".</summary>
    public override string ToString() => Cuda is { } cuda ? $"{Name} (CUDA {cuda})" : Name;

    private static IReadOnlyList<ComputeCapability>? Bounded(IReadOnlyList<ComputeCapability>? value) =>
        value is { Count: > MaximumArchitectures }
        ? throw new ArgumentException($"{value.Count} architectures are more than {MaximumArchitectures}.", nameof(value))
        : value;
}
