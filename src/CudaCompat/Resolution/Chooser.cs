using System.Numerics;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>
/// The choice rule of the contract, over every candidate: the set is small, so nothing is searched. Of the builds that pass every rule on
/// every GPU and bring every component: newest torch, full before minor-version compatibility, listed before stated before inferred, higher CUDA.
/// </summary>
internal static class Chooser
{
    /// <summary>The best choice, or null where nothing passes.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="wish">The request.</param>
    /// <param name="notBefore">Where given, older versions of torch are of no use: the search ends at them. Only with known GPUs, since without them an older torch may come first.</param>
    public static Choice? Choose(MachineFacts machine, Wish wish, PackageVersion? notBefore = null)
    {
        // Whatever the build, the driver has to drive the cards, and a toolkit or cuDNN that was asked for has to run here.
        if (!IsOfCpu(machine, wish) && (StackJudge.FirstAgainstCards(machine) is not null || !ToolkitChooser.AnyServes(machine, wish)))
            return null;
        if (!wish.Torch)
            return ToolkitChooser.Choose(machine, wish);
        var ways = Ways(machine, wish);
        for (var i = 0; i < ways.Count; i++)
        {
            var (way, allowPtx) = ways[i];
            if (Best(machine, way, allowPtx, notBefore) is { } choice)
                return choice;
            // An older torch in this way comes before a newer one in the next.
            if (notBefore is not null && i < ways.Count - 1 && Best(machine, way, allowPtx, notBefore: null) is not null)
                return null;
        }

        return null;
    }

    // Each only where the one before has no build at all: PTX where none is native; a toolkit of another CUDA than torch's where no torch is of its CUDA.
    private static List<(Wish Wish, bool AllowPtx)> Ways(MachineFacts machine, Wish wish)
    {
        var ways = new List<(Wish, bool)>(4);
        foreach (var allowPtx in (ReadOnlySpan<bool>)(machine.Gpus is { Length: > 0 } ? [false, true] : [false]))
        {
            if (wish is { Toolkit: true, ToolkitSpec: not null })
                ways.Add((wish with { ToolkitOfBuild = true }, allowPtx));
            ways.Add((wish, allowPtx));
        }

        return ways;
    }

    /// <summary>All builds that the request leaves, newest first.</summary>
    public static IEnumerable<TorchBuild> Candidates(MachineFacts machine, Wish wish)
    {
        foreach (var build in machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch))
        {
            if (IsCandidate(machine, wish, build))
                yield return build;
        }
    }

    /// <summary>The choice that rests on one build, or the first rule that stops it.</summary>
    public static (Choice? Choice, Cause? Cause) Try(MachineFacts machine, Wish wish, TorchBuild build, bool allowPtx)
    {
        if (StackJudge.FirstAgainst(machine, build, wish.Policy, allowPtx) is { } cause)
            return (null, cause);
        CompanionBuild? torchvision = null, torchaudio = null;
        if (wish.Torchvision)
        {
            (torchvision, cause) = CompanionRule.Pick(machine, build, "torchvision", wish.TorchvisionSpec);
            if (cause is not null)
                return (null, cause);
        }

        if (wish.Torchaudio)
        {
            (torchaudio, cause) = CompanionRule.Pick(machine, build, "torchaudio", wish.TorchaudioSpec);
            if (cause is not null)
                return (null, cause);
        }

        var choice = new Choice
        {
            Build = build,
            Torchvision = torchvision,
            Torchaudio = torchaudio,
            Mode = build.Cuda is { } cuda ? DriverFit.Of(machine, cuda, wish.Policy).Mode : DriverFitMode.Full,
        };
        return build.Cuda is { } buildCuda ? ToolkitChooser.Add(machine, wish, choice, buildCuda) : (choice, null);
    }

    private static bool IsCandidate(MachineFacts machine, Wish wish, TorchBuild build) => build.Tag.IsCpu == IsOfCpu(machine, wish)
        && (wish.Tag is not { } tag || build.Tag == tag)
        && (wish.TorchSpec is { } spec ? spec.Matches(build.Version) : !build.Version.IsPrerelease);

    /// <summary>True where builds for the processor are wanted: asked for, or for want of a GPU.</summary>
    public static bool IsOfCpu(MachineFacts machine, Wish wish) => machine.Gpus is { Length: 0 } ? wish.Tag is null or { IsCpu: true } : wish.Tag is { IsCpu: true };

    private static Choice? Best(MachineFacts machine, Wish wish, bool allowPtx, PackageVersion? notBefore)
    {
        var filter = new BuildFilter(machine, wish, allowPtx);
        var served = machine.Gpus is null && machine.Driver is { } driver ? machine.Matrix.Architectures.ServedByBranch(machine.Drivers.BranchOf(driver)) : 0;
        Choice? best = null;
        var bestScore = default(Score);
        var builds = machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch);
        foreach (var place in filter.Places(builds))
        {
            var build = builds[place];
            // Sorted newest first: with known GPUs no older torch can win any more.
            if (best is not null && served == 0 && build.Version < best.Build!.Version || build.Version < notBefore)
                break;
            if (filter.Excludes(build) || !IsCandidate(machine, wish, build))
                continue;
            var (choice, _) = Try(machine, wish, build, allowPtx);
            if (choice is null)
                continue;
            var score = Score.Of(choice, served);
            if (best is null || score.CompareTo(bestScore) > 0)
                (best, bestScore) = (choice, score);
        }

        return best;
    }

    /// <summary>The order of the choice rule; greater is better.</summary>
    private readonly record struct Score(bool ServesNewest, int Served, PackageVersion Torch, int Mode, int Known, CudaTag Tag) : IComparable<Score>
    {
        public static Score Of(Choice choice, ulong branch)
        {
            var build = choice.Build!;
            var newest = branch == 0 ? 0 : 1UL << BitOperations.Log2(branch);
            return new Score(
                (build.ServedMask & newest) != 0,
                BitOperations.PopCount(build.ServedMask & branch),
                build.Version,
                choice.Mode switch { DriverFitMode.Minor => 1, DriverFitMode.Forward => 0, _ => 2 },
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
