using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Remedies;

/// <summary>
/// What makes an incompatible combination work. Each change is tried on the whole combination and kept only where it then passes; the
/// nearest value of each kind, in the order of what it costs a person.
/// </summary>
internal static class CheckRemedies
{
    private const int Most = 5;

    public static IReadOnlyList<Remedy> For(MachineFacts machine, StackDocument stack)
    {
        if (machine.BuildOs == OperatingSystemFamily.MacOS)
            return [];
        var remedies = Changes(machine, stack).Take(Most).Select(c => c.Remedy).ToList();
        if (remedies.Count == 0 && RemedyPairs.Cheapest(machine, stack) is { } pair)
            remedies.Add(pair);
        return remedies;
    }

    /// <summary>True where the rules find nothing against it.</summary>
    public static bool Works(MachineFacts machine, StackDocument stack) => StackChecker.Works(machine, stack);

    public static string Gives(MachineFacts machine, StackDocument stack) => StackNames.Of(stack, DefaultTag(machine, stack));

    /// <summary>Every single change that makes it work, with the machine and the combination after it.</summary>
    public static IEnumerable<Change> Changes(MachineFacts machine, StackDocument stack)
    {
        if (!IsStoppedByCards(machine, stack))
        {
            if (stack.Torch is { } torch)
            {
                foreach (var remedy in Companions(machine, stack, torch).Concat(OfTorch(machine, stack, torch)))
                    yield return remedy;
            }

            foreach (var remedy in OfToolchain(machine, stack))
                yield return remedy;
            foreach (var change in RemedyMachines.Compilers(machine, stack, Works))
                yield return change;
            foreach (var change in OfPython(machine, stack))
                yield return change;
        }

        foreach (var remedy in OfMachine(machine, stack))
            yield return remedy;
        if (stack.Torch is not null && stack.CudaTag is not { IsCpu: true } && machine.Gpus is { Length: 0 } && stack with { CudaTag = CudaTag.Cpu } is var cpu && Works(machine, cpu))
            yield return new Change(new Remedy("cudaTag", stack.CudaTag?.ToString(), "cpu", Gives(machine, cpu), $"Take the CPU build: {Gives(machine, cpu)}."), machine, cpu);
    }

    /// <summary>True where the driver does not drive a card, which stops whatever uses the GPU: only another driver helps, or leaving the card out.</summary>
    public static bool IsStoppedByCards(MachineFacts machine, StackDocument stack)
    {
        var tag = stack.Torch is null ? stack.CudaTag : DefaultTag(machine, stack) ?? stack.CudaTag;
        return tag is not { IsCpu: true } && StackJudge.FirstAgainstCards(machine) is not null;
    }

    private static IEnumerable<Change> Companions(MachineFacts machine, StackDocument stack, PackageVersion torch)
    {
        var build = RemedyBuilds.Find(machine, stack);
        if (build is null)
            yield break;
        if (stack.Torchvision is { } vision && Nearest(build.Torchvision, v => Works(machine, stack with { Torchvision = v })) is { } newVision && newVision != vision)
            yield return new Change(new Remedy("torchvision", vision.ToString(), newVision.ToString(), Gives(machine, stack with { Torchvision = newVision }), $"Take torchvision {newVision}, which goes with torch {torch}."), machine, stack with { Torchvision = newVision });
        if (stack.Torchaudio is { } audio && Nearest(build.Torchaudio, v => Works(machine, stack with { Torchaudio = v })) is { } newAudio && newAudio != audio)
            yield return new Change(new Remedy("torchaudio", audio.ToString(), newAudio.ToString(), Gives(machine, stack with { Torchaudio = newAudio }), $"Take torchaudio {newAudio}, which goes with torch {torch}."), machine, stack with { Torchaudio = newAudio });
    }

    private static PackageVersion? Nearest(CompanionBuild[] builds, Func<PackageVersion, bool> works)
    {
        foreach (var build in builds)
        {
            if (works(build.Row.Version))
                return build.Row.Version;
        }

        return null;
    }

    private static IEnumerable<Change> OfTorch(MachineFacts machine, StackDocument stack, PackageVersion torch)
    {
        var packaging = stack.Packaging ?? Packaging.Pip;
        var all = machine.Matrix.Builds.For(packaging, machine.BuildOs, machine.Arch);
        var now = stack.CudaTag ?? DefaultTag(machine, stack);
        var tags = all.Of(torch).Where(b => !b.Tag.IsCpu && b.Tag != stack.CudaTag).Select(b => b.Tag).Distinct().Order().ToList();
        foreach (var tag in now is { IsCpu: false } cuda ? RemedyBuilds.ByNearness(tags, cuda) : Enumerable.Reverse(tags))
        {
            var changed = stack with { CudaTag = tag, Torch = torch.WithoutLabel };
            if (!Works(machine, changed))
                continue;
            yield return new Change(new Remedy("cudaTag", stack.CudaTag?.ToString(), tag.ToString(), Gives(machine, changed), $"Take the build for CUDA {tag.Cuda}: {Gives(machine, changed)}."), machine, changed);
            break;
        }

        var versions = stack.CudaTag is { } known ? all.VersionsFor(known) : all.DefaultVersions;
        foreach (var version in RemedyBuilds.ByNearness(versions, torch))
        {
            var changed = stack with { Torch = version };
            if (!Works(machine, changed))
                continue;
            yield return new Change(new Remedy("torch", torch.ToString(), version.ToString(), Gives(machine, changed), $"Take torch {version}: {Gives(machine, changed)}."), machine, changed);
            break;
        }

        foreach (var other in Enum.GetValues<Packaging>())
        {
            var changed = stack with { Packaging = other };
            if (other == packaging || !Works(machine, changed))
                continue;
            var name = PackagingNames.Instance.NameOf(other);
            yield return new Change(new Remedy("packaging", PackagingNames.Instance.NameOf(packaging), name, Gives(machine, changed), $"Take the {name} package of the same build."), machine, changed);
            break;
        }
    }

    private static IEnumerable<Change> OfToolchain(MachineFacts machine, StackDocument stack)
    {
        // No version of a part helps where the rest does not work without it; cuDNN is judged by the toolkit that it is used with.
        if (stack.Cudnn is { } cudnn && Works(machine, stack with { Cudnn = null }))
        {
            foreach (var version in RemedyBuilds.ByNearness(machine.Matrix.Cudnn.Versions, cudnn))
            {
                if (!Works(machine, stack with { Cudnn = version }))
                    continue;
                yield return new Change(new Remedy("cudnn", cudnn.ToString(), version.ToString(), Gives(machine, stack with { Cudnn = version }), $"Take cuDNN {version}."), machine, stack with { Cudnn = version });
                break;
            }
        }

        if (stack.Toolkit is { } toolkit && Works(machine, stack with { Toolkit = null, Cudnn = null }))
        {
            foreach (var version in RemedyBuilds.ByNearness(machine.Matrix.ToolkitsOldestFirst, toolkit))
            {
                if (!Works(machine, stack with { Toolkit = version }))
                    continue;
                yield return new Change(new Remedy("toolkit", toolkit.ToString(), version.ToString(), Gives(machine, stack with { Toolkit = version }), $"Take CUDA toolkit {version}."), machine, stack with { Toolkit = version });
                break;
            }
        }
    }

    private static IEnumerable<Change> OfPython(MachineFacts machine, StackDocument stack)
    {
        if (stack.Torch is null || machine.Python is not { } python || !Works(machine.WithAnyPython(), stack))
            yield break;
        var pythons = (RemedyBuilds.Find(machine, stack)?.Row.Pythons ?? []).Where(p => p.FreeThreaded == python.FreeThreaded).Order().ToList();
        foreach (var other in RemedyBuilds.ByNearness(pythons, python))
        {
            if (!Works(machine.WithPython(other), stack))
                continue;
            yield return new Change(new Remedy("python", python.ToString(), other.ToString(), Gives(machine, stack), $"Take Python {other}."), machine.WithPython(other), stack);
            break;
        }
    }

    private static IEnumerable<Change> OfMachine(MachineFacts machine, StackDocument stack)
    {
        if (machine.DriverCanChange && (machine.Gpus is null || Works(machine.WithoutDriver(), stack)))
        {
            foreach (var driver in DriverCandidates.NewerFirst(machine))
            {
                if (driver == machine.Document.Driver || !Works(machine.WithDriver(driver), stack))
                    continue;
                yield return new Change(new Remedy("driver", machine.Document.Driver?.ToString(), driver.ToString(), Gives(machine, stack), $"Install NVIDIA driver {driver} (on {ExplanationWriter.Os(machine.Drivers.Os)}); it is the lowest that does.{DriverAdvice.Of(machine, driver)}"), machine.WithDriver(driver), stack);
                break;
            }
        }

        if (machine.Gpus is { Length: > 1 } gpus)
        {
            foreach (var subset in RemedyMachines.Subsets(gpus))
            {
                if (!Works(machine.WithGpus(subset), stack))
                    continue;
                yield return new Change(RemedyMachines.GpuRemedy(gpus, subset, Gives(machine, stack)), machine.WithGpus(subset), stack);
                break;
            }
        }
    }

    private static CudaTag? DefaultTag(MachineFacts machine, StackDocument stack) => RemedyBuilds.Find(machine, stack)?.Tag;
}

/// <summary>A remedy, and what the machine and the combination are after it.</summary>
internal sealed record Change(Remedy Remedy, MachineFacts Machine, StackDocument Stack);
