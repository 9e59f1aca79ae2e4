using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>cuDNN releases while their sources are read: of label and date the statement of the highest rank counts.</summary>
internal sealed class CudnnCollection
{
    private readonly Dictionary<(DottedVersion Version, CudaRange Cuda), Release> _releases = [];

    /// <summary>Adds a statement. Ranks: 3 the archive's own label, 2 a harvested copy of it, 1 a manifest, 0 a file name.</summary>
    public void Add(DottedVersion version, CudaRange cuda, string label, string? date, string? platform, string[] sources, string? evidence, int rank, string? candidate = null)
    {
        if (!_releases.TryGetValue((version, cuda), out var release))
            _releases.Add((version, cuda), release = new Release());
        release.Sources = SourceIds.Union(release.Sources, sources);
        release.Evidence ??= evidence;
        release.Candidate ??= candidate;
        if (platform is not null)
            release.Platforms.Add(platform);
        if (rank >= release.LabelRank)
            (release.Label, release.LabelRank) = (label, rank);
        if (date is not null && rank >= release.DateRank)
            (release.Date, release.DateRank) = (date, rank);
    }

    /// <summary>The four-part number of a release and range where a file has it, else the number as printed.</summary>
    public DottedVersion FullNumber(DottedVersion printed, CudaRange cuda) =>
        _releases.Keys.Where(k => k.Cuda == cuda && k.Version.StartsWith(printed) && k.Version.Parts == 4).Select(k => k.Version).DefaultIfEmpty(printed).Max();

    /// <summary>The rows of data/cudnn.json.</summary>
    public IEnumerable<CudnnRow> ToRows() => _releases.Select(r => new CudnnRow(
        r.Key.Version, r.Value.Label, r.Key.Cuda, r.Value.Date, r.Value.Platforms.Count == 0 ? null : [.. r.Value.Platforms], r.Value.Sources, r.Value.Evidence,
        r.Value.Candidate is { } candidate ? $"release candidate ({candidate})" : null));

    private sealed class Release
    {
        public string Label { get; set; } = "";

        public int LabelRank { get; set; } = -1;

        public string? Date { get; set; }

        public int DateRank { get; set; } = -1;

        public string? Candidate { get; set; }

        public string? Evidence { get; set; }

        public string[] Sources { get; set; } = [];

        public SortedSet<string> Platforms { get; } = new(StringComparer.Ordinal);
    }
}
