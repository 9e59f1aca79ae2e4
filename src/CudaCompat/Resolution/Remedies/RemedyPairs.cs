using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Resolution.Remedies;

/// <summary>Where no single change is enough: the cheapest change of two things, a torch taking its companions along.</summary>
internal static class RemedyPairs
{
    // Builds tried with another driver; who needs one farther away than these starts anew.
    private const int MostBuilds = 8;

    public static Remedy? Cheapest(MachineFacts machine, StackDocument stack)
    {
        if (stack.Torch is null)
            return null;
        return (CheckRemedies.IsStoppedByCards(machine, stack) ? null : OtherTorch(machine, stack)) ?? WithDriver(machine, stack);
    }

    private static Remedy? OtherTorch(MachineFacts machine, StackDocument stack) => OtherBuilds(machine, stack).FirstOrDefault() is { } changed ? Tell(machine, stack, changed) : null;

    /// <summary>The combination with another build of torch that works, the nearest version first.</summary>
    private static IEnumerable<StackDocument> OtherBuilds(MachineFacts machine, StackDocument stack)
    {
        var packaging = stack.Packaging ?? Packaging.Pip;
        var all = machine.Matrix.Builds.For(packaging, machine.BuildOs, machine.Arch);
        var torch = stack.Torch!.Value.WithoutLabel;
        foreach (var version in (IEnumerable<Versions.PackageVersion>)[torch, .. RemedyBuilds.ByNearness(all.Versions, torch)])
        {
            foreach (var build in all.Of(version).Where(b => !b.Tag.IsCpu))
            {
                if (Changed(machine, stack, build) is { } changed && CheckRemedies.Works(machine, changed))
                    yield return changed;
            }
        }
    }

    // What would help if the driver were no obstacle; then the lowest driver with which it does.
    private static Remedy? WithDriver(MachineFacts machine, StackDocument stack)
    {
        if (!machine.DriverCanChange)
            return null;
        var drivers = DriverCandidates.For(machine);
        var free = machine.Gpus is null ? machine.WithDriver(drivers[^1]) : machine.WithoutDriver();
        var others = CheckRemedies.Changes(free, stack).Where(c => c.Remedy.Change is not ("driver" or "gpu"))
            .Concat(OtherBuilds(free, stack).Where(changed => changed != stack).Take(MostBuilds).Select(changed => new Change(Tell(free, stack, changed), free, changed)));
        foreach (var (second, other, changed) in others)
        {
            foreach (var driver in drivers)
            {
                if (CheckRemedies.Works(other.WithDriver(driver), changed))
                    return new Remedy("driver", machine.Document.Driver?.ToString(), driver.ToString(), second.Gives, $"Install NVIDIA driver {driver}, and: {second.Message}", [new AlsoChange(second.Change, second.From, second.To), .. second.Also ?? []]);
            }
        }

        return null;
    }

    private static StackDocument? Changed(MachineFacts machine, StackDocument stack, TorchBuild build)
    {
        var changed = stack with { Torch = build.Version, CudaTag = build.Tag };
        if (stack.Torchvision is not null)
        {
            if (Rules.CompanionRule.Pick(machine, build, "torchvision", null).Companion is not { } vision)
                return null;
            changed = changed with { Torchvision = vision.Row.Version };
        }

        if (stack.Torchaudio is not null)
        {
            if (Rules.CompanionRule.Pick(machine, build, "torchaudio", null).Companion is not { } audio)
                return null;
            changed = changed with { Torchaudio = audio.Row.Version };
        }

        if (stack.Toolkit is not null && stack.Compiles)
            changed = changed with { Toolkit = build.Cuda is { } cuda ? machine.Matrix.NewestPatch(cuda) : null };
        return changed;
    }

    private static Remedy Tell(MachineFacts machine, StackDocument from, StackDocument to)
    {
        var changes = new List<AlsoChange>();
        Compare("torch", from.Torch?.WithoutLabel.ToString(), to.Torch?.ToString());
        Compare("cudaTag", from.CudaTag?.ToString(), to.CudaTag?.ToString());
        Compare("torchvision", from.Torchvision?.ToString(), to.Torchvision?.ToString());
        Compare("torchaudio", from.Torchaudio?.ToString(), to.Torchaudio?.ToString());
        Compare("toolkit", from.Toolkit?.ToString(), to.Toolkit?.ToString());
        var gives = CheckRemedies.Gives(machine, to);
        var rest = changes.Skip(1).ToArray();
        var with = string.Join(" and ", changes.Where(c => c.Change is "torchvision" or "torchaudio" or "toolkit").Select(c => $"{c.Change} {c.To}"));
        return new Remedy(changes[0].Change, changes[0].From, changes[0].To, gives, $"Take {gives}{(with.Length > 0 ? " with " + with : "")}.", rest.Length == 0 ? null : rest);

        void Compare(string name, string? was, string? now)
        {
            if (was != now)
                changes.Add(new AlsoChange(name, was, now));
        }
    }
}
