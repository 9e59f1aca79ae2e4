using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>Builds of the conda channel pytorch that commands state, and what listed builds lend them: only linux-64 is listed, and that in part.</summary>
internal static class CondaBuilds
{
    private const string LongTermChannel = "pytorch-lts";

    public static void Complete(PyTorchWork work, IReadOnlySet<PackageVersion> listedOnLinux)
    {
        // The source that speaks of each system by itself goes first; what it says of a system, the page's "Linux and Windows" cannot change.
        foreach (var perOs in new[] { true, false })
        {
            foreach (var command in work.Commands.Where(c => c.Packaging == Packaging.Conda && c.PerOs == perOs && c.Text?.Channels.Contains(LongTermChannel) is not true))
                State(work, command, listedOnLinux);
        }

        InferWindows(work);
        LendPythons(work, listedOnLinux);
        LendSelectors(work);
        LendCudnn(work);
    }

    private static void State(PyTorchWork work, StatedCommand command, IReadOnlySet<PackageVersion> listedOnLinux)
    {
        if (command.Text is not { } text || command.Tag is not { } tag || !text.Packages.ContainsKey(PyTorchWork.Torch))
            return;
        foreach (var os in command.Os)
        {
            var torch = new BuildKey(PyTorchWork.Torch, command.Torch, tag, Packaging.Conda, os, CpuArchitecture.X64);
            if (work.Builds.Find(torch) is null && Contradiction(work, command, torch, listedOnLinux))
                continue;
            work.Builds[torch].Say(KnownBy.Stated, [command.Source]).Requires ??= text.Requires;
            foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
            {
                if (text.Packages.TryGetValue(package, out var pinned))
                    StateCompanion(work, command, torch, package, pinned);
            }
        }
    }

    // A command without numbers (the selector's) installs the companions that go with its torch.
    private static void StateCompanion(PyTorchWork work, StatedCommand command, BuildKey torch, string package, PackageVersion? pinned)
    {
        var depends = work.Pairs.Where(p => p.How == "depends" && p.Package == package).ToList();
        if (pinned is { } named && depends.Any(p => p.Version == named) && !depends.Any(p => p.Version == named && p.Torch == torch.Version))
            return;
        var version = pinned ?? CompanionChoice.Best(work, torch.Version, package, Packaging.Conda);
        if (version is not { } companion)
            return;
        var forAll = work.Builds.Of(package, Packaging.Conda).Any(d => d.Key.Version == companion && d.Key.Tag is null)
            || !work.Builds.Of(package, Packaging.Pip).Any(d => d.Key.Version == companion && d.Key.Tag is not null);
        var draft = work.Builds[torch with { Package = package, Version = companion, Tag = forAll ? null : torch.Tag }].Say(KnownBy.Stated, [command.Source]);
        if (!forAll)
            draft.Requires ??= command.Text!.Requires;
    }

    // The page heads its commands "Linux and Windows" and slips at times (conda 11.3 of 1.8.1): it does not make a build that a complete list
    // lacks, nor one that the selector denies for a system.
    private static bool Contradiction(PyTorchWork work, StatedCommand command, BuildKey torch, IReadOnlySet<PackageVersion> listedOnLinux)
    {
        if (command.PerOs)
            return torch.Os == OperatingSystemFamily.Linux && listedOnLinux.Contains(torch.Version);
        var ofSystem = work.Commands.Where(c => c.PerOs && c.Packaging == Packaging.Conda && c.Torch == torch.Version && c.Os.Contains(torch.Os)).ToList();
        return listedOnLinux.Contains(torch.Version) && work.Builds.Find(torch with { Os = OperatingSystemFamily.Linux }) is null
            || ofSystem.Count > 0 && !ofSystem.Any(c => c.Tag == torch.Tag && c.Text is not null);
    }

    // 1.8.1 for CUDA 11.1: listed on Linux; its sibling 1.8.0 is stated for Windows too.
    private static void InferWindows(PyTorchWork work)
    {
        var torch = work.Builds.Of(PyTorchWork.Torch, Packaging.Conda).ToList();
        foreach (var linux in torch.Where(d => d.Key.Os == OperatingSystemFamily.Linux && d.Known == KnownBy.Listed))
        {
            var key = linux.Key with { Os = OperatingSystemFamily.Windows };
            if (work.Builds.Find(key) is not null || work.Commands.Any(c => c.PerOs && c.Packaging == Packaging.Conda && c.Torch == key.Version && c.Os.Contains(key.Os)))
                continue;
            var sibling = torch.FirstOrDefault(d => d.Key.Os == key.Os && d.Key.Tag == key.Tag && d.Key.Version != key.Version && PyTorchWork.MinorOf(d.Key.Version) == PyTorchWork.MinorOf(key.Version));
            if (sibling is null)
                continue;
            work.Builds[key].Say(KnownBy.Inferred, linux.Sources).Note($"system from the sibling {sibling.Key.Version}; listed for Linux");
            foreach (var package in new[] { PyTorchWork.Vision, PyTorchWork.Audio })
            {
                foreach (var companion in work.Pairs.Where(p => p.How == "depends" && p.Package == package && p.Torch == key.Version).Select(p => p.Version).Distinct())
                {
                    var onLinux = work.Builds.Find(linux.Key with { Package = package, Version = companion }) ?? work.Builds.Find(linux.Key with { Package = package, Version = companion, Tag = null });
                    if (onLinux is not null && work.Builds.Find(onLinux.Key with { Os = key.Os }) is null)
                        work.Builds[onLinux.Key with { Os = key.Os }].Say(KnownBy.Inferred, onLinux.Sources).Note("system from its torch; listed for Linux");
                }
            }
        }
    }

    // Releases outside the repodata are known by builds that someone locked or measured, mostly one or two Pythons of each.
    private static void LendPythons(PyTorchWork work, IReadOnlySet<PackageVersion> listedOnLinux)
    {
        var conda = work.Builds.All.Where(d => d.Key.Packaging == Packaging.Conda).OrderBy(d => d.Key.Os).ThenBy(d => d.Key.Package != PyTorchWork.Torch).ToList();
        foreach (var draft in conda)
        {
            var key = draft.Key;
            var torch = work.TorchOf(key.Package, key.Version).ToList();
            var wheels = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip)
                .Where(d => torch.Contains(d.Key.Version) && d.Key.Os == key.Os && d.Key.Arch == key.Arch).SelectMany(d => d.Pythons).Where(p => !p.FreeThreaded).ToHashSet();
            if (key.Os != OperatingSystemFamily.Linux)
            {
                var onLinux = conda.Where(d => d.Key == key with { Os = OperatingSystemFamily.Linux }).SelectMany(d => d.Pythons).ToHashSet();
                var lent = onLinux.Count == 0 ? wheels : onLinux.Where(p => wheels.Count == 0 || wheels.Contains(p));
                draft.Borrow(lent, KnownBy.Inferred, "Pythons from the Linux builds, as far as Windows wheels have them");
                continue;
            }

            if (draft.Pythons.Count > 0 && torch.Any(listedOnLinux.Contains))
                continue;
            var others = conda.Where(d => d.Key.Package == PyTorchWork.Torch && d.Key.Os == key.Os && torch.Contains(d.Key.Version)).SelectMany(d => d.Pythons).ToHashSet();
            draft.Borrow(others, KnownBy.Inferred, "some Pythons from other builds of the same torch");
            if (torch.All(t => t < listedOnLinux.Min()))
                draft.Borrow(wheels, KnownBy.Inferred, "some Pythons from the wheels of the same torch");
        }
    }

    // The words changed with the releases: cuda100 (1.0.0), cudatoolkit=11.3 (to 1.12), pytorch-cuda=12.1 (from 1.13).
    private static void LendSelectors(PyTorchWork work)
    {
        foreach (var draft in work.Builds.All.Where(d => d.Key.Packaging == Packaging.Conda && d.Requires is null && d.Key.Tag is not null).ToList())
        {
            if (draft.Key.Tag is not { Cuda: { } cuda })
            {
                draft.Requires = "cpuonly";
                continue;
            }

            var torch = work.TorchOf(draft.Key.Package, draft.Key.Version).FirstOrDefault();
            var known = work.Commands.Where(c => c.Packaging == Packaging.Conda && c.Tag is { IsCpu: false } && c.Text?.Requires is not null)
                .OrderByDescending(c => c.Torch == torch).ThenByDescending(c => c.Torch <= torch).ThenByDescending(c => c.Torch).Select(c => c.Text!.Requires!).FirstOrDefault();
            var equals = known?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            draft.Requires = known is null ? null : equals < 0 ? $"cuda{cuda.Major}{cuda.Minor}" : $"{known[..equals]}={cuda}";
        }
    }

    // The Windows string says "cudnn8" only; both systems were built in one release.
    private static void LendCudnn(PyTorchWork work)
    {
        foreach (var draft in work.Builds.Of(PyTorchWork.Torch, Packaging.Conda).Where(d => d.Cudnn is null && d.Key.Tag is { IsCpu: false }).ToList())
        {
            var lender = work.Builds.Find(draft.Key with { Os = OperatingSystemFamily.Linux });
            if (lender?.Cudnn is not { } cudnn)
                continue;
            draft.Cudnn = cudnn;
            draft.Note("cuDNN as of the Linux build");
        }
    }
}
