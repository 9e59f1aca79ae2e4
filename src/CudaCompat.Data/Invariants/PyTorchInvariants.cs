using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Invariants;

/// <summary>Rules for PyTorch's half of the data.</summary>
internal static class PyTorchInvariants
{
    private const string Toolkit = "every CUDA tag has a toolkit", Preferred = "one companion is preferred", Targets = "arch lists are within what the toolkit targets",
        Pythons = "listed builds have Pythons", Files = "files belong to a build";

    public static IReadOnlyList<Invariant> All { get; } =
    [
        new(Toolkit, "refresh again when toolkit-archive or toolkit-redist lists that toolkit, or write it into data/curated/facts/.", EveryTagHasAToolkit),
        new(Preferred, "write into data/curated/facts/ which one is preferred.", data => data.Facts.Companions.Rows.Where(c => c.Preferred).GroupBy(c => (c.Torch, c.Package, c.Packaging)).Where(g => g.Count() > 1)
            .Select(g => new Violation(Preferred, "companions", $"{g.Key.Package} for torch {g.Key.Torch}", string.Join(" and ", g.Select(c => c.Version))))),
        new(Targets, "write the architecture, with its first toolkit, into data/curated/facts/, or the list that is right.", ArchListsAreTargets),
        new(Pythons, "look at the names of its files: their tags are of a form that is not known.", data => data.Facts.Builds.Rows.Where(b => b.Known == KnownBy.Listed && b.Pythons.Length == 0 && b.Tag is not null)
            .Select(b => new Violation(Pythons, "builds", Name(b), "no Python"))),
        new(Files, "write the build into data/curated/facts/.", FilesBelongToABuild),
    ];

    private static string Name(BuildRow build) => $"{build.Package} {build.Version}+{build.Tag} {build.Packaging} {build.Os} {build.Arch}";

    // Directories were named before 8.0 by toolkits whose full number is not known; X.Y suffices.
    private static IEnumerable<Violation> EveryTagHasAToolkit(CheckedData data)
    {
        var known = data.Facts.Toolkits.Rows.Select(t => t.Version.MajorMinor).ToHashSet();
        return data.Facts.Builds.Rows.Where(b => b.Tag is { IsCpu: false } tag && !known.Contains(tag.Cuda!.Value.MajorMinor))
            .Select(b => new Violation(Toolkit, "builds", Name(b), $"no toolkit {b.Tag!.Value.Cuda} is known"));
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
