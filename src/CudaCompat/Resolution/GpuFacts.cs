using System.Collections.Immutable;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>One GPU as the rules see it.</summary>
/// <param name="Index">Its place in the machine.</param>
/// <param name="Name">For messages: the name, or "GPU 0".</param>
/// <param name="Capability">Its compute capability; null where neither given nor found by name.</param>
/// <param name="Alternatives">More than one where the name is several chips.</param>
/// <param name="Architecture">What is known of the capability; null where the data does not know it.</param>
/// <param name="ArchitectureIndex">Its number in the masks, or -1.</param>
/// <param name="ForwardCompat">Whether the forward-compatibility package serves it; null where unknown.</param>
/// <param name="Uuid">Its identity.</param>
internal sealed record GpuFacts(int Index, string Name, ComputeCapability? Capability, ImmutableArray<ComputeCapability> Alternatives, ArchitectureRow? Architecture, int ArchitectureIndex, bool? ForwardCompat, string? Uuid)
{
    public bool IsTegra => Architecture is { Tegra: true };

    /// <summary>"NVIDIA GeForce RTX 3090 (compute capability 8.6)".</summary>
    public string Display => Alternatives.Length > 1 ? $"{Name} (compute capability {Words.Or(Alternatives)})" : Capability is { } capability ? $"{Name} (compute capability {capability})" : Name;
}
