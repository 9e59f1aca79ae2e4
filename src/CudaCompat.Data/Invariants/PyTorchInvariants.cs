using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Invariants;

/// <summary>Rules for PyTorch's half of the data.</summary>
internal static class PyTorchInvariants
{
    private const string Toolkit = "every CUDA tag has a toolkit", Companions = "every torch has companions or a stated reason", Preferred = "one companion is preferred", Targets = "arch lists are within what the toolkit targets",
        Pythons = "listed builds have Pythons", Files = "files belong to a build";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new(Toolkit, EveryTagHasAToolkit),
        new(Companions, EveryTorchHasCompanions),
        new(Preferred, data => data.Facts.Companions.Rows.Where(c => c.Preferred).GroupBy(c => (c.Torch, c.Package, c.Packaging)).Where(g => g.Count() > 1)
            .Select(g => new Violation(Preferred, "companions", $"{g.Key.Package} for torch {g.Key.Torch}", string.Join(" and ", g.Select(c => c.Version))))),
        new(Targets, ArchListsAreTargets),
        new(Pythons, data => data.Facts.Builds.Rows.Where(b => b.Known == KnownBy.Listed && b.Pythons.Length == 0 && b.Tag is not null)
            .Select(b => new Violation(Pythons, "builds", Name(b), "no Python"))),
        new(Files, FilesBelongToABuild),
    ];

    private static string Name(BuildRow build) => $"{build.Package} {build.Version}+{build.Tag} {build.Packaging} {build.Os} {build.Arch}";

    // Directories were named before 8.0 by toolkits whose full number is not known; X.Y suffices.
    private static IEnumerable<Violation> EveryTagHasAToolkit(CheckedData data)
    {
        var known = data.Facts.Toolkits.Rows.Select(t => t.Version.MajorMinor).ToHashSet();
        return data.Facts.Builds.Rows.Where(b => b.Tag is { IsCpu: false } tag && !known.Contains(tag.Cuda!.Value.MajorMinor))
            .Select(b => new Violation(Toolkit, "builds", Name(b), $"no toolkit {b.Tag!.Value.Cuda} is known"));
    }

    // torchvision began with torch 0.3 and torchaudio (as a package of its own) with 1.2; the note of a release states any other reason.
    private static IEnumerable<Violation> EveryTorchHasCompanions(CheckedData data)
    {
        var first = data.Facts.Companions.Rows.GroupBy(c => c.Package).ToDictionary(g => g.Key, g => g.Min(c => c.Torch), StringComparer.Ordinal);
        var companions = data.Facts.Companions.Rows.ToLookup(c => (c.Torch, c.Package));
        var reasons = data.Facts.TorchReleases.Rows.Where(r => r.Note is not null).Select(r => r.Version.Release).ToHashSet();
        var torches = data.Facts.Builds.Rows.Where(b => b.Package == PyTorchWork.Torch && b.Known == KnownBy.Listed).Select(b => b.Version).Distinct();
        foreach (var torch in torches.Where(t => !reasons.Contains(t.Release)).Order())
        {
            if (first.TryGetValue(PyTorchWork.Vision, out var from) && torch >= from && torch.Release.Major > 0 && !companions.Contains((torch, PyTorchWork.Vision)))
                yield return new Violation(Companions, "builds", $"torch {torch}", "no torchvision goes with it, and its release says no reason");
        }
    }

    private static IEnumerable<Violation> ArchListsAreTargets(CheckedData data)
    {
        var architectures = data.Facts.Architectures.Rows.ToDictionary(a => a.ComputeCapability);
        foreach (var list in data.Facts.ArchLists.Rows.Where(l => l is { Used: true, Tag.IsCpu: false }))
        {
            foreach (var capability in list.Native.Concat(list.Ptx))
            {
                var plain = architectures.GetValueOrDefault(capability) ?? architectures.Values.FirstOrDefault(a => a.ComputeCapability.Major == capability.Major && a.ComputeCapability.Minor == capability.Minor);
                if (plain is null || plain.FirstToolkit is not { } first)
                    yield return new Violation(Targets, "arch-lists", $"torch {list.Torch}+{list.Tag}", $"{capability} is no known target");
                else if (first > list.Tag.Cuda!.Value.MajorMinor || plain.LastToolkit < list.Tag.Cuda!.Value.MajorMinor)
                    yield return new Violation(Targets, "arch-lists", $"torch {list.Torch}+{list.Tag}", $"CUDA {list.Tag.Cuda} cannot target {capability} (from {first} to {plain.LastToolkit?.ToString() ?? "now"})");
            }
        }
    }

    private static IEnumerable<Violation> FilesBelongToABuild(CheckedData data)
    {
        var builds = data.Facts.Builds.Rows.Select(b => (b.Package, b.Version, b.Tag, b.Packaging, b.Os, b.Arch)).ToHashSet();
        return data.Facts.BuildFiles.Rows.Where(f => !builds.Contains((f.Package, f.Version, f.Tag, f.Packaging, f.Os, f.Arch)))
            .Select(f => new Violation(Files, "build-files", f.FileName, "no such build"));
    }
}
