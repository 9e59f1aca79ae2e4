using System.Globalization;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;

namespace CudaCompat.Choosing;

/// <summary>Judges every build and puts the best first.</summary>
internal static class BuildChoice
{
    public static ChoiceResult Of(DriverInfo machine, IReadOnlyList<CudaBuild> builds, CompatibilityMatrix matrix)
    {
        for (var i = 0; i < builds.Count; i++)
        {
            if (Fault(builds[i]) is { } fault)
                throw new BadRequestException(string.Create(CultureInfo.InvariantCulture, $"builds[{i}].cuda"), fault);
        }

        // Names that say no chip, several chips or another maker's count as what they say.
        var (gpus, _) = GivenGpus.Settle(matrix, machine.Gpus);
        var settled = ReferenceEquals(gpus, machine.Gpus) ? machine : machine with { Gpus = gpus };
        var context = new ChoiceContext(MachineFacts.Of(matrix, settled));
        var judged = new JudgedBuild[builds.Count];
        for (var i = 0; i < judged.Length; i++)
        {
            // Builds are few: each goes in front of those that it is better than, and behind its equals.
            var build = context.Judge(builds[i]);
            var place = i;
            for (; place > 0
                && Judgement.Compare(build.Judgement, build.Build, judged[place - 1].Judgement, judged[place - 1].Build) < 0; place--)
                judged[place] = judged[place - 1];
            judged[place] = build;
        }

        return new ChoiceResult(context, judged);
    }

    /// <summary>What is wrong with the CUDA of a build; null where nothing is.</summary>
    public static string? Fault(CudaBuild build) => build.Cuda is null && (build.Sass is { Count: > 0 } || build.Ptx is { Count: > 0 })
        ? $"'{Words.Short(build.Name)}' has code for GPUs, so some CUDA made it: give its version."
        : null;
}
