using CudaCompat.Data.Fetching;
using CudaCompat.Data.History;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Sources;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live;

/// <summary>What became of one source.</summary>
/// <param name="Failure">Null where it was read.</param>
/// <param name="Vanished">Rows that it lists no more.</param>
/// <param name="Returned">Rows that it lists again.</param>
/// <param name="Conflicts">What it says otherwise than the data, as far as that is new.</param>
internal sealed record SourceOutcome(LiveSource Source, string? Failure, int Documents, int Rows, IReadOnlyList<RowChange> Changes, IReadOnlyList<VanishedRow> Vanished, IReadOnlyList<VanishedRow> Returned, IReadOnlyList<ConflictRow> Conflicts, IReadOnlyList<string> Notes)
{
    /// <summary>True where it told anything that was not known.</summary>
    public bool HasNews => Changes.Any(c => c.IsNew || c.Fields.Any(f => !f.Kept)) || Vanished.Count > 0 || Returned.Count > 0 || Conflicts.Count > 0;
}

/// <summary>What a live refresh made, all in memory.</summary>
/// <param name="Facts">The facts after it.</param>
/// <param name="Files">The files of data/ and data/history/.</param>
internal sealed record LiveResult(IReadOnlyList<SourceOutcome> Outcomes, FactStore Facts, IReadOnlyList<SourceRow> SourceRows, IReadOnlyDictionary<string, byte[]> Files, string DataVersion, IReadOnlyList<(string Path, FetchedDocument Document)> Documents)
{
    /// <summary>True where any source told anything new.</summary>
    public bool HasNews => Outcomes.Any(o => o.HasNews);

    /// <summary>True where any source failed.</summary>
    public bool HasFailures => Outcomes.Any(o => o.Failure is not null);
}

/// <summary>Reads live sources into the data of a folder: each for itself, merged in the order of the list, so that the result does not depend on which answered first.</summary>
internal sealed class LiveRefresh(string dataFolder, string curated, Func<LiveSource, IDocuments> documents, IReadOnlySet<string> acceptLoss, TextWriter progress)
{
    private const int AtOnce = 4;

    /// <summary>Reads and merges; writes nothing.</summary>
    public async Task<LiveResult> RunAsync(IReadOnlyList<LiveSource> sources, CancellationToken cancellation)
    {
        var facts = FactStore.Load(dataFolder);
        var learned = LearnedFacts.Load(dataFolder);
        var sourceRows = DataFile.Read("sources.json", File.ReadAllBytes(Path.Combine(dataFolder, "sources.json")), MatrixJson.Readable.SourceRow).ToDictionary(r => r.Id, StringComparer.Ordinal);
        using var gate = new SemaphoreSlim(AtOnce);
        // The facts are not touched before every source is read: what one source finds does not depend on another's speed.
        var works = await Task.WhenAll(sources.Select(s => ReadAsync(s, facts, learned, gate, cancellation)));
        var outcomes = works.Select(w => Merge(w.Work, w.Failure, facts, learned, sourceRows)).ToList();
        Derive(facts, learned);
        var rows = sourceRows.Values.OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        var rejects = File.Exists(Path.Combine(dataFolder, Writing.ReportFiles.RejectsName)) ? File.ReadAllBytes(Path.Combine(dataFolder, Writing.ReportFiles.RejectsName)) : null;
        var (files, version) = RefreshRun.Write(facts, rows, Writing.ReportFiles.ReadRejects(rejects));
        foreach (var (name, bytes) in learned.ToFiles())
            files.Add(name, bytes);
        return new LiveResult(outcomes, facts, rows, files, version, [.. works.SelectMany(w => w.Work.Documents)]);
    }

    private async Task<(LiveWork Work, string? Failure)> ReadAsync(LiveSource source, FactStore facts, LearnedFacts learned, SemaphoreSlim gate, CancellationToken cancellation)
    {
        var work = new LiveWork(source, documents(source), facts, learned, curated, acceptLoss.Contains(source.Id));
        await gate.WaitAsync(cancellation);
        try
        {
            if (!LiveReaders.All.TryGetValue(source.Reader, out var reader))
                throw new SourceFormatException(LiveSources.FileName, source.Id, $"no reader is called '{source.Reader}'.");
            await reader.ReadAsync(work, cancellation);
            Say($"{source.Id}: {work.Files.Count()} documents, {work.Fresh.Sets.Sum(s => s.Count)} facts");
            return (work, null);
        }
        catch (Exception e) when (e is FetchException or SourceFormatException or VersionFormatException or System.Text.Json.JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or IOException)
        {
            Say($"{source.Id}: FAILED: {e.Message}");
            return (work, e.Message);
        }
        finally
        {
            gate.Release();
        }
    }

    private void Say(string line)
    {
        lock (progress)
            progress.WriteLine(line);
    }

    private static SourceOutcome Merge(LiveWork work, string? failure, FactStore facts, LearnedFacts learned, Dictionary<string, SourceRow> sourceRows)
    {
        var id = work.Source.Id;
        if (failure is not null)
            return new SourceOutcome(work.Source, failure, work.Files.Count(), 0, [], [], [], [], work.Notes);
        var date = work.Documents.Select(d => d.Document.Date).Max(StringComparer.Ordinal) ?? "";
        var changes = new List<RowChange>();
        foreach (var set in work.Fresh.Sets.Where(s => s.Count > 0))
            changes.AddRange(MergeSet(set, facts, learned));
        var named = changes.Select(c => c.Subject).Distinct(StringComparer.Ordinal).SelectMany(s => learned.Facts[s].SourceIds()).ToHashSet(StringComparer.Ordinal);
        var used = changes.Where(c => c.IsNew || c.Fields.Any(f => !f.Kept)).Select(c => c.Subject).Distinct(StringComparer.Ordinal).SelectMany(s => work.Fresh[s].SourceIds()).ToHashSet(StringComparer.Ordinal);
        foreach (var file in work.Files.Where(f => used.Contains(f.Id) && named.Contains(f.Id)))
            learned.Sources[file.Id] = sourceRows[file.Id] = file.ToRow();
        var conflicts = changes.SelectMany(c => c.Fields.Where(f => f.Kept).Select(f => new ConflictRow(c.Subject, c.Key, f.Field, f.Old, f.New, id, date)))
            .Where(c => learned.Disputed.TryAdd((c.Subject, c.Key, c.Field, c.Stated), c)).ToList();
        var lastGood = learned.Read.TryGetValue(id, out var check) ? check.Good : date;
        var vanished = work.Lost.Select(l => new VanishedRow(l.Subject, l.Key, id, lastGood)).ToList();
        vanished.ForEach(v => learned.Gone[(v.Subject, v.Key)] = v);
        var returned = work.Back.Select(b => learned.Gone[b]).ToList();
        returned.ForEach(r => learned.Gone.Remove((r.Subject, r.Key)));
        var rows = work.Fresh.Sets.Sum(s => s.Count);
        learned.Read[id] = new CheckRow(id, date, work.Files.Count(), rows);
        return new SourceOutcome(work.Source, null, work.Files.Count(), rows, changes, vanished, returned, conflicts, work.Notes);
    }

    private static IReadOnlyList<RowChange> MergeSet(IRowSet fresh, FactStore facts, LearnedFacts learned)
    {
        var changes = facts[fresh.Subject].Merge(fresh);
        learned.Facts[fresh.Subject].Keep(fresh, changes.Where(c => c.IsNew || c.Fields.Any(f => !f.Kept)).Select(c => c.Key).ToHashSet(StringComparer.Ordinal));
        return changes;
    }

    // Which driver prints which CUDA version follows from the other tables.
    private void Derive(FactStore facts, LearnedFacts learned)
    {
        var scratch = new FactStore();
        foreach (var set in new IRowSet[] { facts.DriverRequirements, facts.DriverReports, facts.Drivers })
            scratch[set.Subject].Load(set.ToBytes());
        new Merging.Nvidia.DriverCuda().Read(new SourceFolder(curated, curated), scratch);
        MergeSet(scratch.DriverCuda, facts, learned);
    }
}
