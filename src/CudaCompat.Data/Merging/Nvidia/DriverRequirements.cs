using CudaCompat.Data.Parsing;
using CudaCompat.Data.Parsing.Nvidia;
using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>
/// The lowest driver of each toolkit and of each major, Linux and Windows apart. NVIDIA's tables decide; where the driver inside the
/// installer is lower than the printed one, it is proven to run and wins (9.1: 387.26 against 390.46). All rows are kept.
/// </summary>
internal sealed class DriverRequirements : ISubject
{
    private const string MinorVersion = "minor-version-minimum", Corresponding = "corresponding", Bundled = "bundled", Branch = "branch", Observed = "observed";

    private static readonly string[] Documents =
    [
        "nvidia/docs/cuda-toolkit-release-notes.13.4-update1.driver-section.txt",
        "nvidia/docs/cuda-toolkit-release-notes.13.2-update2.driver-section.txt",
        "nvidia/docs/cuda-13.3-driver-rows.secondary.txt",
        "pages/release-notes.13.2.driver-tables.html",
        "pages/release-notes.old-rows.html",
    ];

    /// <inheritdoc/>
    public string Name => "driver requirements";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var releases = PrintedNumbers(sources);
        var found = new Collected();
        foreach (var path in Documents.Where(sources.Has))
            ReadDocument(sources.Open(path, nameof(ReleaseNotesDrivers), "page"), releases, found);
        ReadHarvest(sources, releases, found);
        ReadCurated(sources, found);
        foreach (var installer in facts.Installers.Rows.Where(i => i.EmbeddedDriver is not null))
            found.Add(installer.Toolkit.ToString(), installer.Os, installer.EmbeddedDriver!.Value, Bundled, installer.Sources, null, null);
        foreach (var row in Decide(found.Rows))
            facts.DriverRequirements.Add(row);
    }

    /// <summary>The harvested driver table.</summary>
    public static TsvTable Harvest(SourceFolder sources) =>
        sources.Table("nvidia/driver_min.tsv", "label kind", "label", "cuda_version", "min_linux", "min_windows", "kind", "evidence");

    private static Dictionary<CudaVersion, (CudaVersion Release, string Note)> PrintedNumbers(SourceFolder sources)
    {
        var map = new Dictionary<CudaVersion, (CudaVersion, string)>();
        foreach (var row in sources.Curated("toolkit-printed-numbers.tsv", "printed", "printed", "release", "note", "evidence"))
        {
            map.Add(row.Required<CudaVersion>("printed"), (row.Required<CudaVersion>("release"), row.Required("note")));
            row.Use();
        }

        return map;
    }

    private static void ReadDocument(SourceFile file, Dictionary<CudaVersion, (CudaVersion Release, string Note)> releases, Collected found)
    {
        var text = file.Path.EndsWith(".html", StringComparison.Ordinal) ? WithTitle(HtmlTable.ToLines(file.Text)) : file.Text;
        foreach (var row in ReleaseNotesDrivers.Parse(file.Path, text))
        {
            var record = file.Record(TextLines.Place(row.Line), row.Label, row);
            var kind = row.Kind switch
            {
                DriverTableKind.Corresponding => Corresponding,
                DriverTableKind.CorrespondingBranch => Branch,
                _ => MinorVersion,
            };
            var cuda = row.Label;
            string? note = null;
            if (row.Kind == DriverTableKind.Corresponding)
            {
                if (ToolkitLabel.Release(row.Label) is not { } printed)
                {
                    // A preview is named without a full number; the harvested table gives it one.
                    record.Reject("the label names no release number");
                    continue;
                }

                cuda = Release(printed, releases, ref note).ToString();
            }

            if (row.Linux is { } linux)
                found.Add(cuda, OperatingSystemFamily.Linux, linux, kind, [file.Id], null, note);
            if (row.Windows is { } windows)
                found.Add(cuda, OperatingSystemFamily.Windows, windows, kind, [file.Id], null, note);
            record.Use();
        }
    }

    // Some saved pages hold rows without the head of their table.
    private static string WithTitle(string lines) => lines.Contains("CUDA Toolkit |", StringComparison.Ordinal) ? lines : "CUDA Toolkit | Driver\n" + lines.TrimStart();

    private static void ReadHarvest(SourceFolder sources, Dictionary<CudaVersion, (CudaVersion Release, string Note)> releases, Collected found)
    {
        foreach (var row in Harvest(sources))
        {
            var evidence = row.Required("evidence");
            var kind = row.Required("kind") switch
            {
                "corresponding_driver" or "corresponding_driver (unbundled)" => Corresponding,
                "corresponding_driver_branch" => Branch,
                "minor_version_compat_min_branch" or "minor_version_compat_min_exact" => MinorVersion,
                "observed_lowest_windows" => Observed,
                "minor_version_compat_max_branch_exclusive" => null,
                var other => throw row.Error($"kind '{other}' is not known."),
            };
            if (kind is null)
            {
                row.Reject("the upper bound of the native range; the same page says that a newer driver runs older toolkits");
                continue;
            }

            string? note = null;
            var cuda = row.Required("cuda_version");
            if (CudaVersion.TryParse(cuda, out var printed))
                cuda = Release(printed, releases, ref note).ToString();
            var ids = Evidence.Sources(sources, row, evidence);
            AddCell(row, "min_linux", cuda, OperatingSystemFamily.Linux, kind, ids, note, found);
            AddCell(row, "min_windows", cuda, OperatingSystemFamily.Windows, kind, ids, note, found);
            row.Use();
        }
    }

    private static void AddCell(TsvRow row, string column, string cuda, OperatingSystemFamily os, string kind, string[] ids, string? note, Collected found)
    {
        if (row.Text(column) is not { } cell || cell == "N/A")
            return;
        var driver = DriverVersion.TryParse(cell.TrimStart('R'), out var d) ? d : throw row.Error($"column {column}: '{cell}' is not a driver.");
        found.Add(cuda, os, driver, kind, ids, Evidence.Text(row["evidence"]), note);
    }

    private static void ReadCurated(SourceFolder sources, Collected found)
    {
        foreach (var row in sources.Curated("driver-requirements.tsv", "cuda os minimum kind", "cuda", "os", "minimum", "kind", "note", "evidence"))
        {
            found.Add(row.Required("cuda"), Systems.Of(row, "os"), row.Required<DriverVersion>("minimum"), row.Required("kind"), Evidence.Sources(sources, row, row["evidence"]), Evidence.Text(row["evidence"]), row.Required("note"), loses: true);
            row.Use();
        }
    }

    private static CudaVersion Release(CudaVersion printed, Dictionary<CudaVersion, (CudaVersion Release, string Note)> releases, ref string? note)
    {
        if (!releases.TryGetValue(printed, out var known))
            return printed;
        note = known.Note;
        return known.Release;
    }

    private static IEnumerable<DriverRequirementRow> Decide(IEnumerable<Entry> entries)
    {
        foreach (var group in entries.GroupBy(e => (e.Cuda, e.Os)))
        {
            var printed = group.Where(e => e.Kind == Corresponding && !e.Loses).MinBy(e => e.Minimum);
            var bundled = group.Where(e => e.Kind == Bundled && !e.Loses).MinBy(e => e.Minimum);
            var floor = group.Where(e => e.Kind == MinorVersion && !e.Loses).OrderByDescending(e => e.Minimum.Parts).FirstOrDefault();
            var bundledWins = bundled is not null && (printed is null || bundled.Minimum < printed.Minimum);
            foreach (var entry in group)
            {
                var (used, reason) = entry switch
                {
                    { Loses: true } => (false, null),
                    { Kind: Corresponding } when bundledWins => (false, $"the driver inside the installer, {bundled!.Minimum}, is lower and is known to run it"),
                    { Kind: Bundled } when !bundledWins => (false, $"NVIDIA's table, {printed!.Minimum}, is the rule"),
                    { Kind: MinorVersion } when entry != floor => (false, $"the branch alone; the exact number is {floor!.Minimum}"),
                    _ => (true, null),
                };
                var note = string.Join("; ", new[] { entry.Note, reason }.Where(n => n is not null));
                yield return new DriverRequirementRow(entry.Cuda, entry.Os, entry.Minimum, entry.Kind, used, entry.Sources, entry.Evidence, note.Length == 0 ? null : note);
            }
        }
    }

    private sealed record Entry(string Cuda, OperatingSystemFamily Os, DriverVersion Minimum, string Kind, string[] Sources, string? Evidence, string? Note, bool Loses);

    /// <summary>Rows by key; the same statement of several sources is one row that names them all.</summary>
    private sealed class Collected
    {
        private readonly Dictionary<(string, OperatingSystemFamily, DriverVersion, string), Entry> _rows = [];

        public IEnumerable<Entry> Rows => _rows.Values;

        public void Add(string cuda, OperatingSystemFamily os, DriverVersion minimum, string kind, string[] sources, string? evidence, string? note, bool loses = false)
        {
            var key = (cuda, os, minimum, kind);
            _rows[key] = _rows.TryGetValue(key, out var known)
                ? known with { Sources = Evidence.Union(known.Sources, sources), Note = known.Note ?? note, Evidence = known.Evidence ?? evidence }
                : new Entry(cuda, os, minimum, kind, sources, evidence, note, loses);
        }
    }
}
