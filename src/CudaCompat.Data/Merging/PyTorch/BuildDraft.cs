using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.PyTorch;

/// <summary>What identifies a build.</summary>
internal readonly record struct BuildKey(string Package, PackageVersion Version, CudaTag? Tag, Packaging Packaging, OperatingSystemFamily Os, CpuArchitecture Arch);

/// <summary>Where files of a build lie and what their names promise.</summary>
/// <param name="Index">Directory of the wheel index, "" for its root, null for the default package index.</param>
internal readonly record struct BuildPlace(string? Index, bool Label, DottedVersion? Glibc);

/// <summary>A build while its facts come together.</summary>
internal sealed class BuildDraft(BuildKey key)
{
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly List<string> _evidence = [];
    private string[] _sources = [];

    public BuildKey Key { get; } = key;

    public SortedSet<PythonVersion> Pythons { get; } = [];

    public KnownBy Known { get; private set; } = KnownBy.Inferred;

    public KnownBy PythonsKnown { get; set; } = KnownBy.Listed;

    /// <summary>Every place that holds files of it.</summary>
    public HashSet<BuildPlace> Places { get; } = [];

    public bool Default { get; set; }

    public DottedVersion? Cudnn { get; set; }

    public string? Requires { get; set; }

    public IReadOnlyList<string> Sources => _sources;

    /// <summary>The place to install from: the directory of the build's own tag, with a label where there is one.</summary>
    public BuildPlace? Place => Places.Count == 0
        ? null
        : Places.OrderByDescending(p => p.Index == Key.Tag?.ToString()).ThenByDescending(p => p.Index is not null).ThenByDescending(p => p.Label)
            .ThenBy(p => p.Index, StringComparer.Ordinal).ThenBy(p => p.Glibc).First();

    /// <summary>Records a source that says the build exists; the strongest way of knowing is kept.</summary>
    public BuildDraft Say(KnownBy known, IEnumerable<string> sources, string? evidence = null)
    {
        if (known < Known)
            Known = known;
        _sources = SourceIds.Union(_sources, sources);
        if (evidence is { Length: > 0 } && !_evidence.Contains(evidence))
            _evidence.Add(evidence);
        return this;
    }

    public BuildDraft Note(string note)
    {
        _notes.Add(note);
        return this;
    }

    /// <summary>Adds Pythons that come from another build; true where that told anything new.</summary>
    public bool Borrow(IEnumerable<PythonVersion> pythons, KnownBy how, string? note)
    {
        var before = Pythons.Count;
        Pythons.UnionWith(pythons);
        if (Pythons.Count == before)
            return false;
        if (how > PythonsKnown)
            PythonsKnown = how;
        if (note is not null)
            Note(note);
        return true;
    }

    public BuildRow ToRow()
    {
        var place = Place;
        var glibc = Places.Where(p => p.Index == place?.Index).Select(p => p.Glibc).Where(g => g is not null).Min();
        if (Places.Any(p => p.Index == place?.Index && p.Glibc is null))
            glibc = null;
        // A wheel tells its own evidence by its address; only what rests on other texts names them, and at most the first few.
        var evidence = _evidence.Count == 0 ? null : string.Join("; ", _evidence.Take(3));
        return new BuildRow(Key.Package, Key.Version, Key.Tag, Key.Packaging, Key.Os, Key.Arch, [.. Pythons], glibc, place?.Label ?? false, place?.Index,
            Default, Known, PythonsKnown, Cudnn, Requires, [.. _sources], evidence, _notes.Count == 0 ? null : string.Join("; ", _notes));
    }
}

/// <summary>All builds found so far.</summary>
internal sealed class BuildSet
{
    private readonly Dictionary<BuildKey, BuildDraft> _drafts = [];

    public IEnumerable<BuildDraft> All => _drafts.Values;

    public BuildDraft this[BuildKey key] => _drafts.TryGetValue(key, out var draft) ? draft : _drafts[key] = new BuildDraft(key);

    public BuildDraft? Find(BuildKey key) => _drafts.GetValueOrDefault(key);

    public IEnumerable<BuildDraft> Of(string package, Packaging packaging) => _drafts.Values.Where(d => d.Key.Package == package && d.Key.Packaging == packaging);
}
