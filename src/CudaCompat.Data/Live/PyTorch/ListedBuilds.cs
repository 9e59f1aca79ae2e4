using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>Turns listed wheels into files and builds, by the same rules as the captured pages. What is known of a build stays; a list adds Pythons and certainty.</summary>
internal sealed class ListedBuilds
{
    private readonly LiveWork _live;
    private readonly PyTorchWork _known;
    private readonly BuildSet _drafts = new();
    private readonly HashSet<(string, PackageVersion)> _tagged = [];
    private readonly List<WheelSighting> _sightings = [];

    // A file of the default index has no label. What one that is known was built for was read out of it, and does not change.
    private readonly Dictionary<string, CudaTag?> _inside = new(StringComparer.Ordinal);

    public ListedBuilds(LiveWork live)
    {
        _live = live;
        _known = new PyTorchWork(live.Known);
        _known.Pairs.AddRange(live.Known.Companions.Rows.Select(c => new CompanionPair(c.Torch, c.Package, c.Version, c.Packaging, c.How, null, c.Sources)));
        foreach (var build in live.Known.Builds.Rows.Where(b => b.Packaging == Packaging.Pip && b.Label))
            _tagged.Add((build.Package, build.Version));
        foreach (var file in live.Known.BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Index is null && f.Tag is not null))
            _inside.TryAdd(file.FileName, file.Tag);
    }

    /// <summary>Adds a file that a page lists. <paramref name="directory"/> is null for the default package index.</summary>
    public void Add(SourceFile page, string place, string fileName, string? directory, string url, string? sha256)
    {
        var record = page.Record(place, $"{directory}/{fileName}", fileName);
        if (!WheelName.TryParse(fileName, out var name))
        {
            record.Reject("not the name of a wheel");
            return;
        }

        // A nightly once lay among the releases for a year (2.6.0.dev20240914 in cu126).
        if (name.Version.IsPrerelease)
        {
            record.Reject("no release");
            return;
        }

        if (name.Package != _live.Source.Package)
            throw record.Error($"lists {name.Package}, not {_live.Source.Package}.");
        if (name.Label is not null || directory?.StartsWith("cu", StringComparison.Ordinal) is true)
            _tagged.Add((name.Package, name.Version));
        _sightings.Add(new WheelSighting(name, directory, url, sha256, record, [page.Id], null));
    }

    /// <summary>Writes the rows.</summary>
    public void Finish()
    {
        foreach (var sighting in _sightings)
        {
            var name = sighting.Name;
            var (tag, reason) = sighting.Directory is null && _inside.TryGetValue(name.FileName, out var inside)
                ? (inside, null)
                : PipBuilds.TagOf(_known, sighting, _tagged.Contains((name.Package, name.Version)));
            string? noTarget = null;
            var target = name.IsPure ? null : name.Target(out noTarget);
            if ((reason ?? noTarget) is { } refusal)
            {
                sighting.Record.Reject(refusal);
                continue;
            }

            foreach (var (os, arch) in target is { } one ? [one] : PipBuilds.PureTargets)
                Add(sighting, tag, os, arch);
            sighting.Record.Use();
        }

        foreach (var draft in _drafts.All)
            _live.Fresh.Builds.Add(Row(draft));
    }

    private void Add(WheelSighting sighting, CudaTag? tag, OperatingSystemFamily os, CpuArchitecture arch)
    {
        var name = sighting.Name;
        var draft = _drafts[new BuildKey(name.Package, name.Version, tag, Packaging.Pip, os, arch)].Say(KnownBy.Listed, sighting.Sources);
        draft.Places.Add(new BuildPlace(sighting.Directory, name.Label is not null, name.Glibc));
        if (name.Python is { } python)
            draft.Pythons.Add(python);
        var file = new BuildFileRow(name.Package, name.Version, tag, Packaging.Pip, os, arch, name.Python, name.Platform, sighting.Directory, name.FileName, sighting.Url!, sighting.Sha256, sighting.Sources);
        if (_live.Fresh.BuildFiles.Same(file) is null)
            _live.Fresh.BuildFiles.Add(file);
    }

    private BuildRow Row(BuildDraft draft)
    {
        var listed = draft.ToRow();
        if (_live.Known.Builds.Same(listed) is { } known)
        {
            var complete = known.Pythons.All(listed.Pythons.Contains);
            return known with { Pythons = listed.Pythons, Known = KnownBy.Listed, PythonsKnown = complete ? KnownBy.Listed : known.PythonsKnown, Sources = listed.Sources };
        }

        var key = draft.Key;
        var isDefault = key.Tag is { } tag && _known.TorchOf(key.Package, key.Version).Any(t => _known.DefaultBuild(t, key.Os, key.Arch, packageIndex: true)?.Tag == tag);
        return listed with { Default = isDefault || listed.Index is null, Cudnn = Cudnn(key) };
    }

    // As the wheel of this version pins it, else that of the nearest patch of its minor.
    private DottedVersion? Cudnn(BuildKey key)
    {
        if (key.Package != PyTorchWork.Torch || key.Tag is not { IsCpu: false } tag)
            return null;
        var pins = _live.Known.Requirements.Rows.Where(r => r.Used && r.Tag == tag && r.Requirement.StartsWith("nvidia-cudnn-cu", StringComparison.Ordinal)).ToList();
        var pin = pins.FirstOrDefault(p => p.Torch == key.Version)
            ?? pins.Where(p => PyTorchWork.MinorOf(p.Torch) == PyTorchWork.MinorOf(key.Version)).MaxBy(p => p.Torch);
        return pin is not null && DottedVersion.TryParse(pin.Version, out var cudnn) ? cudnn : null;
    }
}
