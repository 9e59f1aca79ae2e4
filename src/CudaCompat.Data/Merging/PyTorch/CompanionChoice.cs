using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// Which companion to take where several go with a torch. Gives companions.json. A command's choice wins where builds hold it and no package's own
/// dependency names another torch; then what packages depend on, then tables, then rules.
/// </summary>
internal static class CompanionChoice
{
    private static readonly string[] Precedence = ["command", "depends", "table", "rule"];

    /// <summary>The preferred version; null where no source names one.</summary>
    public static PackageVersion? Best(PyTorchWork work, PackageVersion torch, string package, Packaging packaging)
    {
        var best = Ordered(work, torch, package, packaging).FirstOrDefault();
        // Where nothing but a rule speaks for this packaging, what goes with the wheels goes here too.
        if (best is null or { How: "rule" } && packaging != Packaging.Pip)
            best = Ordered(work, torch, package, Packaging.Pip).FirstOrDefault() ?? best;
        return best?.Version;
    }

    private static IEnumerable<CompanionPair> Ordered(PyTorchWork work, PackageVersion torch, string package, Packaging packaging) =>
        work.Pairs.Where(p => p.Torch == torch && p.Package == package && (p.Packaging is null || p.Packaging == packaging || p.How == "depends"))
            .Where(p => !IsRefuted(work, p))
            .OrderBy(p => Rank(work, p, packaging)).ThenByDescending(p => p.OnPage).ThenByDescending(p => p.Version);

    private static int Rank(PyTorchWork work, CompanionPair pair, Packaging packaging)
    {
        var rank = Array.IndexOf(Precedence, pair.How);
        if (pair.How != "command" || packaging != Packaging.Pip)
            return rank;
        return HasEveryTag(work, pair, packaging) ? rank : Precedence.Length;
    }

    // Looked at on Linux, which has every tag; a missing build on Windows is what the alternatives are for.
    // torchvision 0.8.0 is what the page names for torch 1.7.0, but its wheels have no label, so 0.8.0+cu110 cannot be asked for: 0.8.1 can.
    private static bool HasEveryTag(PyTorchWork work, CompanionPair pair, Packaging packaging) =>
        work.Builds.Of(PyTorchWork.Torch, packaging)
            .Where(t => t.Key.Version == pair.Torch && t.Place?.Label is true && t.Key.Tag is { IsCpu: false } && t.Key is { Os: OperatingSystemFamily.Linux, Arch: CpuArchitecture.X64 })
            .All(t => work.Builds.Find(t.Key with { Package = pair.Package, Version = pair.Version, Tag = null }) is not null
                || work.Builds.Find(t.Key with { Package = pair.Package, Version = pair.Version }) is { Place.Label: true });

    // Packages that were built for another patch do not load: torchaudio 0.9.0 with torch 1.9.1.
    private static bool IsRefuted(PyTorchWork work, CompanionPair pair) =>
        pair.How != "depends"
        && work.Pairs.Any(p => p.How == "depends" && p.Package == pair.Package && p.Version == pair.Version)
        && !work.Pairs.Any(p => p.How == "depends" && p.Package == pair.Package && p.Version == pair.Version && p.Torch == pair.Torch);

    /// <summary>Writes the rows.</summary>
    public static void Write(PyTorchWork work)
    {
        var torches = work.Builds.All.Where(d => d.Key.Package == PyTorchWork.Torch).Select(d => d.Key.Version).Concat(work.Pairs.Select(p => p.Torch)).Distinct().Order().ToList();
        foreach (var torch in torches)
        {
            AddPostRelease(work, torch, torches);
            AddPurePython(work, torch);
            foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
                Write(work, torch, package);
        }
    }

    // 1.0.1.post2 is 1.0.1 packed again.
    private static void AddPostRelease(PyTorchWork work, PackageVersion torch, IReadOnlyList<PackageVersion> torches)
    {
        var original = torches.FirstOrDefault(t => t != torch && t.Release == torch.Release && t < torch);
        if (original == default || work.Pairs.Any(p => p.Torch == torch))
            return;
        work.Pairs.AddRange(work.Pairs.Where(p => p.Torch == original).ToList().Select(p => p with { Torch = torch, How = "rule", Evidence = p.Evidence }));
    }

    private static void AddPurePython(PyTorchWork work, PackageVersion torch)
    {
        if (torch.Release.Major != 1)
            return;
        foreach (var build in work.Builds.Of(PyTorchWork.Vision, Packaging.Pip).Where(d => d.Key.Tag is null && work.TorchOf(PyTorchWork.Vision, d.Key.Version).Any())
            .DistinctBy(d => d.Key.Version).OrderBy(d => d.Key.Version).ToList())
            work.Pairs.Add(new CompanionPair(torch, PyTorchWork.Vision, build.Key.Version, null, "rule", null, [.. build.Sources], "pure Python: goes with any torch 1.x"));
    }

    private static void Write(PyTorchWork work, PackageVersion torch, string package)
    {
        var pip = Best(work, torch, package, Packaging.Pip);
        var conda = Best(work, torch, package, Packaging.Conda);
        foreach (var version in work.Pairs.Where(p => p.Torch == torch && p.Package == package).GroupBy(p => p.Version))
        {
            var pairs = version.OrderBy(p => Array.IndexOf(Precedence, p.How)).ToList();
            var best = pairs.FirstOrDefault(p => !IsRefuted(work, p)) ?? pairs[0];
            var refuted = IsRefuted(work, best) && pairs.All(p => IsRefuted(work, p));
            if (refuted)
                continue;
            string[] sources = pairs.Where(p => !IsRefuted(work, p)).Select(p => (IEnumerable<string>)p.Sources).Aggregate([], (IEnumerable<string> a, IEnumerable<string> b) => Evidence.Union(a, b)).ToArray();
            var row = new CompanionRow(torch, package, version.Key, null, false, best.How, sources, best.Evidence, NoteOf(work, torch, package, version.Key, pip),
                PreferredTagsOf(work, torch, package, version.Key, pip));
            if (pip == conda || version.Key != pip && version.Key != conda)
            {
                work.Facts.Companions.Add(row with { Preferred = version.Key == pip });
                continue;
            }

            // The packagings differ: one row each, and conda-forge goes with pip, which has the newer patch.
            foreach (var packaging in new[] { Packaging.Pip, Packaging.Conda, Packaging.CondaForge })
            {
                var isPip = packaging == Packaging.Pip;
                work.Facts.Companions.Add(row with
                {
                    Packaging = packaging,
                    Preferred = version.Key == (packaging == Packaging.Conda ? conda : pip),
                    PreferredTags = isPip ? row.PreferredTags : null,
                    Note = isPip ? row.Note : null,
                });
            }
        }
    }

    // `pip install torch==1.7.0 torchvision==0.8.0` names no tag and gets the default build.
    private static CudaTag[]? PreferredTagsOf(PyTorchWork work, PackageVersion torch, string package, PackageVersion version, PackageVersion? pip)
    {
        var tags = version == pip ? [] : work.Pairs
            .Where(p => p.Torch == torch && p.Package == package && p.Version == version && p is { How: "command", Packaging: Packaging.Pip, Tag.IsCpu: false })
            .Select(p => p.Tag!.Value).Distinct()
            .Where(t => work.Builds.Of(package, Packaging.Pip).Any(d => d.Key.Version == version && d.Key.Tag == t && d.Default)
                && work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).All(d => d.Key.Version != torch || d.Key.Tag != t || d.Place?.Label is not true))
            .Order().ToArray();
        return tags.Length == 0 ? null : tags;
    }

    private static string? NoteOf(PyTorchWork work, PackageVersion torch, string package, PackageVersion version, PackageVersion? pip) =>
        version != pip && work.Pairs.Any(p => p.Torch == torch && p.Package == package && p.Version == version && p.OnPage && p.Packaging == Packaging.Pip)
            ? "the page names this one, but its wheels have no label: it cannot be asked for by CUDA tag"
            : null;
}
