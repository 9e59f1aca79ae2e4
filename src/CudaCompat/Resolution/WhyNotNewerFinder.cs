using CudaCompat.Matrix;

namespace CudaCompat.Resolution;

/// <summary>For the newest torch, the next CUDA tag and the default build: the first rule that stops each.</summary>
internal static class WhyNotNewerFinder
{
    public static IReadOnlyList<(string Candidate, Cause Cause)> Of(MachineFacts machine, Wish wish, Choice choice)
    {
        if (choice.Build is not { } chosen || chosen.Tag.IsCpu)
            return [];
        var result = new List<(string, Cause)>();
        var builds = machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch);
        var newest = builds.FirstOrDefault(b => b is { Tag.IsCpu: false, Version.IsPrerelease: false });
        var nextTag = builds.Of(chosen.Version).LastOrDefault(b => b.Tag > chosen.Tag);
        // Every build of the newest torch, since any of them would have been newer.
        if (newest is not null && newest.Version > chosen.Version)
        {
            foreach (var build in builds.Of(newest.Version).Where(b => !b.Tag.IsCpu))
                Add(build);
        }

        if (nextTag is not null)
            Add(nextTag);
        if (builds.Usual is { } byDefault)
            Add(byDefault);
        return result;

        void Add(TorchBuild build)
        {
            if (ReferenceEquals(build, chosen) || result.Exists(r => r.Item1 == build.ToString()))
                return;
            var cause = Chooser.Try(machine, wish, build, allowPtx: false).Cause ?? Passed(machine, wish, build, choice);
            result.Add((build.ToString(), cause));
        }
    }

    // It would run: the choice rule, or the request, put another build first.
    private static Preferred Passed(MachineFacts machine, Wish wish, TorchBuild build, Choice choice)
    {
        var chosen = choice.Build!;
        string text;
        if (wish.TorchSpec is { } spec && !spec.Matches(build.Version))
            text = $"{build} would run, but torch {spec} was asked for.";
        else if (wish.Tag is { } tag && tag != build.Tag)
            text = $"{build} would run, but {tag} was asked for.";
        else if (wish.ToolkitSpec is { } toolkit && choice.Toolkit?.MajorMinor == chosen.Cuda && build.Cuda != chosen.Cuda)
            text = $"{build} would run, but CUDA toolkit {toolkit} was asked for.";
        else if (machine.Gpus is null)
            text = $"{build} would run on some GPUs; {chosen} serves more of those that this driver may drive.";
        else if (build.Version == chosen.Version && choice.Mode == DriverFitMode.Full && DriverFit.Of(machine, build.Cuda!.Value, wish.Policy).Mode != DriverFitMode.Full)
            text = $"{build} would run by minor-version compatibility; {chosen} runs natively on this driver.";
        else
            text = $"{build} would run; {chosen} comes first by the choice rule.";
        return new Preferred { Subject = build.ToString(), Severity = Severity.Info, Text = text };
    }
}
