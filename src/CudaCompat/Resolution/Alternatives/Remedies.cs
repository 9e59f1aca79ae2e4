using CudaCompat.Machines;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>
/// What makes a stack work or gives a plan: the question asked again with one fact changed, the nearest value of each kind that is then answered, in the order of
/// what it costs a person.
/// </summary>
internal static class Remedies
{
    private const int Most = 5;

    /// <summary>For a stack that does not work.</summary>
    public static IReadOnlyList<Remedy> ForStack(Question question)
    {
        if (question.Machine.BuildOs == OperatingSystemFamily.MacOS)
            return [];
        var stopped = IsStoppedByCards(question);
        var single = stopped ? [] : Single(question).Select(found => found.Remedy).ToList();
        // Another version of torch is worth telling beside another CUDA of the same only where that does not help.
        if (single.Exists(r => r.Change == "cudaTag"))
            single.RemoveAll(r => r.Change == "torch");
        else if (!stopped && single.TrueForAll(r => r.Change is "compiler" or "python") && OtherStacks.OtherTorch(question) is { } torch)
            single.Add(torch);
        List<Remedy> remedies = [.. single, .. OtherDrivers.Of(question), .. OtherGpus.Of(question)];
        if (question.Torch && question.Tag is not { IsCpu: true } && question.Machine.Gpus is { Length: 0 } && Cpu(question) is { } cpu)
            remedies.Add(cpu);
        if (remedies.Count == 0 && OtherStacks.WithDriver(question) is { } pair)
            remedies.Add(pair);
        return [.. remedies.Take(Most)];
    }

    /// <summary>For a request that nothing serves.</summary>
    public static IReadOnlyList<Remedy> ForRefusal(Question question)
    {
        List<Remedy> remedies = IsStoppedByCards(question) ? [] : [.. Single(question).Select(found => found.Remedy)];
        remedies.AddRange(OtherDrivers.Of(question));
        remedies.AddRange(OtherGpus.Of(question));
        if (remedies.Count < Most && question is { Torch: true, Tag: null, Machine.Gpus.Length: > 0 } && Cpu(question) is { } cpu)
            remedies.Add(cpu);
        return [.. remedies.Take(Most)];
    }

    /// <summary>For a platform that CUDA builds do not serve: the CPU build, where there is one.</summary>
    public static IReadOnlyList<Remedy> ForPlatform(Question question) =>
        question is { Torch: true, Tag: not { IsCpu: true } } && question.Machine.BuildOs != OperatingSystemFamily.MacOS && Cpu(question) is { } cpu ? [cpu] : [];

    /// <summary>Every change of one value that is answered, with the question after it.</summary>
    public static IEnumerable<(Remedy Remedy, Question Question)> Single(Question question)
    {
        foreach (var alternative in Alternative.Table)
        {
            // Where it does not work even with the fact left open, no value of it helps.
            if (alternative.Free(question) is { } free && Solver.Solve(free) is null)
                continue;
            foreach (var option in alternative.Options(question))
            {
                if (Solver.Solve(option.Question) is not { } gives)
                    continue;
                yield return (new Remedy(alternative.Change, option.From, option.To, gives.ToString(), option.Tell(gives)), option.Question);
                break;
            }
        }
    }

    // The driver does not drive a GPU, which stops whatever uses it: only another driver helps, or leaving the GPU out.
    private static bool IsStoppedByCards(Question question) => question is { Tag: not { IsCpu: true }, WantsCpu: false }
        && DriverGpuRule.Stopping(question.Machine).Any() && (!question.IsCheck || Stacks.Candidates(question)[0].UsesCuda);

    private static Remedy? Cpu(Question question)
    {
        var cpu = question.IsCheck
            ? question.WithTag(CudaTag.Cpu)
            : question.WithTag(CudaTag.Cpu) with { Toolkit = false, Cudnn = false, ToolkitSpec = null, CudnnSpec = null };
        return Solver.Solve(cpu) is { } gives
            ? new Remedy("cudaTag", question.Tag?.ToString(), "cpu", gives.ToString(), question.IsCheck ? $"Take the CPU build: {gives}." : $"Leave the GPU out and take the CPU build: {gives}.")
            : null;
    }
}
