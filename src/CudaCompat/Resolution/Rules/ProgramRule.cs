using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// What is known of code by its CUDA alone: a program that names no torch, or a torch of which no build is known. Each CUDA serves the GPUs from its first to
/// its last architecture; and where PyTorch builds with a tag, no build of it serves a GPU that none of them carries.
/// </summary>
internal static class ProgramRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Build is not null || candidate.Tag is not { Cuda: { } cuda } tag)
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (OfRange(cuda, gpu, candidate.ToString()) is { } range)
                found.Add(range);
            else if (gpu.Architecture is not null && candidate.Torch is null && NoneServes(question, tag, gpu) is { } builds)
                found.Add(new NoBuildServesGpu { Subject = $"torch+{tag}", Gpu = gpu, Tag = tag, Native = Native(builds), Sources = builds[0].Code!.Sources });
        }
    }

    /// <summary>A GPU before or behind those that a CUDA version serves.</summary>
    public static CudaDoesNotServeGpu? OfRange(CudaVersion cuda, GpuFacts gpu, string subject) =>
        gpu.Architecture is { } architecture && (architecture.FirstToolkit is { } first && cuda < first || architecture.LastToolkit is { } last && cuda > last)
            ? new CudaDoesNotServeGpu { Subject = subject, Gpu = gpu, Cuda = cuda, First = architecture.FirstToolkit, Last = architecture.LastToolkit, Sources = architecture.Sources }
            : null;

    // Null where some build serves the GPU, or none of this tag is known well enough to say that it does not.
    private static TorchBuild[]? NoneServes(Question question, CudaTag tag, GpuFacts gpu)
    {
        var builds = question.Builds.Where(b => b.Tag == tag).ToArray();
        return builds.Length > 0 && Array.TrueForAll(builds, b => GpuCodeRule.Of(question.Machine, b, gpu, b.ToString()) is GpuNotInBuild or LibrariesTooOldForGpu) ? builds : null;
    }

    private static ComputeCapability[] Native(TorchBuild[] builds) => [.. builds.SelectMany(b => b.Code!.Native).Distinct().Order()];
}

internal sealed record CudaDoesNotServeGpu : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required CudaVersion? First { get; init; }

    public required CudaVersion? Last { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => First is { } first && Cuda < first
        ? $"CUDA {Cuda} does not know {Gpu.Display}: CUDA {first} was the first that does."
        : $"CUDA {Cuda} has dropped {Gpu.Display}: CUDA {Last} was the last that serves it.";
}

internal sealed record NoBuildServesGpu : Cause
{
    public override string Rule => "gpu-not-in-build";

    public required GpuFacts Gpu { get; init; }

    public required CudaTag Tag { get; init; }

    public required IReadOnlyList<ComputeCapability> Native { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() =>
        $"No build of PyTorch for {Tag} has code that runs on {Gpu.Display}: they were built for compute capability {Words.Codes(Native)}. Other programs of CUDA {Tag.Cuda} may serve it.";
}
