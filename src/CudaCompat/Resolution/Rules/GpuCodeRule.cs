using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// Does the build carry code that runs on the card: native code (same major, minor not newer than the card's), or PTX that the driver can
/// compile for it? torch.cuda.is_available() does not answer this: it is true although no kernel fits.
/// </summary>
internal static class GpuCodeRule
{
    /// <param name="machine">The machine.</param>
    /// <param name="build">The build.</param>
    /// <param name="gpu">The card.</param>
    /// <param name="allowPtx">False where only native code counts.</param>
    public static Cause? Of(MachineFacts machine, TorchBuild build, GpuFacts gpu, bool allowPtx)
    {
        if (gpu.Capability is not { } capability)
            return new GpuUnknown { Subject = gpu.Name, Name = gpu.Name, Alternatives = gpu.Alternatives, Undecided = true, Severity = Severity.Info };
        if (build.Code is not { } code)
            return new GpuNotInBuild { Subject = build.ToString(), Gpu = gpu, Native = [], Ptx = [], Undecided = true, Severity = Severity.Info, Sources = build.Row.Sources };
        if (gpu.Architecture?.LibrariesFrom is { } needed && build.Cuda is { } cuda && cuda < needed)
            return new LibrariesTooOldForGpu { Subject = build.ToString(), Gpu = gpu, Cuda = cuda, Needed = needed, Sources = gpu.Architecture.Sources };
        if (IsNative(machine, build, gpu, capability))
            return null;
        return OfPtx(machine, build, gpu, capability, allowPtx, code.PtxConflict, code.Sources);
    }

    public static bool IsNative(MachineFacts machine, TorchBuild build, GpuFacts gpu, ComputeCapability capability) => gpu.ArchitectureIndex >= 0
        ? (build.NativeMask >> gpu.ArchitectureIndex & 1) != 0
        : build.Code!.Native.Any(code => machine.Matrix.Architectures.Runs(code, capability));

    // PTX helps only a card that the CUDA of the build already knows: older PTX costs minutes and then fails.
    private static Cause? OfPtx(MachineFacts machine, TorchBuild build, GpuFacts gpu, ComputeCapability capability, bool allowPtx, bool conflict, IReadOnlyList<string> sources)
    {
        var code = build.Code!;
        var usable = code.Ptx.Any(p => p <= capability) && !gpu.IsTegra
            && gpu.Architecture?.FirstToolkit is { } first && build.Cuda >= first;
        if (!usable)
            return new GpuNotInBuild { Subject = build.ToString(), Gpu = gpu, Native = code.Native, Ptx = code.Ptx, Inferred = code.How == "inferred", Sources = sources };
        if (conflict)
            return new GpuNotInBuild { Subject = build.ToString(), Gpu = gpu, Native = code.Native, Ptx = code.Ptx, PtxConflict = true, Undecided = true, Severity = Severity.Info, Sources = sources };
        if (machine.ReportedCuda is { } reported && reported < build.Cuda)
            return new PtxNeedsNewerDriver { Subject = build.ToString(), Gpu = gpu, Cuda = build.Cuda!.Value, ReportedCuda = reported, Minimum = machine.Drivers.LowestReporting(build.Cuda.Value)?.From, Sources = sources };
        return allowPtx
            ? new RunsByPtx { Subject = build.ToString(), Gpu = gpu, Severity = Severity.Warning, Sources = sources }
            : new GpuNotInBuild { Subject = build.ToString(), Gpu = gpu, Native = code.Native, Ptx = code.Ptx, Sources = sources };
    }
}

internal sealed record GpuUnknown : Cause
{
    public override string Rule => "gpu-unknown";

    public required string Name { get; init; }

    public required IReadOnlyList<ComputeCapability> Alternatives { get; init; }
}

internal sealed record GpuNotInBuild : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public required IReadOnlyList<ComputeCapability> Native { get; init; }

    public required IReadOnlyList<ComputeCapability> Ptx { get; init; }

    public bool PtxConflict { get; init; }

    public bool Inferred { get; init; }
}

/// <summary>No native code, but PTX that the driver compiles at the first start.</summary>
internal sealed record RunsByPtx : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }
}

internal sealed record PtxNeedsNewerDriver : Cause
{
    public override string Rule => "ptx-needs-newer-driver";

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion ReportedCuda { get; init; }

    public required DriverVersion? Minimum { get; init; }
}

internal sealed record LibrariesTooOldForGpu : Cause
{
    public override string Rule => "libraries-too-old-for-gpu";

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion Needed { get; init; }
}
