using System.Text.RegularExpressions;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// Toolkit releases. A date keeps what it is: the day in the manifest, the month on the archive page, or the day when packagers first
/// had it; the first of these that is known is taken. Runs after the installers, whose names give old releases their full number.
/// </summary>
internal sealed partial class Toolkits : ISubject
{
    private const string Archive = "archive", Manifest = "manifest", FirstSeen = "first-seen";

    private static readonly string[] Pages =
    [
        "nvidia/docs/cuda-toolkit-archive.captures.txt",
        "pages/cuda-toolkit-archive.twin.md",
        "pages/cuda-toolkit-archive.anchors.html",
    ];

    /// <inheritdoc/>
    public string Name => "toolkits";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var releases = new SortedDictionary<CudaVersion, Release>();
        var labels = new Dictionary<string, CudaVersion>(StringComparer.Ordinal);
        ReadHarvest(sources, facts, releases, labels);
        foreach (var page in Pages.Where(sources.Has))
            ReadPage(sources.Open(page, nameof(ToolkitArchivePage), "page"), releases, labels);
        foreach (var path in sources.Files("nvidia/redist/cuda", "redistrib_*.json"))
        {
            var file = sources.Open(path, nameof(RedistManifest), "manifest");
            var (version, date) = RedistManifest.Head(file.Path, file.Text);
            Get(releases, CudaVersion.Parse(version)).Add(Manifest, date, file.Id);
        }

        foreach (var installer in facts.Installers.Rows)
            Get(releases, installer.Toolkit).Name(installer.Sources);
        ReadPrintedLabels(sources, releases);
        ReadLabels(sources, releases);
        ReadCondaLabels(sources, releases);
        foreach (var (version, release) in releases)
            facts.Toolkits.Add(release.ToRow(version, KindOf(version, release, releases)));
    }

    private static void ReadHarvest(SourceFolder sources, FactStore facts, SortedDictionary<CudaVersion, Release> releases, Dictionary<string, CudaVersion> labels)
    {
        var installers = facts.Installers.Rows.Select(r => r.Toolkit).Distinct().ToList();
        foreach (var row in sources.Table("nvidia/cuda_releases.tsv", "version_as_printed", "version_as_printed", "full_version", "archive_month", "manifest_date", "first_seen_scoop", "first_seen_conda_forge", "evidence"))
        {
            var label = row.Required("version_as_printed");
            var ids = Evidence.Sources(sources, row, row.Required("evidence"));
            if (TwoReleases().Match(row["full_version"]) is { Success: true } two)
            {
                // "11.0" on the archive page was the release candidate of May 2020; the release itself came in July.
                var candidate = Get(releases, CudaVersion.Parse(two.Groups["rc"].Value));
                candidate.Label = label + " RC";
                candidate.Add(Archive, row.Text("archive_month"), ids);
                Get(releases, CudaVersion.Parse(two.Groups["ga"].Value)).Name(ids);
                labels.Add(label, CudaVersion.Parse(two.Groups["rc"].Value));
                row.Use();
                continue;
            }

            var version = Version(row, label, installers);
            labels.TryAdd(label, version);
            var release = Get(releases, version);
            release.Label ??= label;
            release.Evidence ??= Evidence.Text(row["evidence"]);
            release.Add(Archive, row.Text("archive_month"), ids);
            release.Add(Manifest, row.Text("manifest_date"), ids);
            release.Add(FirstSeen, new[] { row.Text("first_seen_scoop"), row.Text("first_seen_conda_forge") }.Where(d => d is not null).Min(StringComparer.Ordinal), ids);
            row.Use();
        }
    }

    private static CudaVersion Version(TsvRow row, string label, List<CudaVersion> installers)
    {
        if (row.Text("full_version") is not null)
            return row.Required<CudaVersion>("full_version");
        if (!CudaVersion.TryParse(label, out var version))
            throw row.Error($"'{label}' is no release number and no full number is given.");
        var full = installers.Where(i => i.MajorMinor == version).ToList();
        return version.Patch is null && full.Count == 1 ? full[0] : version;
    }

    private static void ReadPage(SourceFile file, SortedDictionary<CudaVersion, Release> releases, Dictionary<string, CudaVersion> labels)
    {
        foreach (var entry in ToolkitArchivePage.Parse(file.Path, file.Text))
        {
            var record = file.Record(TextLines.Place(entry.Line), entry.Label, entry);
            var plain = entry.Label.Split(" Developer")[0];
            if (!labels.TryGetValue(plain, out var version) && (ToolkitLabel.Release(entry.Label) is not { } named || !releases.ContainsKey(version = named)))
            {
                record.Reject("not a CUDA Toolkit release");
                continue;
            }

            Get(releases, version).Add(Archive, entry.Date, file.Id);
            record.Use();
        }
    }

    // The release notes name updates in words: "12.8 Update 1".
    private static void ReadPrintedLabels(SourceFolder sources, SortedDictionary<CudaVersion, Release> releases)
    {
        foreach (var row in DriverRequirements.Harvest(sources))
        {
            var label = row.Required("label").Replace("CUDA ", "", StringComparison.Ordinal);
            if (ToolkitLabel.Release(label) is { } version && releases.TryGetValue(version, out var release))
                release.Label = label;
        }
    }

    private static void ReadLabels(SourceFolder sources, SortedDictionary<CudaVersion, Release> releases)
    {
        foreach (var row in sources.Curated("toolkit-labels.tsv", "version", "version", "label", "kind", "note", "evidence"))
        {
            var release = Get(releases, row.Required<CudaVersion>("version"));
            release.Label = row.Required("label");
            release.Kind = row.Required("kind");
            release.Note = row.Text("note");
            release.Name(Evidence.Sources(sources, row, row.Required("evidence")));
            row.Use();
        }
    }

    private static void ReadCondaLabels(SourceFolder sources, SortedDictionary<CudaVersion, Release> releases)
    {
        foreach (var row in sources.Table("nvidia/conda_labels.tsv", "channel_label", "channel_label", "cuda_version", "evidence"))
        {
            if (!releases.TryGetValue(row.Required<CudaVersion>("cuda_version"), out var release))
            {
                row.Reject("no such toolkit release is known");
                continue;
            }

            release.CondaLabel = row.Required("channel_label");
            release.Name(Evidence.Sources(sources, row, row.Required("evidence")));
            row.Use();
        }
    }

    // The first release of an X.Y that is no candidate is the general one, the later ones are updates.
    private static string KindOf(CudaVersion version, Release release, SortedDictionary<CudaVersion, Release> releases) =>
        release.Kind ?? (releases.Any(r => r.Key.MajorMinor == version.MajorMinor && r.Key < version && r.Value.Kind is null or "ga") && FirstOf(version, releases) != version ? "update" : "ga");

    private static CudaVersion FirstOf(CudaVersion version, SortedDictionary<CudaVersion, Release> releases) =>
        releases.First(r => r.Key.MajorMinor == version.MajorMinor && r.Value.Kind is null or "ga").Key;

    private static Release Get(SortedDictionary<CudaVersion, Release> releases, CudaVersion version)
    {
        if (!releases.TryGetValue(version, out var release))
            releases.Add(version, release = new Release());
        return release;
    }

    [GeneratedRegex(@"\(RC (?<rc>[\d.]+) [^;]*; GA (?<ga>[\d.]+) ", RegexOptions.CultureInvariant)]
    private static partial Regex TwoReleases();

    private sealed class Release
    {
        private readonly SortedDictionary<int, (string From, SortedSet<string> Dates)> _dates = [];
        private string[] _sources = [];

        public string? Label { get; set; }

        public string? Kind { get; set; }

        public string? CondaLabel { get; set; }

        public string? Note { get; set; }

        public string? Evidence { get; set; }

        public void Name(string[] ids) => _sources = Refresh.Evidence.Union(_sources, ids);

        public void Add(string from, string? date, params string[] ids)
        {
            Name(ids);
            if (date is null)
                return;
            var rank = from switch { Manifest => 0, Archive => 1, _ => 2 };
            if (!_dates.TryGetValue(rank, out var known))
                _dates.Add(rank, known = (from, new SortedSet<string>(StringComparer.Ordinal)));
            known.Dates.Add(date);
        }

        public ToolkitRow ToRow(CudaVersion version, string kind)
        {
            var (from, dates) = _dates.Values.FirstOrDefault();
            // A day tells more than its month; of two days the later edition stays in the note.
            var date = dates?.OrderByDescending(d => d.Length).ThenBy(d => d, StringComparer.Ordinal).First();
            var conflict = dates?.Where(d => !date!.StartsWith(d, StringComparison.Ordinal)).ToList() is { Count: > 0 } others ? $"also dated {string.Join(", ", others)}" : null;
            var note = string.Join("; ", new[] { Note, conflict }.Where(n => n is not null));
            return new ToolkitRow(version, Label ?? version.ToString(), kind, date, from, _sources, Evidence, note.Length == 0 ? null : note, CondaLabel);
        }
    }
}
