using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>
/// The build scripts at the tag of each release whose builds are known: which GPU code they ask for. A measured list stays the used one; any weaker
/// one steps back for the script of the release itself.
/// </summary>
internal sealed class ArchScriptsReader : ILiveReader
{
    private static readonly (OperatingSystemFamily Os, string Role)[] Systems = [(OperatingSystemFamily.Linux, "linux"), (OperatingSystemFamily.Windows, "windows")];

    /// <inheritdoc/>
    public string Name => "arch-scripts";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var first = PackageVersion.Parse(work.Source.From ?? throw new InvalidOperationException($"source {work.Source.Id} names no first release."));
        var builds = work.Known.Builds.Rows.Where(b => b is { Package: TorchNames.Torch, Packaging: Packaging.Pip, Tag: { IsCpu: false } } && b.Version >= first).ToList();
        foreach (var release in builds.GroupBy(b => b.Version).OrderBy(g => g.Key))
        {
            foreach (var (os, role) in Systems.Where(s => release.Any(b => b.Os == s.Os)))
            {
                if (await ScriptAsync(work, role, release.Key, cancellation) is not { } file)
                {
                    work.Notes.Add($"torch {release.Key}: no build script of {role} stands at its tag under a known path");
                    continue;
                }

                var lists = ArchScript.Parse(file.Path, file.Text);
                foreach (var build in release.Where(b => b.Os == os))
                    Add(work, build, lists, file);
            }
        }
    }

    // The scripts were rewritten and moved: "linux" is the newest place, "linux2" the one before.
    private static async Task<SourceFile?> ScriptAsync(LiveWork work, string role, PackageVersion release, CancellationToken cancellation)
    {
        foreach (var place in work.Source.Places(role))
        {
            if (await work.TryGetAsync(work.Source.Url(place, ("version", release.ToString())), cancellation) is { } file)
                return file;
        }

        return null;
    }

    private static void Add(LiveWork work, BuildRow build, IReadOnlyList<ScriptArchs> lists, SourceFile file)
    {
        var tag = build.Tag!.Value;
        if (lists.FirstOrDefault(l => CudaTag.Of(l.Cuda) == tag && l.Arch == build.Arch) is not { } list)
        {
            // Up to 2.9 another script built for aarch64.
            if (lists.Any(l => l.Arch == build.Arch))
                work.Notes.Add($"torch {build.Version}: the script at its tag has no list for {tag} on {build.Arch}");
            return;
        }

        var known = work.Known.ArchLists.Rows.Where(r => r.Torch == build.Version && r.Tag == tag && r.Packaging == build.Packaging && r.Os == build.Os && r.Arch == build.Arch).ToList();
        if (known.FirstOrDefault(r => r.How == ArchListChoice.ReleaseTag && r.Native.SequenceEqual(list.Native) && r.Ptx.SequenceEqual(list.Ptx)) is { } same)
        {
            if (work.Fresh.ArchLists.Same(same) is null)
                work.Fresh.ArchLists.Add(same with { Sources = [file.Id] });
            return;
        }

        var script = new Uri(file.Url).AbsolutePath.Trim('/').Split('/', 4);
        var row = new ArchListRow(build.Version, tag, build.Packaging, build.Os, build.Arch, list.Native, list.Ptx, ArchListChoice.ReleaseTag, true, false, [file.Id], $"{script[0]}/{script[1]}:{script[3]}@{script[2]}");
        var used = known.FirstOrDefault(r => r.Used);
        if (used is not null && ArchListChoice.Rank(used) <= ArchListChoice.Rank(row))
            row = row with { Used = false, Note = $"the {used.How} list is used" };
        if (work.Fresh.ArchLists.Same(row) is null)
            work.Fresh.ArchLists.Add(row);
    }
}
