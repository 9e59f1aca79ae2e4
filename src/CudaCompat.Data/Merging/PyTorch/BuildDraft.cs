using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>What identifies a build.</summary>
internal readonly record struct BuildKey(string Package, PackageVersion Version, CudaTag? Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch);

/// <summary>Where files of a build lie and what their names promise.</summary>
/// <param name="Index">Directory of the wheel index, "" for its root, null for the default package index.</param>
internal readonly record struct BuildPlace(string? Index, bool Label, DottedVersion? Glibc);

/// <summary>A build while a list of its files is read.</summary>
internal sealed class BuildDraft(BuildKey key)
{
    public BuildKey Key { get; } = key;

    public SortedSet<PythonVersion> Pythons { get; } = [];

    /// <summary>Every place that holds files of it.</summary>
    public HashSet<BuildPlace> Places { get; } = [];

    public DottedVersion? Cudnn { get; set; }

    public string? Requires { get; set; }

    /// <summary>The row of data/builds.json.</summary>
    public BuildRow ToRow(string source)
    {
        // To install from: the directory of the build's own tag, with a label where there is one.
        BuildPlace? place = Places.Count == 0 ? null : Places.OrderByDescending(p => p.Index == Key.Tag?.ToString()).ThenByDescending(p => p.Index is not null).ThenByDescending(p => p.Label)
            .ThenBy(p => p.Index, StringComparer.Ordinal).ThenBy(p => p.Glibc).First();
        var there = Places.Where(p => p.Index == place?.Index).Select(p => p.Glibc).ToList();
        return new BuildRow(Key.Package, Key.Version, Key.Tag, Key.Packaging, Key.Os, Key.Arch, [.. Pythons], there.Contains(null) ? null : there.Min(), place?.Label ?? false, place?.Index,
            false, KnownBy.Listed, KnownBy.Listed, Cudnn, Requires, [source]);
    }
}

/// <summary>All builds found so far.</summary>
internal sealed class BuildSet
{
    private readonly Dictionary<BuildKey, BuildDraft> _drafts = [];

    public IEnumerable<BuildDraft> All => _drafts.Values;

    public BuildDraft this[BuildKey key] => _drafts.TryGetValue(key, out var draft) ? draft : _drafts[key] = new BuildDraft(key);
}
