using CudaCompat.Matrix;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;

namespace CudaCompat.Resolution.Answers;

/// <summary>For the newest torch, the next CUDA tag and the default build: the first rule that stops each.</summary>
internal static class WhyNotNewerFinder
{
    public static IReadOnlyList<(string Candidate, Cause Cause)> Of(Question question, Candidate choice)
    {
        if (choice.Build is not { } chosen || chosen.Tag.IsCpu)
            return [];
        var result = new List<(string, Cause)>();
        var builds = question.Builds;
        var newest = builds.FirstOrDefault(b => b is { Tag.IsCpu: false, Version.IsPrerelease: false });
        // Every build of the newest torch, since any of them would have been newer.
        if (newest is not null && newest.Version > chosen.Version)
        {
            foreach (var build in builds.Of(newest.Version).Where(b => !b.Tag.IsCpu))
                Add(build);
        }

        if (builds.Of(chosen.Version).LastOrDefault(b => b.Tag > chosen.Tag) is { } nextTag)
            Add(nextTag);
        if (builds.Usual is { } byDefault)
            Add(byDefault);
        return result;

        void Add(TorchBuild build)
        {
            if (ReferenceEquals(build, chosen) || result.Exists(r => r.Item1 == build.ToString()))
                return;
            var cause = Chooser.Complete(question, build, Attempt.For(question)[0]).Cause ?? Passed(question, build, choice);
            if (cause is CompanionMismatch { Version: null } lacking && Chooser.IsCandidate(question, build) && IsEnough(Leaving(question, lacking.Package), build))
                cause = lacking with { IsAllThatLacks = true };
            result.Add((build.ToString(), cause));
        }
    }

    private static Question Leaving(Question question, string package) => package == "torchvision" ? question with { Torchvision = false } : question with { Torchaudio = false };

    private static bool IsEnough(Question question, TorchBuild build) => Chooser.Complete(question, build, Attempt.For(question)[0]).Candidate is not null;

    // It would run: the choice rule, or the request, put another build first.
    private static Preferred Passed(Question question, TorchBuild build, Candidate choice)
    {
        var chosen = choice.Build!;
        string text;
        if (question.TorchSpec is { } spec && !spec.Matches(build.Version))
            text = $"{build} would run, but torch {spec} was asked for.";
        else if (question.Tag is { } tag && tag != build.Tag)
            text = $"{build} would run, but {tag} was asked for.";
        else if (question.FromDefaultIndex && !build.Row.Default)
            text = $"{build} would run, but only PyTorch's own index has it (--index pytorch).";
        else if (question.ToolkitSpec is { } toolkit && choice.Toolkit?.MajorMinor == chosen.Cuda && build.Cuda != chosen.Cuda)
            text = $"{build} would run, but CUDA toolkit {toolkit} was asked for.";
        else if (question.Machine.Gpus is null)
            text = $"{build} would run on some GPUs; {chosen} serves more of those that this driver may drive.";
        else if (build.Version == chosen.Version && choice.Mode == DriverFitMode.Full && question.Machine.FitOf(build.Cuda!.Value, question.Policy).Mode != DriverFitMode.Full)
            text = $"{build} would run by minor-version compatibility; {chosen} runs natively on this driver.";
        else
            text = $"{build} would run; {chosen} comes first by the choice rule.";
        return new Preferred { Subject = build.ToString(), Severity = Severity.Info, Text = text };
    }
}

/// <summary>A build that would work and is not taken, since the choice rule puts another one first.</summary>
internal sealed record Preferred : Cause
{
    public override string Rule => "choice-rule";

    public required string Text { get; init; }

    public override string English() => Text;
}
