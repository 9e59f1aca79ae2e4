using CudaCompat.Machines;

namespace CudaCompat.Resolution.Rules;

/// <summary>How long a plan's card will have drivers: told where the last branch that drives it is known.</summary>
internal static class DriverLifeRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (question.IsCheck || !candidate.UsesCuda)
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
        {
            if (gpu.Architecture?.LastDriverBranch is { } last && question.Machine.Matrix.DriverBranches.Find(last) is { EndOfLife: { } end } row)
                found.Add(new LastDriverBranch { Subject = gpu.Display, Gpu = gpu, Branch = last, EndOfLife = end, Severity = Severity.Info, Sources = row.Sources });
        }
    }
}

/// <summary>The last branch that drives a card, and until when it lives.</summary>
internal sealed record LastDriverBranch : Cause
{
    public override string Rule => "driver-branch-end";

    public required GpuFacts Gpu { get; init; }

    public required int Branch { get; init; }

    /// <summary>Year and month, YYYY-MM.</summary>
    public required string EndOfLife { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => $"Driver branch {Branch} is the last that drives {Gpu.Display}; NVIDIA supports it until {EndOfLife}.";
}
