using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Choice;

/// <summary>The candidates that a stack to check stands for: one, or several where what is said leaves more than one build (a prefix, conda without a tag).</summary>
internal static class Stacks
{
    /// <summary>Never empty: a build that is not known is a candidate without one.</summary>
    public static IReadOnlyList<Candidate> Candidates(Question question)
    {
        var rest = new Candidate
        {
            Tag = question.Tag,
            Toolkit = question.ToolkitSpec?.ExactCuda,
            Cudnn = question.CudnnSpec?.Number,
            Torchvision = question.TorchvisionSpec?.Named,
            Torchaudio = question.TorchaudioSpec?.Named,
        };
        if (question.TorchSpec is not { } spec)
            return question.Tag is { IsSeries: true } series ? OfSeries(question, rest, series) : [rest with { Mode = ModeOf(question, rest.Cuda) }];
        var builds = Builds(question, spec);
        if (builds.Count == 0)
            return [OfNoBuild(question, rest with { Torch = spec.Named ?? question.Machine.Matrix.Builds.NewestTorch })];
        return [.. builds.Select(b => rest with { Build = b, Torch = b.Version, Tag = b.Tag, Mode = ModeOf(question, b.Cuda) })];
    }

    /// <summary>The one candidate, where every candidate passes every rule.</summary>
    public static Candidate? Passing(Question question)
    {
        var candidates = Candidates(question);
        return candidates.All(c => RuleBook.Passes(question, c)) ? candidates[0] : null;
    }

    // A program of a CUDA given without its minor: each that there is.
    private static Candidate[] OfSeries(Question question, Candidate rest, CudaTag series)
    {
        Candidate[] each = [.. question.Machine.Matrix.ToolkitCudas.Select(CudaTag.Of).Where(series.Includes).Select(tag => rest with { Tag = tag, Mode = ModeOf(question, tag.Cuda) })];
        return each.Length > 0 ? each : [rest];
    }

    private static List<TorchBuild> Builds(Question question, VersionSpec spec)
    {
        var builds = question.Builds;
        // A label that is no CUDA's (rocm5.4.2, git1a2b3c) names a build of somebody else, which no release stands for.
        if (spec.Label is not null)
            return [];
        var all = spec.Exact is { } exact ? builds.Of(exact) : builds.Where(b => spec.Matches(b.Version));
        if (question.Tag is { } tag)
            return [.. all.Where(b => tag.Includes(b.Tag))];
        if (question.Packaging == Packaging.Pip && (spec.Number is not null || question.PackagingIsSaid))
            return [.. all.Where(b => b.Row.Default)];
        // Which CUDA a conda package has is not said: any that is not for the processor alone, where there is a GPU.
        var known = all.ToList();
        return question.Machine.Gpus is not { Length: 0 } && known.Exists(b => !b.Tag.IsCpu) ? [.. known.Where(b => !b.Tag.IsCpu)] : known;
    }

    // A pre-release is judged by the release that it leads to, a build with a label of its own likewise.
    private static Candidate OfNoBuild(Question question, Candidate candidate)
    {
        var torch = candidate.Torch!.Value;
        if (!torch.IsPrerelease && torch.Label is null)
            return candidate with { Mode = ModeOf(question, candidate.Cuda) };
        var release = PackageVersion.Parse(torch.Release.ToString());
        var build = candidate.Tag is { IsSeries: false } tag ? question.Builds.Find(release, tag) ?? question.Machine.Matrix.Builds.Find(release, tag, Packaging.Pip, question.Machine.BuildOs, question.Machine.Arch) : null;
        return candidate with { Build = build, IsPrerelease = true, Mode = ModeOf(question, candidate.Tag?.Cuda) };
    }

    private static DriverFitMode ModeOf(Question question, CudaVersion? cuda) => cuda is { } version ? question.Machine.FitOf(version, question.Policy).Mode : DriverFitMode.Full;
}
