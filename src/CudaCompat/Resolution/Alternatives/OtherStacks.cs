using CudaCompat.Matrix;
using CudaCompat.Resolution.Choice;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>Where no single change of a stack is enough: the cheapest change of two things, a torch taking its companions and its toolkit along.</summary>
internal static class OtherStacks
{
    // Builds tried with another driver; who needs one farther away than these starts anew.
    private const int MostBuilds = 8;

    /// <summary>The nearest build of torch that works with what goes along.</summary>
    public static Remedy? OtherTorch(Question question) => question.TorchSpec is not null && OtherBuilds(question).FirstOrDefault() is { } changed ? Tell(question, changed) : null;

    /// <summary>What would help if the driver were no obstacle; then the lowest driver with which it does.</summary>
    public static Remedy? WithDriver(Question question)
    {
        var machine = question.Machine;
        if (!machine.DriverCanChange || question.TorchSpec is null)
            return null;
        var drivers = DriverCandidates.For(machine);
        var free = question.On(machine.Gpus is null ? machine.WithDriver(drivers[^1]) : machine.WithoutDriver());
        var others = Remedies.Single(free).Concat(OtherBuilds(free).Take(MostBuilds).Select(changed => (Remedy: Tell(free, changed), Question: changed)));
        foreach (var (second, changed) in others)
        {
            foreach (var driver in drivers)
            {
                if (Solver.Solve(changed.On(changed.Machine.WithDriver(driver))) is not null)
                    return new Remedy("driver", machine.Document.Driver?.ToString(), driver.ToString(), second.Gives, $"Install NVIDIA driver {driver}, and: {second.Message}{OtherDrivers.Advice(machine, driver)}", [new AlsoChange(second.Change, second.From, second.To), .. second.Also ?? []]);
            }
        }

        return null;
    }

    private static IEnumerable<Question> OtherBuilds(Question question)
    {
        var spec = question.TorchSpec!;
        var named = spec.Named ?? question.Builds.Versions.LastOrDefault(spec.Matches);
        var torch = named.IsPrerelease ? PackageVersion.Parse(named.Release.ToString()) : named.WithoutLabel;
        foreach (var version in (IEnumerable<PackageVersion>)[torch, .. Nearness.Order(question.Builds.Versions, torch)])
        {
            foreach (var build in question.Builds.Of(version).Where(b => !b.Tag.IsCpu && !b.Version.IsPrerelease))
            {
                if (Changed(question, build) is { } changed && Changes(question, changed).Count > 0 && Solver.Solve(changed) is not null)
                    yield return changed;
            }
        }
    }

    private static Question? Changed(Question question, TorchBuild build)
    {
        var changed = question with { TorchSpec = VersionSpec.Exactly(build.Version), Tag = build.Tag };
        if (question.NeedsTorchvision)
        {
            if (CompanionRule.Pick(question, build, "torchvision", null).Companion is not { } vision)
                return null;
            changed = changed with { TorchvisionSpec = VersionSpec.Exactly(vision.Row.Version) };
        }

        if (question.NeedsTorchaudio)
        {
            if (CompanionRule.Pick(question, build, "torchaudio", null).Companion is not { } audio)
                return null;
            changed = changed with { TorchaudioSpec = VersionSpec.Exactly(audio.Row.Version) };
        }

        return question.ToolkitSpec is not null && question.Compiles && build.Cuda is { } cuda && question.Machine.Matrix.NewestPatch(cuda) is { } toolkit
            ? changed with { ToolkitSpec = VersionSpec.Exactly(toolkit) }
            : changed;
    }

    private static Remedy Tell(Question from, Question to)
    {
        var changes = Changes(from, to);
        var gives = $"torch {to.TorchSpec}+{to.Tag}";
        var with = string.Join(" and ", changes.Where(c => c.Change is "torchvision" or "torchaudio" or "toolkit").Select(c => $"{c.Change} {c.To}"));
        AlsoChange[] rest = [.. changes.Skip(1)];
        return new Remedy(changes[0].Change, changes[0].From, changes[0].To, gives, $"Take {gives}{(with.Length > 0 ? " with " + with : "")}.", rest.Length == 0 ? null : rest);
    }

    private static List<AlsoChange> Changes(Question from, Question to)
    {
        var changes = new List<AlsoChange>();
        Compare("torch", from.TorchSpec, to.TorchSpec);
        Compare("cudaTag", from.Tag, to.Tag);
        Compare("torchvision", from.TorchvisionSpec, to.TorchvisionSpec);
        Compare("torchaudio", from.TorchaudioSpec, to.TorchaudioSpec);
        Compare("toolkit", from.ToolkitSpec, to.ToolkitSpec);
        return changes;

        void Compare(string name, object? was, object? now)
        {
            if (was?.ToString() != now?.ToString())
                changes.Add(new AlsoChange(name, was?.ToString(), now?.ToString()));
        }
    }
}
