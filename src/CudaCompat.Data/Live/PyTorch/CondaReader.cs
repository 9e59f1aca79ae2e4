using CudaCompat.Data.Live.Nvidia;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The channel pytorch: packages as conda itself reads them.</summary>
internal sealed class CondaReader : ILiveReader
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "pytorch", PyTorchWork.Vision, PyTorchWork.Audio };

    /// <inheritdoc/>
    public string Name => "conda";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var (file, packages) = await CondaChannel.ReadAsync(work, Names, cancellation);
        var torch = new PyTorchWork(work.Fresh);
        foreach (var package in packages)
            CondaListing.Add(torch, file.Record("packages." + package.FileName, package.FileName, package), package, [file.Id], null);
        CondaDrafts.Take(work, torch);
        var subdir = work.Source.Url("list").Split('/')[^2];
        work.Complete(work.Known.BuildFiles, work.Fresh.BuildFiles, f => f.Packaging == Packaging.Conda && f.Platform == subdir);
    }
}

/// <summary>conda-forge: its own builds of torch.</summary>
internal sealed class CondaForgeReader : ILiveReader
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "pytorch" };

    /// <inheritdoc/>
    public string Name => "conda-forge";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var (file, packages) = await CondaChannel.ReadAsync(work, Names, cancellation);
        var torch = new PyTorchWork(work.Fresh);
        // A release that no wheel and no table knows has no companions yet: it waits for them.
        var releases = work.Known.Builds.Rows.Where(b => b.Package == PyTorchWork.Torch).Select(b => b.Version).ToHashSet();
        foreach (var package in packages)
        {
            var record = file.Record("packages." + package.FileName, package.FileName, package);
            if (PackageVersion.TryParse(package.Version, out var version) && !releases.Contains(version))
                record.Reject("a release that is not known otherwise");
            else
                CondaForgeBuilds.Add(torch, record, package.Subdir, package.Version, package.Build, [file.Id], null);
        }

        CondaDrafts.Take(work, torch);
    }
}

/// <summary>The channel nvidia: which toolkit releases it has.</summary>
internal sealed class CondaToolkitReader : ILiveReader
{
    private const string Package = "cuda-toolkit";
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { Package };

    /// <inheritdoc/>
    public string Name => "conda-toolkit";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var (file, packages) = await CondaChannel.ReadAsync(work, Names, cancellation);
        foreach (var package in packages.Where(p => p.Name == Package).DistinctBy(p => p.Version).OrderBy(p => p.Version, StringComparer.Ordinal))
        {
            var record = file.Record("packages." + package.FileName, package.FileName, package);
            if (!CudaVersion.TryParse(package.Version, out var version) || version.Patch is null)
            {
                record.Reject("no release number of a toolkit");
                continue;
            }

            record.Use();
            work.Fresh.Toolkits.Add(ToolkitRelease.Of(work, version, package.Version, null, "conda", file.Id));
        }
    }
}

/// <summary>What the channels' builds become.</summary>
internal static class CondaDrafts
{
    /// <summary>Adds the builds; what is known of one stays, a list adds Pythons and certainty.</summary>
    public static void Take(LiveWork work, PyTorchWork torch)
    {
        foreach (var draft in torch.Builds.All)
        {
            var listed = draft.ToRow();
            work.Fresh.Builds.Add(work.Known.Builds.Same(listed) is { } known ? known with { Pythons = listed.Pythons, Known = KnownBy.Listed, Sources = listed.Sources } : listed);
        }
    }
}
