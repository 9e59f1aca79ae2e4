using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>The cuDNN inside a build against each GPU.</summary>
internal static class BundledCudnnRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Build is not { Cuda: not null } build)
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (gpu.ArchitectureIndex >= 0 && (build.CudnnExcludes >> gpu.ArchitectureIndex & 1) != 0)
                found.Add(new BundledCudnnUnsupported { Subject = candidate.ToString(), Severity = Severity.Warning, Gpu = gpu, Cudnn = build.Row.Cudnn!.Value, Sources = build.Row.Sources });
        }
    }
}

internal sealed record BundledCudnnUnsupported : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required GpuFacts Gpu { get; init; }

    public required DottedVersion Cudnn { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override Allowance Needs => Allowance.CudnnWithoutTheGpu;

    public override string English() =>
        $"{Subject} brings cuDNN {Cudnn}, which does not serve {Gpu.Display}: convolutions fail. What does not use cuDNN works, and convolutions do without it where torch.backends.cudnn.enabled is set to False, more slowly.";
}
