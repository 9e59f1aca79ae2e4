using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>torchvision and torchaudio builds that are stated, or follow their torch, without a file name.</summary>
internal static class CompanionCompletion
{
    public static void Read(PyTorchWork work, PackageVersion newestInIndex, PackageVersion newestInTable, Dictionary<PackageVersion, SortedSet<PythonVersion>> pythonsOf)
    {
        foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
        {
            foreach (var torch in work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Where(d => d.Key.Version > newestInIndex).ToList())
                Follow(work, package, torch);
            BorrowFromOtherTags(work, package, newestInIndex);
            PipCompletion.BorrowPythons(work, package, newestInTable, pythonsOf);
        }

        AddPurePython(work);
    }

    // A companion is released with its own torch for every tag of it; a companion that serves later torch too gets no new tags from them.
    private static void Follow(PyTorchWork work, string package, BuildDraft torch)
    {
        var version = work.Pairs.Where(p => p.Package == package && p.Torch == torch.Key.Version && p.How != "rule").Select(p => (PackageVersion?)p.Version).Max();
        if (version is not { } companion)
            return;
        var key = torch.Key with { Package = package, Version = companion };
        var stated = work.Commands.Where(c => c.Packaging == Packaging.Pip && c.Torch == torch.Key.Version && c.Tag == key.Tag && c.Os.Contains(key.Os)
            && c.Text?.Packages.ContainsKey(package) is true && key.Arch == CpuArchitecture.X64).ToList();
        if (stated.Count > 0)
            work.Builds[key].Say(KnownBy.Stated, stated.Select(c => c.Source).Distinct());
        else if (work.Builds.Find(key) is null)
            work.Builds[key].Say(KnownBy.Inferred, torch.Sources).Note($"follows torch {torch.Key.Version}+{key.Tag}, which exists for this system and CPU");
    }

    // Wheels of one release exist for the same Pythons whatever the tag; a file name of another tag is enough.
    private static void BorrowFromOtherTags(PyTorchWork work, string package, PackageVersion newestInIndex)
    {
        var drafts = work.Builds.Of(package, Packaging.Pip).Where(d => work.TorchOf(package, d.Key.Version).FirstOrDefault() > newestInIndex).ToList();
        foreach (var release in drafts.GroupBy(d => (d.Key.Version, d.Key.Os, d.Key.Arch)))
        {
            var all = release.Where(d => d.Known == KnownBy.Listed).SelectMany(d => d.Pythons).ToHashSet();
            foreach (var draft in release)
                draft.Borrow(all, KnownBy.Inferred, "some Pythons from the same release's builds for other tags");
        }
    }

    // torchvision 0.2.x has no compiled code: it runs wherever its torch does.
    private static void AddPurePython(PyTorchWork work)
    {
        var firstCompiled = work.Builds.Of(PyTorchWork.Vision, Packaging.Pip).Where(d => d.Key.Tag is not null).Min(d => d.Key.Version);
        var stated = work.Pairs.Where(p => p.Package == PyTorchWork.Vision && p.Version < firstCompiled).ToList();
        foreach (var pair in stated)
        {
            foreach (var os in Platforms.Systems)
            {
                var key = new BuildKey(PyTorchWork.Vision, pair.Version, null, Packaging.Pip, os, CpuArchitecture.X64);
                var draft = work.Builds[key].Say(KnownBy.Stated, pair.Sources);
                if (draft.Places.Count == 0)
                    draft.Places.Add(new BuildPlace(null, Label: false, Glibc: null));
            }
        }

        foreach (var draft in work.Builds.Of(PyTorchWork.Vision, Packaging.Pip).Where(d => d.Key.Tag is null).ToList())
        {
            var pythons = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip)
                .Where(t => t.Key.Os == draft.Key.Os && t.Key.Arch == draft.Key.Arch && t.Key.Version.Release.Major <= 1).SelectMany(t => t.Pythons).ToHashSet();
            draft.Borrow(pythons, KnownBy.Inferred, "pure Python: runs with every Python of torch 1.x");
        }
    }
}
