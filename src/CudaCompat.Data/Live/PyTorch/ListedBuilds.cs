using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Parsing.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live.PyTorch;

/// <summary>Turns listed wheels into files and builds. What is known of a build stays; a list adds Pythons and certainty.</summary>
internal sealed class ListedBuilds
{
    private static readonly (OperatingSystemFamily Os, CpuArchitecture Arch)[] Pure =
        [(OperatingSystemFamily.Linux, CpuArchitecture.X64), (OperatingSystemFamily.Linux, CpuArchitecture.Arm64), (OperatingSystemFamily.Windows, CpuArchitecture.X64)];

    // From here on torchaudio has code for GPUs; before, one build served every tag.
    private static readonly PackageVersion FirstAudioWithTags = PackageVersion.Parse("0.10.0");
    private readonly LiveWork _work;
    private readonly BuildSet _drafts = new();
    private readonly ILookup<PackageVersion, PackageVersion> _torchOf;

    // A file of the default index has no label. What one that is known was built for was read out of it, and does not change.
    private readonly Dictionary<string, CudaTag?> _inside = new(StringComparer.Ordinal);

    public ListedBuilds(LiveWork work)
    {
        _work = work;
        _torchOf = work.Known.Companions.Rows.Where(c => c.Package == work.Source.Package).ToLookup(c => c.Version, c => c.Torch);
        foreach (var file in work.Known.BuildFiles.Rows.Where(f => f.Packaging == Packaging.Pip && f.Index is null && f.Tag is not null && f.Package == work.Source.Package))
            _inside.TryAdd(file.FileName, file.Tag);
    }

    /// <summary>Adds a file that a page lists. <paramref name="directory"/> is null for the default package index.</summary>
    public void Add(SimpleLink link, string? directory, string url)
    {
        if (link.IsYanked)
        {
            _work.Leave("withdrawn by its publisher (yanked)");
            return;
        }

        if (!WheelName.TryParse(link.FileName, out var name))
        {
            if (WheelName.IsVariant(link.FileName))
                _work.Leave("a variant wheel, which pip does not take");
            else
                _work.LeaveUnreadable(link.FileName, "not the name of a wheel");
            return;
        }

        if (name.Package != _work.Source.Package)
            throw new SourceFormatException(_work.Source.Id, link.FileName, $"lists {name.Package}, not {_work.Source.Package}.");
        // A nightly once lay among the releases for a year (2.6.0.dev20240914 in cu126).
        if (name.Version.IsPrerelease)
        {
            _work.Leave("no release");
            return;
        }

        var (tag, why) = directory is null && _inside.TryGetValue(name.FileName, out var inside) ? (inside, null) : TagOf(name, directory);
        string? noTarget = null;
        var target = name.IsPure ? null : name.Target(out noTarget);
        if ((why ?? noTarget) is { } refusal)
        {
            _work.Leave(refusal);
            return;
        }

        foreach (var (os, arch) in target is { } one ? [one] : Pure)
            Add(name, new BuildKey(name.Package, name.Version, tag, Packaging.Pip, os, arch), directory, url, link.Sha256);
    }

    /// <summary>Writes the builds.</summary>
    public void Finish()
    {
        foreach (var draft in _drafts.All)
            _work.Fresh.Builds.Add(Row(draft));
    }

    private void Add(WheelName name, BuildKey key, string? directory, string url, string? sha256)
    {
        var draft = _drafts[key];
        draft.Places.Add(new BuildPlace(directory, name.Label is not null, name.Glibc));
        if (name.Python is { } python)
            draft.Pythons.Add(python);
        else if (!name.IsPure)
            draft.Pythons.UnionWith(Pythons(key).Where(name.Serves));
        // A pure wheel serves every system; its row names the first.
        var file = new BuildFileRow(key.Package, key.Version, key.Tag, Packaging.Pip, key.Os, key.Arch, name.Python, name.Platform, directory, name.FileName, url, sha256, [_work.Source.Id]);
        if (_work.Fresh.BuildFiles.Same(file) is null)
            _work.Fresh.BuildFiles.Add(file);
    }

    // A wheel that serves several Pythons serves those that there is a torch for: the ones it goes with, else all.
    private IEnumerable<PythonVersion> Pythons(BuildKey key)
    {
        var torches = _work.Known.Builds.Rows.Where(b => b is { Package: TorchNames.Torch, Packaging: Packaging.Pip } && b.Os == key.Os && b.Arch == key.Arch).ToList();
        var own = torches.Where(b => _torchOf[key.Version].Contains(b.Version)).ToList();
        return (own.Count > 0 ? own : torches).SelectMany(b => b.Pythons);
    }

    // A label names the build; else the directory does; else it is the default build of its torch.
    private (CudaTag? Tag, string? Reason) TagOf(WheelName name, string? directory)
    {
        if (name.Label is { } label)
            return CudaTag.TryParse(label, out var byLabel) ? (byLabel, null) : (null, $"build for {label} is not covered");
        if (name.IsPure)
            return name.PythonTag.Contains('.', StringComparison.Ordinal) || name.PythonTag.StartsWith("py3", StringComparison.Ordinal) ? (null, null) : (null, "pure Python for Python 2 alone");
        if (directory is { Length: > 0 })
            return CudaTag.TryParse(directory, out var byDirectory) ? (byDirectory, null) : (null, $"directory {directory} is not covered");
        if (name.Package == TorchNames.Audio && name.Version < FirstAudioWithTags)
            return (null, null);
        if (name.Target(out var whyNot) is not var (os, arch))
            return (null, whyNot);
        IEnumerable<PackageVersion> torches = name.Package == TorchNames.Torch ? [name.Version] : _torchOf[name.Version];
        var defaults = torches.Select(t => DefaultOf(t, os, arch)).OfType<CudaTag>().Distinct().ToList();
        return defaults.Count == 1 ? (defaults[0], null) : (null, "no source says which CUDA the file on the default index was built for");
    }

    private CudaTag? DefaultOf(PackageVersion torch, OperatingSystemFamily os, CpuArchitecture arch) =>
        _work.Known.DefaultBuilds.Rows.FirstOrDefault(r => torch.IsWithin(r.From, r.To) && r.Os == os && r.Arch == arch && r.Where.Contains("pypi", StringComparison.Ordinal))?.Tag;

    private BuildRow Row(BuildDraft draft)
    {
        var (listed, key) = (draft.ToRow(_work.Source.Id), draft.Key);
        if (_work.Known.Builds.Same(listed) is { } known)
        {
            var complete = known.Pythons.All(listed.Pythons.Contains);
            return known with { Pythons = listed.Pythons, Known = KnownBy.Listed, PythonsKnown = complete ? KnownBy.Listed : known.PythonsKnown, Sources = listed.Sources, Evidence = null, Note = null };
        }

        var torches = key.Package == TorchNames.Torch ? [key.Version] : _torchOf[key.Version];
        return listed with { Default = listed.Index is null || torches.Any(t => key.Tag is { } tag && DefaultOf(t, key.Os, key.Arch) == tag), Cudnn = Cudnn(key) };
    }

    // As the wheel of this version pins it, else that of the nearest patch of its minor.
    private DottedVersion? Cudnn(BuildKey key)
    {
        if (key.Package != TorchNames.Torch || key.Tag is not { IsCpu: false } tag)
            return null;
        var pins = _work.Known.Requirements.Rows.Where(r => r.Used && r.Tag == tag && r.Requirement.StartsWith("nvidia-cudnn-cu", StringComparison.Ordinal)).ToList();
        var pin = pins.FirstOrDefault(p => p.Torch == key.Version) ?? pins.Where(p => TorchNames.MinorOf(p.Torch) == TorchNames.MinorOf(key.Version)).MaxBy(p => p.Torch);
        return pin is not null && DottedVersion.TryParse(pin.Version, out var cudnn) ? cudnn : null;
    }
}
