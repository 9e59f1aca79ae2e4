using System.Numerics;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Choice;

/// <summary>
/// The choice rule of the contract, over every candidate: the set is small, so nothing is searched. Of the builds that pass every rule on
/// every GPU and bring every component: newest torch, full before minor-version compatibility, listed before stated before inferred, higher CUDA.
/// </summary>
internal static class Chooser
{
    /// <summary>The best choice, or null where nothing passes.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="notBefore">Where given, older versions of torch are of no use: the search ends at them. Only with known GPUs, since without them an older torch may come first.</param>
    public static Candidate? Choose(Question question, PackageVersion? notBefore = null)
    {
        // Whatever the build, the driver has to drive the GPUs.
        if (!question.WantsCpu && DriverGpuRule.Stopping(question.Machine).Any())
            return null;
        foreach (var attempt in Attempt.For(question))
        {
            if (Best(question, attempt, notBefore) is { } choice)
                return choice;
            // An older torch in this way comes before a newer one in the next.
            if (notBefore is not null && question.Torch && Best(question, attempt, notBefore: null) is not null)
                return null;
        }

        return null;
    }

    /// <summary>All builds that the request leaves, newest first.</summary>
    public static IEnumerable<TorchBuild> Candidates(Question question) => question.Builds.Where(build => IsCandidate(question, build));

    /// <summary>The candidate that rests on one build, or the first rule that stops it.</summary>
    public static (Candidate? Candidate, Cause? Cause) Complete(Question question, TorchBuild build, Attempt attempt)
    {
        var candidate = new Candidate { Build = build, Torch = build.Version, Tag = build.Tag };
        if (RuleBook.First(question, candidate, Part.Torch, attempt.Allowed) is { } cause)
            return (null, cause);
        if (question.NeedsTorchvision)
        {
            (var torchvision, cause) = CompanionRule.Pick(question, build, "torchvision", question.TorchvisionSpec);
            if (torchvision is null)
                return (null, cause);
            candidate = candidate with { Torchvision = torchvision.Row.Version, TorchvisionBuild = torchvision };
        }

        if (question.NeedsTorchaudio)
        {
            (var torchaudio, cause) = CompanionRule.Pick(question, build, "torchaudio", question.TorchaudioSpec);
            if (torchaudio is null)
                return (null, cause);
            candidate = candidate with { Torchaudio = torchaudio.Row.Version, TorchaudioBuild = torchaudio };
        }

        var (complete, lacks) = build.Cuda is { } cuda
            ? ToolkitChoice.Add(question, candidate with { Mode = question.Machine.FitOf(cuda, question.Policy).Mode }, cuda, attempt)
            : (candidate with { Mode = DriverFitMode.Full }, null);
        return complete is not null && (question.TorchSpec ?? question.TorchvisionSpec ?? question.TorchaudioSpec)?.Exact is null && AdvisoryRule.Against(question.Machine, build.Cuda, "torch", build.Version.Release) is { } bad
            ? (null, bad)
            : (complete, lacks);
    }

    /// <summary>True where the request leaves the build.</summary>
    public static bool IsCandidate(Question question, TorchBuild build) => build.Tag.IsCpu == question.WantsCpu
        && (question.Tag is not { } tag || tag.Includes(build.Tag))
        && (!question.FromDefaultIndex || build.Row.Default)
        && (question.TorchSpec is { } spec ? spec.Matches(build.Version) : !build.Version.IsPrerelease);

    /// <summary>With no GPU known: the newest that runs on any, which the choice leaves for one that serves more.</summary>
    public static Candidate? NewestForSomeGpu(Question question) => Best(question, Attempt.For(question)[0], notBefore: null, served: 0);

    private static Candidate? Best(Question question, Attempt attempt, PackageVersion? notBefore)
    {
        var machine = question.Machine;
        return question.Torch
            ? Best(question, attempt, notBefore, machine.Gpus is null && machine.Driver is { } driver ? machine.Matrix.Architectures.ServedByBranch(machine.Drivers.BranchOf(driver)) : 0)
            : ToolkitChoice.Alone(question, attempt);
    }

    private static Candidate? Best(Question question, Attempt attempt, PackageVersion? notBefore, ulong served)
    {
        Candidate? best = null;
        var bestScore = default(Score);
        foreach (var build in Builds(question, attempt))
        {
            // Sorted newest first: with known GPUs no older torch can win any more.
            if (best is not null && served == 0 && build.Version < best.Build!.Version || build.Version < notBefore)
                break;
            if (!IsCandidate(question, build) || IsHopeless(question, build, attempt) || Complete(question, build, attempt).Candidate is not { } candidate)
                continue;
            var score = Score.Of(candidate, served);
            if (best is null || score.CompareTo(bestScore) > 0)
                (best, bestScore) = (candidate, score);
        }

        return best;
    }

    // Driver, Python, code and the bundled cuDNN stop most builds of an old machine: they are asked before a candidate is made of each.
    private static bool IsHopeless(Question question, TorchBuild build, Attempt attempt)
    {
        var machine = question.Machine;
        if (build.Cuda is not { } cuda)
            return machine.Python is not null && (build.PythonMask & machine.PythonMask) == 0;
        if (machine.FitOf(cuda, question.Policy).Mode == DriverFitMode.TooOld || machine.Python is not null && (build.PythonMask & machine.PythonMask) == 0)
            return true;
        foreach (var gpu in machine.Gpus ?? [])
        {
            if (gpu.ArchitectureIndex < 0)
                continue;
            if (attempt.NativeOnly && (build.NativeMask >> gpu.ArchitectureIndex & 1) == 0 || (attempt.Allowed & Allowance.CudnnWithoutTheGpu) == 0 && (build.CudnnExcludes >> gpu.ArchitectureIndex & 1) != 0)
                return true;
        }

        return false;
    }

    // One version where one is asked for; where native code is, the builds that have it for the first GPU; else all.
    private static IEnumerable<TorchBuild> Builds(Question question, Attempt attempt)
    {
        var builds = question.Builds;
        if (question.TorchSpec?.Exact is { } exact)
            return builds.Of(exact);
        return attempt.NativeOnly && !question.WantsCpu && question.Machine.Gpus is [{ ArchitectureIndex: >= 0 and var first }, ..]
            ? builds.Serving(first)
            : builds;
    }

    /// <summary>The order of the choice rule; greater is better.</summary>
    private readonly record struct Score(bool ServesNewest, int Served, PackageVersion Torch, int Mode, int Known, CudaTag Tag) : IComparable<Score>
    {
        public static Score Of(Candidate candidate, ulong branch)
        {
            var build = candidate.Build!;
            var newest = branch == 0 ? 0 : 1UL << BitOperations.Log2(branch);
            return new Score(
                (build.ServedMask & newest) != 0,
                BitOperations.PopCount(build.ServedMask & branch),
                build.Version,
                candidate.Mode switch { DriverFitMode.Minor => 1, DriverFitMode.Forward => 0, _ => 2 },
                build.Row.Known switch { KnownBy.Listed => 2, KnownBy.Stated => 1, _ => 0 },
                build.Tag);
        }

        public int CompareTo(Score other)
        {
            var order = ServesNewest.CompareTo(other.ServesNewest);
            if (order == 0)
                order = Served.CompareTo(other.Served);
            if (order == 0)
                order = Torch.CompareTo(other.Torch);
            if (order == 0)
                order = Mode.CompareTo(other.Mode);
            if (order == 0)
                order = Known.CompareTo(other.Known);
            return order == 0 ? Tag.CompareTo(other.Tag) : order;
        }
    }
}
