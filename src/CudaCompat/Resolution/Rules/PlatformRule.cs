using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>macOS and Jetson have their own builds elsewhere; Windows on ARM has none with CUDA.</summary>
internal static class PlatformRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        var cause = Of(question, candidate.UsesCuda, candidate.Torch);
        found.Add(cause);
        // Of a build for another maker's GPUs nothing that the data has can be said.
        if (cause is PlatformNotCovered { Platform: UncoveredPlatform.Rocm or UncoveredPlatform.Xpu })
            found.Close(Part.Torch | Part.Companions | Part.Presence);
    }

    /// <summary>Why nothing that uses CUDA (or, on macOS, nothing at all) can be told of the platform.</summary>
    public static Cause? Of(Question question, bool usesCuda, PackageVersion? torch)
    {
        var machine = question.Machine;
        if (OtherMaker(torch ?? question.TorchSpec?.Named) is { } maker)
            return new PlatformNotCovered { Subject = $"torch {torch ?? question.TorchSpec!.Named}", Platform = maker };
        if (machine.BuildOs == OperatingSystemFamily.MacOS)
            return new PlatformNotCovered { Subject = "macos", Platform = UncoveredPlatform.MacOS };
        if (usesCuda && machine.BuildOs == OperatingSystemFamily.Windows && machine.Arch == CpuArchitecture.Arm64 && (torch is not null || question.Torch))
        {
            // Of a release that is newer than the data only that can be said which no data is needed for.
            return torch > machine.Matrix.Builds.NewestTorch ? null : new OsUnsupported { Subject = "windows aarch64", Os = machine.Document.OperatingSystem, Arch = machine.Arch };
        }

        return usesCuda && machine.Tegra ? OfTegra(machine) : null;
    }

    /// <summary>Whose GPUs a build is for that says so in its label.</summary>
    private static UncoveredPlatform? OtherMaker(PackageVersion? torch) => torch?.Label is not { } label ? null
        : label.StartsWith("rocm", StringComparison.Ordinal) ? UncoveredPlatform.Rocm
        : label.StartsWith("xpu", StringComparison.Ordinal) ? UncoveredPlatform.Xpu
        : null;

    private static PlatformNotCovered? OfTegra(MachineFacts machine)
    {
        // A system on a chip whose capability some build names itself (Thor, 11.0) is served like a desktop card.
        var unserved = machine.Gpus?.FirstOrDefault(g => g.Capability is { } capability && !AnyBuildNames(machine, capability));
        if (unserved is null && machine.Gpus is { Length: > 0 } gpus && gpus.Any(g => g.Capability is not null))
            return null;
        // The JetPack of the machine's Python where one is known, since its wheels are for that Python; else the newest.
        var forCard = unserved?.Capability is { } cc ? machine.Matrix.Data.Jetson.Where(j => j.Capabilities.Contains(cc)).ToArray() : [];
        var jetson = forCard.LastOrDefault(j => j.Python == machine.Python?.ToString()) ?? forCard.LastOrDefault();
        return new PlatformNotCovered { Subject = unserved?.Name ?? machine.Gpus?.FirstOrDefault()?.Name ?? "tegra", Platform = UncoveredPlatform.Jetson, Jetson = jetson, Sources = jetson?.Sources ?? [] };
    }

    private static bool AnyBuildNames(MachineFacts machine, ComputeCapability capability)
    {
        var index = machine.Matrix.Architectures.IndexOf(capability);
        return index >= 0 && machine.Matrix.Builds.For(Packaging.Pip, machine.BuildOs, machine.Arch).PlacesServing(index).Length > 0;
    }
}

/// <summary>The platforms that are somebody else's.</summary>
internal enum UncoveredPlatform
{
    /// <summary>Apple's systems: no NVIDIA driver.</summary>
    MacOS,

    /// <summary>NVIDIA's systems on a chip: builds of their own.</summary>
    Jetson,

    /// <summary>A build for AMD's GPUs.</summary>
    Rocm,

    /// <summary>A build for Intel's GPUs.</summary>
    Xpu,
}

internal sealed record PlatformNotCovered : Cause
{
    public override string Rule => "platform-not-covered";

    public required UncoveredPlatform Platform { get; init; }

    public JetsonRow? Jetson { get; init; }

    public override string English() => Platform switch
    {
        UncoveredPlatform.MacOS => "macOS has no NVIDIA driver and no CUDA build of PyTorch since CUDA 10.2; the ordinary macOS package (with Metal) comes from the default index: pip install torch.",
        UncoveredPlatform.Rocm => $"{Words.Short(Subject)} is a build for AMD's GPUs (ROCm), not for CUDA: it is not in the data; see https://pytorch.org/get-started/locally/.",
        UncoveredPlatform.Xpu => $"{Words.Short(Subject)} is a build for Intel's GPUs (XPU), not for CUDA: it is not in the data; see https://pytorch.org/get-started/locally/.",
        _ => $"{(Subject == "tegra" ? "This machine" : Words.Short(Subject))} is a Jetson (Tegra) module: the ordinary builds of PyTorch have no code for its GPU."
            + (Jetson is { } j ? $" With JetPack {j.JetPack} (CUDA {j.Cuda}) take: {j.TorchSource ?? "NVIDIA's own wheels, or a Jetson container"}." : " Take NVIDIA's own wheels for its JetPack, or a Jetson container."),
    };
}

internal sealed record OsUnsupported : Cause
{
    public override string Rule => "os-unsupported";

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }

    public override string English() => $"There is no CUDA build of PyTorch for {Words.Os(Os)} on {Words.Arch(Arch)}; only CPU builds exist there.";
}
