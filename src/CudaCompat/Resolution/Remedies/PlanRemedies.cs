using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Remedies;

/// <summary>What would give a plan, or a newer one: the request solved again with one fact changed, the cheapest change first.</summary>
internal static class PlanRemedies
{
    private const int Most = 5;

    /// <summary>For a plan: the lowest driver that gives the newest torch, where a driver is what keeps it away.</summary>
    public static IReadOnlyList<Remedy> ForPlan(MachineFacts machine, Wish wish, Choice choice)
    {
        if (choice.Build is not { Cuda: not null } chosen || machine.Gpus is null || machine.Tegra || machine.Driver is null || wish.TorchSpec?.Exact is not null)
            return [];
        var newest = Chooser.Choose(machine.WithoutDriver(), wish);
        if (newest?.Build is not { } better || better.Version <= chosen.Version)
            return [];
        foreach (var driver in DriverCandidates.For(machine))
        {
            if (driver > machine.Driver && Chooser.Choose(machine.WithDriver(driver), wish, better.Version) is { Build: { } given } && given.Version >= better.Version)
                return [Driver(machine, driver, given.ToString(), "the lowest that gives the newest torch")];
        }

        return [];
    }

    public static IReadOnlyList<Remedy> ForRefusal(MachineFacts machine, Wish wish)
    {
        if (machine.BuildOs == Machines.OperatingSystemFamily.MacOS)
            return [];
        var remedies = new List<Remedy>();
        remedies.AddRange(OfWish(machine, wish));
        var drivers = OfDriver(machine, wish).ToArray();
        remedies.AddRange(OfPython(machine, wish));
        remedies.AddRange(drivers);
        remedies.AddRange(OfGpus(machine, wish));
        if (remedies.Count < Most && wish.Torch && wish.Tag is null && machine.Gpus is { Length: > 0 } && OfCpu(machine, wish) is { } cpu)
            remedies.Add(cpu);
        return [.. remedies.Take(Most)];
    }

    private static IEnumerable<Remedy> OfWish(MachineFacts machine, Wish wish)
    {
        if (wish.TorchaudioSpec is { } audio && Try(machine, wish with { TorchaudioSpec = null }) is { Torchaudio: { } newAudio } withAudio)
            yield return new Remedy("torchaudio", audio.ToString(), newAudio.Row.Version.ToString(), StackNames.Of(withAudio), $"Ask for torchaudio {newAudio.Row.Version}: {StackNames.Of(withAudio)}.");
        if (wish.TorchvisionSpec is { } vision && Try(machine, wish with { TorchvisionSpec = null }) is { Torchvision: { } newVision } withVision)
            yield return new Remedy("torchvision", vision.ToString(), newVision.Row.Version.ToString(), StackNames.Of(withVision), $"Ask for torchvision {newVision.Row.Version}: {StackNames.Of(withVision)}.");
        if (wish.Tag is { IsCpu: false } tag && NearestTag(machine, wish, tag) is { Build: { } other } withTag)
            yield return new Remedy("cudaTag", tag.ToString(), other.Tag.ToString(), StackNames.Of(withTag), $"Take CUDA {other.Cuda} instead of {tag.Cuda}: {StackNames.Of(withTag)}.");
        if (wish.TorchSpec is { } torch && NearestTorch(machine, wish, torch) is { Build: { } nearest } withTorch)
            yield return new Remedy("torch", torch.ToString(), nearest.Version.ToString(), StackNames.Of(withTorch), $"Take torch {nearest.Version} instead of {torch}: {StackNames.Of(withTorch)}.");
        if (wish.CudnnSpec is { } cudnn && Try(machine, wish with { CudnnSpec = null }) is { Cudnn: { } newCudnn } withCudnn)
            yield return new Remedy("cudnn", cudnn.ToString(), newCudnn.Version.ToString(), StackNames.Of(withCudnn), $"Take cuDNN {newCudnn.Version}: {StackNames.Of(withCudnn)}.");
        if (wish.ToolkitSpec is { } toolkit && Try(machine, wish with { ToolkitSpec = null }) is { Toolkit: { } newToolkit } withToolkit)
            yield return new Remedy("toolkit", toolkit.ToString(), newToolkit.ToString(), StackNames.Of(withToolkit), $"Take CUDA toolkit {newToolkit}: {StackNames.Of(withToolkit)}.");
        foreach (var packaging in Enum.GetValues<Packaging>())
        {
            if (!wish.Torch || packaging == wish.Packaging || Try(machine, wish with { Packaging = packaging }) is not { } other2)
                continue;
            var name = PackagingNames.Instance.NameOf(packaging);
            yield return new Remedy("packaging", wish.Installer, name, StackNames.Of(other2), $"Take the {name} packages: {StackNames.Of(other2)}.");
            break;
        }
    }

    private static Choice? NearestTag(MachineFacts machine, Wish wish, CudaTag tag)
    {
        var tags = machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).CudaTags;
        return RemedyBuilds.ByNearness(tags, tag).Select(t => Try(machine, wish with { Tag = t })).FirstOrDefault(c => c is not null);
    }

    private static Choice? NearestTorch(MachineFacts machine, Wish wish, VersionSpec spec)
    {
        var versions = machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).Versions;
        var from = spec.Exact ?? versions.LastOrDefault(spec.Matches);
        if (from == default)
            return Try(machine, wish with { TorchSpec = null });
        // Where no version at all gives a plan, none need be tried alone.
        if (Try(machine, wish with { TorchSpec = null }) is null)
            return null;
        return RemedyBuilds.ByNearness(versions, from.WithoutLabel)
            .Where(v => !v.IsPrerelease && !spec.Matches(v))
            .Select(v => Try(machine, wish with { TorchSpec = VersionSpec.Parse(v.ToString()) }))
            .FirstOrDefault(c => c is not null);
    }

    private static IEnumerable<Remedy> OfPython(MachineFacts machine, Wish wish)
    {
        if (!wish.Torch || machine.Python is not { } python || Try(machine.WithAnyPython(), wish) is null)
            yield break;
        var pythons = machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).Pythons.Where(p => p.FreeThreaded == python.FreeThreaded).ToList();
        foreach (var other in RemedyBuilds.ByNearness(pythons, python))
        {
            if (Try(machine.WithPython(other), wish) is not { } choice)
                continue;
            yield return new Remedy("python", python.ToString(), other.ToString(), StackNames.Of(choice), $"Take Python {other}: {StackNames.Of(choice)}.");
            yield break;
        }
    }

    private static IEnumerable<Remedy> OfDriver(MachineFacts machine, Wish wish)
    {
        if (machine.Tegra || machine.Document.Driver is null && machine.Document.MaxCuda is null)
            yield break;
        // What no driver stops is the best that any driver gives: where that is nothing, no driver helps.
        if (Try(machine.WithoutDriver(), wish) is not { } most)
            yield break;
        (DriverVersion Driver, Choice Choice)? any = null, newest = null;
        foreach (var driver in DriverCandidates.For(machine))
        {
            if (Chooser.Choose(machine.WithDriver(driver), wish, machine.Gpus is null ? null : newest?.Choice.Build?.Version) is not { } choice)
                continue;
            any ??= (driver, choice);
            if (newest is not { } best || IsNewer(choice, best.Choice))
                newest = (driver, choice);
            if (!IsNewer(most, newest.Value.Choice))
                break;
        }

        if (any is { } lowest)
            yield return Driver(machine, lowest.Driver, StackNames.Of(lowest.Choice), "the lowest that gives any plan");
        if (newest is { } last && last.Driver != any!.Value.Driver)
            yield return Driver(machine, last.Driver, StackNames.Of(last.Choice), wish.Torch ? "the lowest that gives the newest torch" : "the lowest that gives the newest toolkit");
    }

    private static bool IsNewer(Choice choice, Choice than) => choice.Build is { } build
        ? build.Version > than.Build!.Version
        : choice.Toolkit > than.Toolkit;

    private static IEnumerable<Remedy> OfGpus(MachineFacts machine, Wish wish)
    {
        if (machine.Gpus is not { Length: > 1 } gpus)
            yield break;
        var covered = new List<GpuFacts[]>();
        foreach (var subset in RemedyMachines.Subsets(gpus))
        {
            // A part of what a larger subset serves already tells nothing new.
            if (covered.Exists(c => subset.All(c.Contains)) || Try(machine.WithGpus(subset), wish) is not { } choice)
                continue;
            covered.Add(subset);
            yield return RemedyMachines.GpuRemedy(gpus, subset, StackNames.Of(choice));
        }
    }

    private static Remedy? OfCpu(MachineFacts machine, Wish wish)
    {
        var cpu = wish with { Tag = CudaTag.Cpu, Toolkit = false, Cudnn = false };
        return Try(machine, cpu) is { } choice
            ? new Remedy("cudaTag", null, "cpu", StackNames.Of(choice), $"Leave the GPU out and take the CPU build: {StackNames.Of(choice)}.")
            : null;
    }

    private static Remedy Driver(MachineFacts machine, DriverVersion driver, string gives, string which) => new(
        "driver",
        machine.Document.Driver?.ToString(),
        driver.ToString(),
        gives,
        $"NVIDIA driver {driver} on {ExplanationWriter.Os(machine.Drivers.Os)} ({which}) gives {gives}.");

    private static Choice? Try(MachineFacts machine, Wish wish) => Chooser.Choose(machine, wish);
}
