using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>
/// Builds of which no file, or not every file, is known by name. Up to the newest release in the captured index the listing is complete
/// and nothing may be added; after it tables of the index, commands and curated rows state builds, and the sibling patch lends what they leave out.
/// </summary>
internal static class PipCompletion
{
    public static void Read(PyTorchWork work, PackageVersion newestInIndex)
    {
        var newestInTable = ReadIndexTable(work, newestInIndex);
        ReadCommands(work, newestInIndex);
        ReadDefaults(work, newestInIndex);
        var pythonsOf = ReadCurated(work);
        CompleteTorch(work, newestInTable);
        BorrowPythons(work, PyTorchWork.Torch, newestInTable, pythonsOf);
        CompanionCompletion.Read(work, newestInIndex, newestInTable, pythonsOf);
    }

    // Which torch builds the index listed on a later day: version, tag, platforms and Pythons, without names.
    private static PackageVersion ReadIndexTable(PyTorchWork work, PackageVersion newestInIndex)
    {
        var complete = newestInIndex;
        foreach (var row in work.Sources.Table("pytorch/tables/index_builds.tsv", "torch cuda_tag", "torch", "cuda_tag", "platforms", "pythons", "pypi_linux_default", "as_of", "evidence"))
        {
            var torch = row.Required<PackageVersion>("torch");
            var tag = row.Required<CudaTag>("cuda_tag");
            var evidence = row.Text("evidence");
            var pythons = row["pythons"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(PythonVersion.Parse).ToList();
            if (pythons.Count > 0 && torch > complete)
                complete = torch;
            foreach (var platform in row.Required("platforms").Split(' '))
            {
                var parts = platform.Split('/');
                var key = new BuildKey(PyTorchWork.Torch, torch, tag, Packaging.Pip, parts[0] == "linux" ? OperatingSystemFamily.Linux : OperatingSystemFamily.Windows,
                    parts[1] == "aarch64" ? CpuArchitecture.Arm64 : CpuArchitecture.X64);
                if (torch <= newestInIndex)
                {
                    if (work.Builds.Find(key) is null)
                        row.Reject("not in the captured index, which is complete for that release");
                    continue;
                }

                var draft = work.Builds[key].Say(KnownBy.Stated, Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence));
                // The table gives one range for all platforms; 3.15 came out on Linux alone. Files of the same system and CPU say what it had.
                var seen = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Where(d => d.Known == KnownBy.Listed && d.Key.Version == torch && d.Key.Os == key.Os && d.Key.Arch == key.Arch)
                    .SelectMany(d => d.Pythons).ToHashSet();
                draft.Borrow(pythons.Where(p => seen.Count == 0 || seen.Contains(p)), KnownBy.Stated, "some Pythons from a table of the index, not from file names");
            }

            row.Use();
        }

        return complete;
    }

    private static void ReadCommands(PyTorchWork work, PackageVersion newestInIndex)
    {
        foreach (var command in work.Commands.Where(c => c.Packaging == Packaging.Pip && c.Text is not null && c.Tag is not null))
        {
            var longTerm = command.Text!.Directory?.Contains('/', StringComparison.Ordinal) is true;
            if (command.Torch <= newestInIndex && !longTerm)
                continue;
            foreach (var os in command.Os)
            {
                var key = new BuildKey(PyTorchWork.Torch, command.Torch, command.Tag, Packaging.Pip, os, CpuArchitecture.X64);
                var draft = work.Builds[key].Say(KnownBy.Stated, [command.Source]);
                if (!longTerm)
                    continue;
                StateLongTerm(work, draft, command);
                foreach (var (package, version) in command.Text.Packages.Where(p => p.Key != PyTorchWork.Torch && p.Value is not null))
                    StateLongTerm(work, work.Builds[key with { Package = package, Version = version!.Value }].Say(KnownBy.Stated, [command.Source]), command);
            }
        }
    }

    // That the default index gives a build for a system states the build.
    private static void ReadDefaults(PyTorchWork work, PackageVersion newestInIndex)
    {
        foreach (var torch in work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Select(d => d.Key.Version).Where(v => v > newestInIndex).Distinct().ToList())
        {
            foreach (var row in work.Facts.DefaultBuilds.Rows.Where(r => r.From <= torch && torch <= r.To && r.Where.Contains("pypi", StringComparison.Ordinal)))
                work.Builds[new BuildKey(PyTorchWork.Torch, torch, row.Tag, Packaging.Pip, row.Os, row.Arch)].Say(KnownBy.Stated, row.Sources);
        }
    }

    // The long-term release lies in directories of its own, of which no page is captured.
    private static void StateLongTerm(PyTorchWork work, BuildDraft draft, StatedCommand command)
    {
        draft.Places.Add(new BuildPlace(command.Text!.Directory, Label: false, Glibc: null));
        var sibling = work.Builds.Of(draft.Key.Package, Packaging.Pip)
            .Where(d => d.Key.Version < draft.Key.Version && d.Key.Os == draft.Key.Os && d.Key.Arch == draft.Key.Arch && d.Known == KnownBy.Listed
                && PyTorchWork.MinorOf(d.Key.Version) == PyTorchWork.MinorOf(draft.Key.Version))
            .OrderByDescending(d => d.Key.Version).FirstOrDefault();
        if (sibling is not null)
        {
            // The page says of the long-term release: "only supported for Python <= 3.8".
            draft.Borrow(sibling.Pythons.Where(p => p <= LongTermPython), KnownBy.Inferred, $"Pythons as of {sibling.Key.Version}, up to {LongTermPython} as the page says");
        }
    }

    private static readonly PythonVersion LongTermPython = new(3, 8);

    /// <summary>Builds stated by other texts; their Pythons also bound what a release may borrow.</summary>
    private static Dictionary<PackageVersion, SortedSet<PythonVersion>> ReadCurated(PyTorchWork work)
    {
        var pythonsOf = new Dictionary<PackageVersion, SortedSet<PythonVersion>>();
        foreach (var row in work.Sources.Curated("pytorch-builds.tsv", "package version tag os arch", "package", "version", "tag", "os", "arch", "pythons", "evidence", "note"))
        {
            var version = row.Required<PackageVersion>("version");
            var evidence = row.Text("evidence");
            var draft = work.Builds[new BuildKey(row.Required("package"), version, row.Required<CudaTag>("tag"), Packaging.Pip, Platforms.Os(row, "os"), Platforms.Arch(row, "arch"))];
            var pythons = row["pythons"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(PythonVersion.Parse).ToList();
            draft.Say(KnownBy.Stated, Evidence.Sources(work.Sources, row, evidence), Evidence.Text(evidence)).Borrow(pythons, KnownBy.Stated, null);
            if (row.Text("note") is { } note)
                draft.Note(note);
            if (row["package"] == PyTorchWork.Torch)
            {
                if (!pythonsOf.TryGetValue(version, out var all))
                    pythonsOf.Add(version, all = []);
                all.UnionWith(pythons);
            }

            row.Use();
        }

        return pythonsOf;
    }

    // After the last table only the sibling patch tells the platforms: 2.14.1 has those of 2.14.0, for tags that some source states for 2.14.1.
    private static void CompleteTorch(PyTorchWork work, PackageVersion newestInTable)
    {
        var releases = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).Where(d => d.Key.Version > newestInTable).Select(d => (d.Key.Version, d.Key.Tag)).Distinct();
        foreach (var (version, tag) in releases.OrderBy(r => r.Version).ToList())
        {
            // Read again each time: what a release borrowed, the next one may borrow.
            var all = work.Builds.Of(PyTorchWork.Torch, Packaging.Pip).ToList();
            var sibling = Sibling(all, version, d => d.Key.Tag == tag && (tag == CudaTag.Cpu || PyTorchWork.MinorOf(d.Key.Version) == PyTorchWork.MinorOf(version)));
            foreach (var lent in all.Where(d => d.Key.Version == sibling && d.Key.Tag == tag))
            {
                var key = lent.Key with { Version = version };
                if (work.Builds.Find(key) is null)
                    work.Builds[key].Say(KnownBy.Inferred, lent.Sources).Note($"system and CPU from the sibling {sibling}; the tag is stated for {version}");
            }
        }
    }

    /// <summary>The nearest earlier version for which <paramref name="which"/> holds; null where there is none.</summary>
    internal static PackageVersion? Sibling(IEnumerable<BuildDraft> drafts, PackageVersion version, Func<BuildDraft, bool> which) =>
        drafts.Where(d => d.Key.Version < version && which(d)).Select(d => (PackageVersion?)d.Key.Version).Max();

    /// <summary>
    /// Gives builds of releases whose listing is not complete the Pythons and the form of file name of the nearest earlier build of the same
    /// tag and platform, within the Pythons that some source states for the release.
    /// </summary>
    internal static void BorrowPythons(PyTorchWork work, string package, PackageVersion after, Dictionary<PackageVersion, SortedSet<PythonVersion>> pythonsOf)
    {
        var all = work.Builds.Of(package, Packaging.Pip).ToList();
        foreach (var draft in all.Where(d => work.TorchOf(package, d.Key.Version).FirstOrDefault() > after).OrderBy(d => d.Key.Version))
        {
            var key = draft.Key;
            var lender = all.Where(d => d.Key.Version < key.Version && d.Key.Os == key.Os && d.Key.Arch == key.Arch && d.Pythons.Count > 0)
                .OrderByDescending(d => d.Key.Tag == key.Tag).ThenByDescending(d => d.Key.Version).FirstOrDefault();
            if (lender is null)
                continue;
            var minor = PyTorchWork.MinorOf(work.TorchOf(package, key.Version).First());
            var bounds = pythonsOf.Where(p => PyTorchWork.MinorOf(p.Key) == minor).SelectMany(p => p.Value).ToHashSet();
            if (bounds.Count > 0)
                draft.Borrow(lender.Pythons.Where(bounds.Contains), KnownBy.Inferred, $"some Pythons from the sibling {lender.Key.Version}+{lender.Key.Tag}");
        }

        foreach (var draft in all.Where(d => d.Places.Count == 0 || d.Places.All(p => p.Index is null)))
            BorrowPlace(all, draft);
    }

    // Where no file of the directory is known by name: its own directory, with the label and the platform tag of the nearest release.
    private static void BorrowPlace(List<BuildDraft> all, BuildDraft draft)
    {
        var key = draft.Key;
        if (key.Tag is not { } tag || tag.IsCpu && draft.Places.Count > 0)
            return;
        var lender = all.Where(d => d.Key.Os == key.Os && d.Key.Arch == key.Arch && d.Known == KnownBy.Listed && d.Place is { Index: not null })
            .OrderByDescending(d => d.Key.Version <= key.Version).ThenByDescending(d => d.Key.Version).FirstOrDefault();
        if (lender?.Place is { } place)
            draft.Places.Add(place with { Index = tag.ToString() });
    }
}
