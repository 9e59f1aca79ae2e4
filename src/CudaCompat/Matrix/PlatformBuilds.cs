using System.Collections;
using System.Collections.Concurrent;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// The builds of torch for one packaging, system and processor, newest torch and highest CUDA first. A build is made when it is first looked
/// at: most questions are answered by the first few.
/// </summary>
internal sealed class PlatformBuilds(BuildCatalogue catalogue, int[] rows, Func<int, int[]> serving) : IReadOnlyList<TorchBuild>
{
    private readonly TorchBuild?[] _builds = new TorchBuild?[rows.Length];
    private readonly Lazy<PythonVersion[]> _pythons = new(() => PythonsOf(catalogue, rows));
    private readonly ConcurrentDictionary<CudaTag, List<PackageVersion>> _versionsFor = new();
    private List<PackageVersion>? _versions;
    private List<PackageVersion>? _defaultVersions;
    private List<CudaTag>? _cudaTags;
    private TorchBuild? _usual;
    private bool _usualKnown;

    private readonly int[]?[] _serving = new int[]?[64];

    public int Count => _builds.Length;

    /// <summary>The places of the builds whose native code runs on an architecture, by its number.</summary>
    public int[] PlacesServing(int architecture) => _serving[architecture] ??= serving(architecture);

    /// <summary>The builds whose native code runs on an architecture, by its number, newest torch first.</summary>
    public IEnumerable<TorchBuild> Serving(int architecture)
    {
        foreach (var place in PlacesServing(architecture))
            yield return this[place];
    }

    public TorchBuild this[int index] => _builds[index] ??= new TorchBuild(catalogue.Row(rows[index]), catalogue);

    /// <summary>Every Python that any build is for, sorted.</summary>
    public PythonVersion[] Pythons => _pythons.Value;

    /// <summary>Every version, oldest first.</summary>
    public List<PackageVersion> Versions => _versions ??= VersionsOf(this);

    /// <summary>The versions of which the default index gives a CUDA build, oldest first.</summary>
    public List<PackageVersion> DefaultVersions => _defaultVersions ??= VersionsOf(this.Where(b => b.Row.Default && !b.Tag.IsCpu));

    /// <summary>Every tag but cpu, lowest first.</summary>
    public List<CudaTag> CudaTags => _cudaTags ??= [.. this.Select(b => b.Tag).Where(t => !t.IsCpu).Distinct().Order()];

    /// <summary>The versions that have a build with this tag, oldest first.</summary>
    public List<PackageVersion> VersionsFor(CudaTag tag) => _versionsFor.GetOrAdd(tag, static (tag, builds) => VersionsOf(builds.Where(b => b.Tag == tag)), this);

    /// <summary>The builds of one version, highest CUDA first.</summary>
    public IEnumerable<TorchBuild> Of(PackageVersion version)
    {
        for (var i = FirstOf(version); i < Count && this[i].Version.CompareTo(version) == 0; i++)
            yield return this[i];
    }

    /// <summary>The newest released CUDA build that the default index gives; null where it gives none.</summary>
    public TorchBuild? Usual
    {
        get
        {
            if (!_usualKnown)
            {
                _usual = this.FirstOrDefault(b => b is { Tag.IsCpu: false, Version.IsPrerelease: false, Row.Default: true });
                _usualKnown = true;
            }

            return _usual;
        }
    }

    /// <summary>The build with this version and tag, or null.</summary>
    public TorchBuild? Find(PackageVersion version, CudaTag tag)
    {
        for (var i = FirstOf(version); i < Count && this[i].Version.CompareTo(version) == 0; i++)
        {
            if (this[i].Tag == tag)
                return this[i];
        }

        return null;
    }

    /// <summary>The build of this version that the default index gives, or null.</summary>
    public TorchBuild? Default(PackageVersion version)
    {
        for (var i = FirstOf(version); i < Count && this[i].Version.CompareTo(version) == 0; i++)
        {
            if (this[i].Row.Default)
                return this[i];
        }

        return null;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<TorchBuild> IEnumerable<TorchBuild>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int FirstOf(PackageVersion version)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Version.CompareTo(version) > 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static List<PackageVersion> VersionsOf(IEnumerable<TorchBuild> builds) => [.. builds.Select(b => b.Version).Distinct().Order()];

    private static PythonVersion[] PythonsOf(BuildCatalogue catalogue, int[] rows) => [.. rows.SelectMany(r => catalogue.Row(r).Pythons).Distinct().Order()];

    /// <summary>Goes through the builds without making an object for it.</summary>
    internal struct Enumerator(PlatformBuilds builds) : IEnumerator<TorchBuild>
    {
        private int _index = -1;

        public readonly TorchBuild Current => builds[_index];

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => ++_index < builds.Count;

        public void Reset() => _index = -1;

        public readonly void Dispose()
        {
        }
    }
}
