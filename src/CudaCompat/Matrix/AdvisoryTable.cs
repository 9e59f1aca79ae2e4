using System.Collections.Concurrent;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The releases known to be bad. Every answer asks for the same few, whose advisories are looked for once; what a stranger's versions cost is bounded.</summary>
internal sealed class AdvisoryTable(RowFile<AdvisoryRow> rows)
{
    private const int MostKnown = 4096;
    private readonly ConcurrentDictionary<string, AdvisoryRow[]> _ofPackage = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Package, DottedVersion Version), AdvisoryRow[]> _ofRelease = new();

    /// <summary>Every advisory.</summary>
    public IReadOnlyList<AdvisoryRow> All => rows.All;

    /// <summary>Those whose range has a release of a package, whatever else they ask for.</summary>
    public AdvisoryRow[] Of(string package, DottedVersion version)
    {
        if (_ofRelease.TryGetValue((package, version), out var known))
            return known;
        var found = Array.FindAll(OfPackage(package), row => row.Versions.Matches(version));
        if (_ofRelease.Count < MostKnown)
            _ofRelease.TryAdd((package, version), found);
        return found;
    }

    private AdvisoryRow[] OfPackage(string package) => _ofPackage.GetOrAdd(package, static (key, rows) => rows.Of(key), rows);
}
