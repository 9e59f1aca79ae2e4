using System.Security.Cryptography;
using System.Text;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Said;

/// <summary>The facts that files give, before they are written.</summary>
/// <param name="Sources">The sources that they name.</param>
/// <param name="Conflicts">What one source says otherwise than those before it, where the earlier word stays and nobody has settled it.</param>
internal sealed record BuiltFacts(FactStore Facts, IReadOnlyDictionary<string, SourceRow> Sources, IReadOnlyList<Conflict> Conflicts)
{
    /// <summary>The conflicts that somebody has to settle: two hashes of one file.</summary>
    public IEnumerable<Conflict> Alarms => Conflicts.Where(c => c.IsAlarm);
}

/// <summary>A field of which two sources say different things.</summary>
/// <param name="Source">The one that is not believed.</param>
internal sealed record Conflict(string Subject, string Key, string Field, string? Kept, string? Stated, string Source)
{
    /// <summary>True where a file changed under its name.</summary>
    public bool IsAlarm => Field is "sha256" or "checksum";

    /// <inheritdoc/>
    public override string ToString() => $"{Subject}, {Key}: {(IsAlarm ? "ALARM: " : "")}{Field} {Kept}, {Source} says {Stated}";
}

/// <summary>What a build made, all in memory.</summary>
/// <param name="Files">File name to bytes.</param>
/// <param name="DataVersion">The newest date of a source and a short hash over the files.</param>
internal sealed record BuiltData(BuiltFacts Facts, IReadOnlyDictionary<string, byte[]> Files, string DataVersion);

/// <summary>
/// Makes data/ of what sources say (data/said/) and what people wrote down (data/curated/): a pure function of these files.
/// Facts are added and corrected, newer words win, and a hash or date that differs stays as it was, until people settle it.
/// </summary>
/// <param name="curated">The folder of curated rows, or null.</param>
internal sealed class DataBuild(string? curated)
{
    private readonly FactStore _start = new();
    private readonly SortedDictionary<string, SourceRow> _startSources = new(StringComparer.Ordinal);
    private readonly List<Conflict> _startConflicts = [];
    private int _taken;

    /// <summary>Builds the data of a folder.</summary>
    /// <exception cref="SourceFormatException">A file is not in its shape, or a row names no known source.</exception>
    public static BuiltData Of(string dataFolder)
    {
        var curated = DataFolder.CuratedBeside(dataFolder);
        var build = new DataBuild(curated);
        return build.Write(build.Facts(SaidFile.Load(dataFolder, curated)));
    }

    /// <summary>Takes the first files in their order for good: those that every later call of <see cref="Facts"/> begins with.</summary>
    public void Begin(IReadOnlyList<SaidFile> files)
    {
        foreach (var file in files)
            Take(file, _start, _startSources, _startConflicts);
        _taken = files.Count;
    }

    /// <summary>The facts of all files, in their order.</summary>
    public BuiltFacts Facts(IReadOnlyList<SaidFile> files)
    {
        var (facts, sources, conflicts) = (_start.Copy(), new SortedDictionary<string, SourceRow>(_startSources, StringComparer.Ordinal), _startConflicts.ToList());
        var settled = new HashSet<(string, string, string)>();
        foreach (var file in files.Skip(_taken))
            settled.UnionWith(Take(file, facts, sources, conflicts));
        Derive(facts, curated);
        foreach (var set in facts.Sets)
        {
            if (set.SourceIds().FirstOrDefault(id => !sources.ContainsKey(id)) is { } unknown)
                throw new SourceFormatException(set.Subject + DataFolder.Ending, "sources", $"'{unknown}' is no source.");
        }

        return new BuiltFacts(facts, sources, [.. conflicts.Where(c => !settled.Contains((c.Subject, c.Key, c.Field)))]);
    }

    /// <summary>What follows from the other rows alone.</summary>
    public static void Derive(FactStore facts, string? curated)
    {
        ArchListChoice.Settle(facts);
        StatedCompanions.Derive(facts);
        ToolkitPlatforms.Derive(facts);
        NamedDrivers.Derive(facts);
        facts.DriverCuda.Clear();
        DriverCuda.Derive(facts, OddReports.Load(curated));
    }

    /// <summary>The files of data/ and their version; with a folder of curated rows, which the install tier needs, also the images of all of it.</summary>
    public BuiltData Write(BuiltFacts built)
    {
        SourceRow[] rows = [.. built.Sources.Values];
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var set in built.Facts.Sets.Where(s => s.Count > 0))
        {
            files.Add(set.Subject + DataFolder.Ending, set.ToBytes());
            counts.Add(set.Subject + DataFolder.Ending, set.Count);
        }

        files.Add(ReportFiles.SourcesName, ReportFiles.Sources(rows));
        counts.Add(ReportFiles.SourcesName, rows.Length);
        var newest = rows.Select(r => r.Retrieved).Where(d => d is not null).Max(StringComparer.Ordinal) ?? "undated";
        var version = $"{newest}+{HashOf(files)[..8]}";
        files.Add(ReportFiles.ManifestName, ReportFiles.Manifest(version, newest, counts));
        if (curated is not null)
        {
            var home = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(curated)))!;
            foreach (var (name, bytes) in ImageFiles.Of(name => files.GetValueOrDefault(name) ?? ImageFiles.Read(home, name)).ToArray())
                files.Add(name, bytes);
        }

        return new BuiltData(built, files, version);
    }

    // What people wrote down settles what the sources say differently: the fields that it names.
    private static List<(string Subject, string Key, string Field)> Take(SaidFile file, FactStore facts, SortedDictionary<string, SourceRow> sources, List<Conflict> conflicts)
    {
        foreach (var source in file.Sources)
        {
            if (!sources.TryAdd(source.Id, source))
                throw new SourceFormatException(file.Name, source.Id, "another file has a source of this id.");
        }

        var sets = facts.Sets.ToDictionary(s => s.Subject, StringComparer.Ordinal);
        var decided = new List<(string, string, string)>();
        foreach (var (subject, row) in file.Rows)
        {
            if (!sets.TryGetValue(subject, out var set))
                throw new SourceFormatException(file.Name, subject, "there is no such file of data.");
            var change = set.Say(row, file.Name, file.Decides);
            if (file.Decides)
                decided.AddRange(row.EnumerateObject().Select(f => (subject, change.Key, f.Name)));
            conflicts.AddRange(change.Fields.Where(f => f.Kept).Select(f => new Conflict(subject, change.Key, f.Field, f.Old, f.New, row.GetProperty("sources")[0].GetString()!)));
        }

        conflicts.AddRange((file.Live?.Disputed ?? []).Select(d => new Conflict(d.Subject, d.Key, d.Field, d.Kept, d.Stated, file.Sources[0].Id)));
        return decided;
    }

    private static string HashOf(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(bytes));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
