using CudaCompat.Data.Live.Nvidia;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>The channel pytorch: packages as conda itself reads them.</summary>
internal sealed class CondaReader : ILiveReader
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "pytorch", TorchNames.Vision, TorchNames.Audio };

    /// <inheritdoc/>
    public string Name => "conda";

    /// <inheritdoc/>
    public async Task ReadAsync(LiveWork work, CancellationToken cancellation)
    {
        var builds = new BuildSet();
        foreach (var package in await CondaChannel.ReadAsync(work, Names, cancellation))
            CondaListing.Add(work, builds, package);
        CondaDrafts.Take(work, builds);
        var subdir = work.Source.Url("list").Split('/')[^2];
        work.Complete(work.Fresh.BuildFiles, f => f.Packaging == Packaging.Conda && f.Platform == subdir);
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
        var builds = new BuildSet();
        // A release that no wheel and no table knows has no companions yet: it waits for them.
        var releases = work.Known.Builds.Rows.Where(b => b.Package == TorchNames.Torch).Select(b => b.Version).ToHashSet();
        foreach (var package in await CondaChannel.ReadAsync(work, Names, cancellation))
        {
            if (PackageVersion.TryParse(package.Version, out var version) && !releases.Contains(version))
                work.Leave("a release that is not known otherwise");
            else
                CondaForgeBuilds.Add(work, builds, package);
        }

        CondaDrafts.Take(work, builds);
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
        var packages = await CondaChannel.ReadAsync(work, Names, cancellation);
        foreach (var package in packages.Where(p => p.Name == Package).DistinctBy(p => p.Version).OrderBy(p => p.Version, StringComparer.Ordinal))
        {
            if (CudaVersion.TryParse(package.Version, out var version) && version.Patch is not null)
                work.Fresh.Toolkits.Add(ToolkitRelease.Of(work, version, package.Version, null, "conda"));
            else
                work.Leave("no release number of a toolkit");
        }
    }
}

/// <summary>What the channels' builds become.</summary>
internal static class CondaDrafts
{
    /// <summary>Adds the builds; what is known of one stays, a list adds Pythons and certainty.</summary>
    public static void Take(LiveWork work, BuildSet builds)
    {
        foreach (var draft in builds.All)
        {
            var listed = draft.ToRow(work.Source.Id);
            work.Fresh.Builds.Add(work.Known.Builds.Same(listed) is { } known ? known with { Pythons = listed.Pythons, Known = KnownBy.Listed, Sources = listed.Sources } : listed);
        }
    }
}
