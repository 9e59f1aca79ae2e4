using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// Does the build carry code that runs on the GPU: native code (same major, minor not newer than the GPU's), or PTX that the driver can
/// compile for it? torch.cuda.is_available() does not answer this: it is true although no kernel fits.
/// </summary>
internal static class GpuCodeRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        var machine = question.Machine;
        if (candidate.UsesCuda)
        {
            foreach (var gpu in machine.Gpus ?? [])
            {
                if (gpu.Capability is null)
                    found.Add(GpuUnknown.Of(gpu));
                else if (candidate.Build is { } build)
                    found.Add(Of(machine, build, gpu, candidate.IsPrerelease ? candidate.ToString() : build.ToString(), candidate.IsPrerelease));
            }

            if (machine.Gpus is null && candidate.Build is { Code: null } unlisted && !question.IsCheck)
                found.Add(Unlisted(unlisted, new GpuFacts(0, "any GPU", null, [], null, -1, null, null)));
        }
        else if (candidate.Build is { Tag.IsCpu: true } cpu && question is { IsCheck: true, Tag: null })
        {
            // The default index gave the CPU build; where no build of the release serves the GPU, that is the deeper reason.
            OfSiblings(question, cpu, found);
        }
    }

    public static Cause? Of(MachineFacts machine, TorchBuild build, GpuFacts gpu, string subject, bool inferred = false)
    {
        if (gpu.Capability is not { } capability)
            return GpuUnknown.Of(gpu);
        if (gpu.Architecture?.LibrariesFrom is { } needed && build.Cuda is { } cuda && cuda < needed)
            return new LibrariesTooOldForGpu { Subject = subject, Gpu = gpu, Cuda = cuda, Needed = needed, Sources = gpu.Architecture.Sources };
        // Without a list, what its CUDA serves still decides.
        if (build.Code is not { } code)
            return build.Cuda is { } own && ProgramRule.OfRange(own, gpu, subject) is { } range ? range : Unlisted(build, gpu);
        return IsNative(machine, build, gpu, capability) ? null : OfPtx(machine, build, gpu, capability, subject, inferred || code.How == "inferred");
    }

    public static bool IsNative(MachineFacts machine, TorchBuild build, GpuFacts gpu, ComputeCapability capability) => gpu.ArchitectureIndex >= 0
        ? (build.NativeMask >> gpu.ArchitectureIndex & 1) != 0
        : build.Code!.Native.Any(code => machine.Matrix.Architectures.Runs(code, capability));

    private static void OfSiblings(Question question, TorchBuild cpu, Causes found)
    {
        var siblings = question.Builds.Of(cpu.Version).Where(b => b.Cuda is not null).ToArray();
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            var causes = siblings.Select(b => Of(question.Machine, b, gpu, b.ToString())).ToArray();
            if (causes.Length > 0 && Array.TrueForAll(causes, c => c is { Severity: Severity.Error }))
                found.Add(causes[0]);
        }
    }

    // PTX helps only a GPU that the CUDA of the build already knows: older PTX costs minutes and then fails.
    private static Cause? OfPtx(MachineFacts machine, TorchBuild build, GpuFacts gpu, ComputeCapability capability, string subject, bool inferred)
    {
        var code = build.Code!;
        var usable = code.Ptx.Any(p => p <= capability) && !gpu.IsTegra && gpu.Architecture?.FirstToolkit is { } first && build.Cuda >= first;
        if (!usable)
            return new GpuNotInBuild { Subject = subject, Gpu = gpu, Native = code.Native, Ptx = code.Ptx, Inferred = inferred, Sources = code.Sources };
        if (code.PtxConflict)
            return new PtxDisputed { Subject = subject, Gpu = gpu, Undecided = true, Severity = Severity.Info, Sources = code.Sources };
        if (machine.ReportedCuda is { } reported && reported < build.Cuda)
            return new PtxNeedsNewerDriver { Subject = subject, Gpu = gpu, Cuda = build.Cuda!.Value, ReportedCuda = reported, Minimum = machine.Drivers.LowestReporting(build.Cuda.Value)?.From, Sources = code.Sources };
        return new RunsByPtx { Subject = subject, Gpu = gpu, Severity = Severity.Warning, Sources = code.Sources };
    }

    private static CodeUnknown Unlisted(TorchBuild build, GpuFacts gpu) => new() { Subject = build.ToString(), Gpu = gpu, Undecided = true, Severity = Severity.Info, Sources = build.Row.Sources };
}

internal sealed record GpuUnknown : Cause
{
    public override string Rule => "gpu-unknown";

    public required string Name { get; init; }

    public required IReadOnlyList<ComputeCapability> Alternatives { get; init; }

    public static GpuUnknown Of(GpuFacts gpu) => new() { Subject = gpu.Name, Name = gpu.Name, Alternatives = gpu.Alternatives, Undecided = true, Severity = Severity.Info };

    public override string English() => Alternatives.Count > 1
        ? $"'{Words.Short(Name)}' is the name of several chips (compute capability {Words.Or(Alternatives)}): give --compute-capability."
        : $"The data does not know the GPU '{Words.Short(Name)}': give its --compute-capability.";
}

internal sealed record GpuNotInBuild : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public required IReadOnlyList<ComputeCapability> Native { get; init; }

    public required IReadOnlyList<ComputeCapability> Ptx { get; init; }

    public bool Inferred { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() =>
        $"{Subject} has no code that runs on {Gpu.Display}: it was built for compute capability {Words.Codes(Native)}{(Ptx.Count > 0 ? $", with PTX for {Words.Codes(Ptx)}" : "")}{(Inferred ? " (as its sibling builds)" : "")}.";
}

/// <summary>No source lists what the build carries.</summary>
internal sealed record CodeUnknown : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => $"No source lists the GPU architectures of {Subject}, so whether it runs on {Gpu.Display} is not known.";
}

/// <summary>Only PTX would serve, and sources disagree whether it is there.</summary>
internal sealed record PtxDisputed : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => $"{Subject} has no native code for {Gpu.Display}, and sources disagree whether it carries PTX that would serve it.";
}

/// <summary>No native code, but PTX that the driver compiles at the first start.</summary>
internal sealed record RunsByPtx : Cause
{
    public override string Rule => "runs-by-ptx";

    public required GpuFacts Gpu { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override Allowance Needs => Allowance.Ptx;

    public override string English() => $"{Subject} has no native code for {Gpu.Display} and runs by PTX that the driver compiles at first use: the first start takes minutes.";
}

internal sealed record PtxNeedsNewerDriver : Cause
{
    public override string Rule => "ptx-needs-newer-driver";

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion ReportedCuda { get; init; }

    public required DriverVersion? Minimum { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() =>
        $"{Subject} would run on {Gpu.Display} by PTX of CUDA {Cuda} only, which a driver for CUDA {ReportedCuda} cannot compile" + (Minimum is { } m ? $"; driver {m} or newer can." : ".");
}

internal sealed record LibrariesTooOldForGpu : Cause
{
    public override string Rule => "libraries-too-old-for-gpu";

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion Needed { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => $"{Subject} has code for older cards that {Gpu.Display} could run, but the libraries of CUDA {Cuda} fail on it; it needs CUDA {Needed} or newer.";
}
