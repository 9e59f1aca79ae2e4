using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Can nvcc target each GPU?</summary>
internal static class ToolkitGpuRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Toolkit is not { } toolkit)
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (gpu.Architecture is not { } architecture)
                continue;
            if (architecture.FirstToolkit is { } first && toolkit.MajorMinor < first || architecture.LastToolkit is { } last && toolkit.MajorMinor > last)
            {
                found.Add(new ToolkitGpuUnsupported
                {
                    Subject = $"toolkit {toolkit}",
                    Severity = candidate.IsAboutToolkit(question) ? Severity.Error : Severity.Warning,
                    Toolkit = toolkit,
                    Gpu = gpu,
                    First = architecture.FirstToolkit,
                    Last = architecture.LastToolkit,
                    Sources = architecture.Sources,
                });
            }
        }
    }
}

internal sealed record ToolkitGpuUnsupported : Cause
{
    public override string Rule => "toolkit-gpu-unsupported";

    public required CudaVersion Toolkit { get; init; }

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion? First { get; init; }

    public required CudaVersion? Last { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => $"nvcc of CUDA toolkit {Toolkit} cannot target {Gpu.Display}: " + (First, Last) switch
    {
        ({ } first, { } last) => $"toolkits {first} to {last} can.",
        ({ } first, null) => $"toolkits from {first} on can.",
        _ => $"toolkits up to {Last} can.",
    };
}
