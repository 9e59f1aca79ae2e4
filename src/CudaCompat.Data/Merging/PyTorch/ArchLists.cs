using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// Which GPU code each build has. Gives arch-lists.json: every source's list for every build it speaks of, one of them used. The used one is the
/// strongest by <see cref="ArchListHarvest.Precedence"/>; a build without any takes that of the nearest sibling of its torch minor and CUDA major.
/// </summary>
internal static class ArchLists
{
    // NVIDIA's static libraries bring code for these into old builds, where torch has none of its own.
    private static readonly HashSet<ComputeCapability> StaticLibraries = [new(2, 0), new(3, 0), new(3, 5), new(5, 2), new(5, 3)];

    public static void Read(PyTorchWork work)
    {
        var facts = ArchListHarvest.Read(work);
        var builds = work.Builds.All.Where(d => d.Key is { Package: PyTorchWork.Torch, Tag.IsCpu: false }).OrderBy(d => d.Key.Version).ToList();
        var used = new Dictionary<BuildKey, ArchListRow>();
        var spoken = new HashSet<ArchFact>();
        foreach (var build in builds)
        {
            var about = facts.Where(f => IsAbout(f, build.Key)).ToList();
            spoken.UnionWith(about);
            if (Choose(work, build.Key, about) is { } row)
                used.Add(build.Key, row);
        }

        foreach (var fact in facts.Where(f => !spoken.Contains(f)))
            Add(work, Row(PackageVersion.Parse(fact.Version.ToString()), fact, used: false, fact.Note ?? "no such build is known"));
        foreach (var build in builds.Where(b => !used.ContainsKey(b.Key)))
            Inherit(work, build.Key, used);
    }

    private static bool IsAbout(ArchFact fact, BuildKey key) =>
        fact.Tag == key.Tag && fact.Packaging == key.Packaging && fact.Os == key.Os && fact.Arch == key.Arch
        && (fact.Version.Parts == 2 ? key.Version.Release.StartsWith(fact.Version) : key.Version.Release == fact.Version);

    private static int Rank(ArchFact fact) => Array.IndexOf(ArchListHarvest.Precedence, fact.How);

    private static ArchListRow? Choose(PyTorchWork work, BuildKey key, IReadOnlyList<ArchFact> about)
    {
        var sound = about.Where(f => f.Wrong is null).OrderBy(Rank).ThenByDescending(f => f.Version.Parts).ThenByDescending(f => !f.Extracted).ThenByDescending(f => f.Native.Length)
            .ThenBy(f => f.Evidence, StringComparer.Ordinal).ToList();
        var winner = sound.FirstOrDefault();
        ArchListRow? chosen = null;
        foreach (var fact in about)
        {
            if (!ReferenceEquals(fact, winner))
            {
                Add(work, Row(key.Version, fact, used: false, fact.Wrong ?? fact.Note));
                continue;
            }

            chosen = Used(key, fact, sound);
            Add(work, chosen);
        }

        return chosen;
    }

    private static ArchListRow Used(BuildKey key, ArchFact winner, IReadOnlyList<ArchFact> sound)
    {
        var notes = new List<string>();
        if (winner.Note is not null)
            notes.Add(winner.Note);
        var scripts = sound.Where(f => !f.Extracted && f.How is ArchListHarvest.ReleaseTag or ArchListHarvest.BuildScript).ToList();
        var native = winner.Native;
        if (winner.Extracted)
        {
            // Where a script speaks, it says which of them are torch's own (3.5 was, up to 1.3.0).
            var own = scripts.FirstOrDefault()?.Native ?? [];
            var foreign = native.Where(c => StaticLibraries.Contains(c) && !own.Contains(c)).ToArray();
            if (foreign.Length > 0)
            {
                native = [.. native.Except(foreign)];
                notes.Add($"without {string.Join(", ", foreign)}, which are NVIDIA's static libraries and no torch kernels");
            }
        }

        // A list extracted from the binaries tells nothing of PTX: the next source does.
        var forPtx = winner.Extracted ? sound.FirstOrDefault(f => !f.Extracted) : winner;
        if (winner.Extracted && forPtx is { Ptx.Length: > 0 })
            notes.Add($"PTX by {forPtx.How}: {forPtx.Evidence}");
        var peers = forPtx is null ? [] : sound.Where(f => f.How == forPtx.How && f.Extracted == forPtx.Extracted && f.Version.Parts == forPtx.Version.Parts).ToList();
        var conflict = peers.Any(f => !f.Ptx.SequenceEqual(forPtx!.Ptx));
        if (peers.Count > 1 && peers.Any(f => !f.Native.SequenceEqual(winner.Native)) && !winner.Extracted)
            notes.Add("sources of the same standing differ in native code; the longer list is taken");
        return Row(key.Version, winner, used: true, notes.Count == 0 ? null : string.Join("; ", notes)) with { Native = native, Ptx = forPtx?.Ptx ?? [], PtxConflict = conflict };
    }

    private static void Inherit(PyTorchWork work, BuildKey key, Dictionary<BuildKey, ArchListRow> used)
    {
        var sibling = used.Keys.Where(k => k.Packaging == key.Packaging && k.Os == key.Os && k.Arch == key.Arch && k.Tag!.Value.Cuda!.Value.Major == key.Tag!.Value.Cuda!.Value.Major
                && PyTorchWork.MinorOf(k.Version) == PyTorchWork.MinorOf(key.Version))
            .OrderBy(k => Math.Abs(k.Tag!.Value.Cuda!.Value.Minor - key.Tag!.Value.Cuda!.Value.Minor)).ThenBy(k => Math.Abs(k.Version.Release.Patch - key.Version.Release.Patch)).ThenBy(k => k.Version)
            .Select(k => (BuildKey?)k).FirstOrDefault();
        if (sibling is not { } from)
            return;
        var lent = used[from];
        // The sibling may be of a later CUDA: what this build's own toolkit cannot target, it cannot hold.
        var cuda = key.Tag!.Value.Cuda!.Value.MajorMinor;
        var beyond = lent.Native.Union(lent.Ptx).Where(c => !CanTarget(work, cuda, c)).Order().ToArray();
        var without = beyond.Length == 0 ? "" : $", without {string.Join(", ", beyond)}, which CUDA {cuda} cannot target";
        Add(work, lent with
        {
            Torch = key.Version,
            Tag = key.Tag!.Value,
            How = ArchListHarvest.Inferred,
            Evidence = null,
            Native = [.. lent.Native.Except(beyond)],
            Ptx = [.. lent.Ptx.Except(beyond)],
            Note = $"as {from.Version}+{from.Tag} ({lent.How}), the nearest build of this torch and CUDA major with a known list" + without + (lent.Note is null ? "" : "; " + lent.Note),
        });
    }

    private static bool CanTarget(PyTorchWork work, CudaVersion cuda, ComputeCapability capability) => work.Facts.Architectures.Rows
        .Any(a => a.ComputeCapability.Major == capability.Major && a.ComputeCapability.Minor == capability.Minor && a.FirstToolkit <= cuda && (a.LastToolkit is null || a.LastToolkit >= cuda));

    private static ArchListRow Row(PackageVersion torch, ArchFact fact, bool used, string? note) =>
        new(torch, fact.Tag, fact.Packaging, fact.Os, fact.Arch, fact.Native, fact.Ptx, fact.How, used, false, fact.Sources, fact.Evidence, note);

    // Two lines of the harvest may differ in the number of witnesses only.
    private static void Add(PyTorchWork work, ArchListRow row)
    {
        if (work.Facts.ArchLists.Same(row) is null)
            work.Facts.ArchLists.Add(row);
        else
            work.Facts.ArchLists.Add(row with { Evidence = row.Evidence + " (another list)" });
    }
}
