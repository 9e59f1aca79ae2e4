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
        if (choice.Build is not { Cuda: not null } chosen || machine.Gpus is null || !machine.DriverCanChange || wish.TorchSpec?.Exact is not null)
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

    /// <summary>For a platform that CUDA builds do not serve: the CPU build, where there is one.</summary>
    public static IReadOnlyList<Remedy> ForPlatform(MachineFacts machine, Wish wish) =>
        machine.BuildOs != Machines.OperatingSystemFamily.MacOS && wish is { Torch: true, Tag: not { IsCpu: true } } && OfCpu(machine, wish) is { } cpu ? [cpu] : [];

    public static IReadOnlyList<Remedy> ForRefusal(MachineFacts machine, Wish wish)
    {
        var remedies = new List<Remedy>();
        remedies.AddRange(OfWish(machine, wish));
        remedies.AddRange(RemedyMachines.Compilers(machine, changed => Try(changed, wish)));
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
        if (wish.TorchaudioSpec is { } audio && NearestPackage(machine, Companions(machine, wish, "torchaudio"), audio, s => wish with { TorchaudioSpec = s }) is { Torchaudio: { } newAudio } withAudio)
            yield return Ask("torchaudio", audio, newAudio.Row.Version, withAudio);
        if (wish.TorchvisionSpec is { } vision && NearestPackage(machine, Companions(machine, wish, "torchvision"), vision, s => wish with { TorchvisionSpec = s }) is { Torchvision: { } newVision } withVision)
            yield return Ask("torchvision", vision, newVision.Row.Version, withVision);
        if (wish.Tag is { IsCpu: false } tag && NearestTag(machine, wish, tag) is { Cuda: { } cuda } withTag)
            yield return new Remedy("cudaTag", tag.ToString(), CudaTag.Of(cuda).ToString(), StackNames.Of(withTag), $"Take CUDA {cuda} instead of {tag.Cuda}: {StackNames.Of(withTag)}.");
        if (wish.TorchSpec is { } torch && NearestPackage(machine, machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).Versions, torch, s => wish with { TorchSpec = s }) is { Build: { } nearest } withTorch)
            yield return new Remedy("torch", torch.ToString(), nearest.Version.ToString(), StackNames.Of(withTorch), $"Take torch {nearest.Version} instead of {torch}: {StackNames.Of(withTorch)}.");
        if (wish.CudnnSpec is { } cudnn && NearestCudnn(machine, wish, cudnn) is { Cudnn: { } newCudnn } withCudnn)
            yield return new Remedy("cudnn", cudnn.ToString(), newCudnn.Version.ToString(), StackNames.Of(withCudnn), $"Take cuDNN {newCudnn.Version}: {StackNames.Of(withCudnn)}.");
        if (wish.ToolkitSpec is { } toolkit && NearestToolkit(machine, wish, toolkit) is { Toolkit: { } newToolkit } withToolkit)
            yield return new Remedy("toolkit", toolkit.ToString(), newToolkit.ToString(), StackNames.Of(withToolkit), $"Take CUDA toolkit {newToolkit} instead of {toolkit}{(wish.Torch ? ": " + StackNames.Of(withToolkit) : "")}.");
        foreach (var packaging in Enum.GetValues<Packaging>())
        {
            if (!wish.Torch || packaging == wish.Packaging || Try(machine, wish with { Packaging = packaging }) is not { } other2)
                continue;
            var name = PackagingNames.Instance.NameOf(packaging);
            yield return new Remedy("packaging", wish.Installer, name, StackNames.Of(other2), $"Take the {name} packages: {StackNames.Of(other2)}.");
            break;
        }
    }

    private static Remedy Ask(string package, VersionSpec from, PackageVersion to, Choice with) =>
        new(package, from.ToString(), to.ToString(), StackNames.Of(with), $"Ask for {package} {to}: {StackNames.Of(with)}.");

    private static List<PackageVersion> Companions(MachineFacts machine, Wish wish, string package) =>
        [.. machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).SelectMany(b => b.Companions(package)).Select(c => c.Row.Version).Distinct().Order()];

    private static Choice? NearestTag(MachineFacts machine, Wish wish, CudaTag tag)
    {
        var tags = wish.Torch ? machine.Matrix.Builds.For(wish.Packaging, machine.BuildOs, machine.Arch).CudaTags : [.. machine.Matrix.ToolkitsOldestFirst.Select(CudaTag.Of).Distinct()];
        return FirstThatWorks(machine, RemedyBuilds.ByNearness(tags, tag).Select(t => wish with { Tag = t }));
    }

    private static Choice? NearestPackage(MachineFacts machine, List<PackageVersion> versions, VersionSpec spec, Func<VersionSpec?, Wish> ask)
    {
        var from = spec.Exact ?? versions.LastOrDefault(spec.Matches);
        return Nearest(machine, from, RemedyBuilds.ByNearness(versions, from.WithoutLabel).Where(v => !v.IsPrerelease && !spec.Matches(v)), ask);
    }

    private static Choice? NearestCudnn(MachineFacts machine, Wish wish, VersionSpec spec)
    {
        var versions = machine.Matrix.Cudnn.Versions;
        var from = DottedVersion.TryParse(spec.ToString(), out var number) ? number : versions.LastOrDefault(spec.Matches);
        return Nearest(machine, from, ToolkitChooser.WhereServes(machine, wish, RemedyBuilds.ByNearness(versions, from).Where(v => !spec.Matches(v))), s => wish with { CudnnSpec = s });
    }

    private static Choice? NearestToolkit(MachineFacts machine, Wish wish, VersionSpec spec)
    {
        var toolkits = machine.Matrix.ToolkitsOldestFirst;
        var from = CudaVersion.TryParse(spec.ToString(), out var number) ? number : toolkits.LastOrDefault(spec.Matches);
        return Nearest(machine, from, RemedyBuilds.ByNearness(toolkits, from).Where(v => !spec.Matches(v) && ToolkitRule.OfDriver(machine, v, wish.Policy) is null), s => wish with { ToolkitSpec = s });
    }

    // The first of the others that gives a plan where the one asked for gives none; any that is then chosen where nothing is like what was asked for.
    // Where none gives a plan even unasked, none need be tried alone.
    private static Choice? Nearest<T>(MachineFacts machine, T from, IEnumerable<T> others, Func<VersionSpec?, Wish> ask)
        where T : struct, IEquatable<T>
    {
        if (Try(machine, ask(null)) is not { } any)
            return null;
        return from.Equals(default) ? any : FirstThatWorks(machine, others.Select(v => ask(VersionSpec.Parse(v.ToString()!))));
    }

    private static Choice? FirstThatWorks(MachineFacts machine, IEnumerable<Wish> wishes) => wishes.Select(w => Try(machine, w)).FirstOrDefault(c => c is not null);

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
        if (!machine.DriverCanChange)
            yield break;
        // What no driver stops is the best that any driver gives: where that is nothing, no driver helps.
        if (Try(machine.WithoutDriver(), wish) is not { } most)
            yield break;
        (DriverVersion Driver, Choice Choice)? any = null, newest = null;
        foreach (var driver in DriverCandidates.NewerFirst(machine))
        {
            if (any?.Driver > driver)
                break;
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
            ? new Remedy("cudaTag", wish.Tag?.ToString(), "cpu", StackNames.Of(choice), $"Leave the GPU out and take the CPU build: {StackNames.Of(choice)}.")
            : null;
    }

    private static Remedy Driver(MachineFacts machine, DriverVersion driver, string gives, string which) => new(
        "driver",
        machine.Document.Driver?.ToString(),
        driver.ToString(),
        gives,
        $"NVIDIA driver {driver} on {ExplanationWriter.Os(machine.Drivers.Os)} ({which}) gives {gives}.{DriverAdvice.Of(machine, driver)}");

    private static Choice? Try(MachineFacts machine, Wish wish) => Chooser.Choose(machine, wish);
}
