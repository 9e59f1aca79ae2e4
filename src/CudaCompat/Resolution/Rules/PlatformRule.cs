using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>macOS and Jetson have their own builds elsewhere; Windows on ARM has none with CUDA.</summary>
internal static class PlatformRule
{
    public static Cause? Of(MachineFacts machine, bool wantsCuda)
    {
        if (machine.BuildOs == OperatingSystemFamily.MacOS)
            return new PlatformNotCovered { Subject = "macos", Platform = UncoveredPlatform.MacOS };
        if (wantsCuda && machine.BuildOs == OperatingSystemFamily.Windows && machine.Arch == CpuArchitecture.Arm64)
            return new OsUnsupported { Subject = "windows aarch64", Os = machine.Document.OperatingSystem, Arch = machine.Arch };
        if (!wantsCuda || !machine.Tegra)
            return null;
        // A system on a chip whose capability some build names itself (Thor, 11.0) is served like a desktop card.
        var unserved = machine.Gpus?.FirstOrDefault(g => g.Capability is { } capability && !AnyBuildNames(machine, capability));
        if (unserved is null && machine.Gpus is { Length: > 0 })
            return null;
        // The JetPack of the machine's Python where one is known, since its wheels are for that Python; else the newest.
        var forCard = unserved?.Capability is { } cc ? machine.Matrix.Data.Jetson.Where(j => j.Capabilities.Contains(cc)).ToArray() : [];
        var jetson = forCard.LastOrDefault(j => j.Python == machine.Python?.ToString()) ?? forCard.LastOrDefault();
        return new PlatformNotCovered
        {
            Subject = unserved?.Name ?? "tegra",
            Platform = UncoveredPlatform.Jetson,
            Jetson = jetson,
            Sources = jetson?.Sources ?? [],
        };
    }

    private static bool AnyBuildNames(MachineFacts machine, ComputeCapability capability)
    {
        var index = machine.Matrix.Architectures.IndexOf(capability);
        return index >= 0 && machine.Matrix.Builds.For(Packaging.Pip, machine.BuildOs, machine.Arch).Any(b => (b.NativeMask >> index & 1) != 0);
    }
}

/// <summary>The platforms that are somebody else's.</summary>
internal enum UncoveredPlatform
{
    /// <summary>Apple's systems: no NVIDIA driver.</summary>
    MacOS,

    /// <summary>NVIDIA's systems on a chip: builds of their own.</summary>
    Jetson,
}

internal sealed record PlatformNotCovered : Cause
{
    public override string Rule => "platform-not-covered";

    public required UncoveredPlatform Platform { get; init; }

    public JetsonRow? Jetson { get; init; }
}

internal sealed record OsUnsupported : Cause
{
    public override string Rule => "os-unsupported";

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }
}
