using CudaCompat.Data.Fetching;
using CudaCompat.Data.History;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Said;
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
    /// <summary>This and what a second look at the same documents gave.</summary>
    public SourceOutcome And(SourceOutcome later) => later with
    {
        Changes = [.. Changes, .. later.Changes.Where(c => !Changes.Contains(c))],
        Vanished = [.. Vanished, .. later.Vanished],
        Returned = [.. Returned, .. later.Returned],
        Conflicts = [.. Conflicts, .. later.Conflicts],
    };

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
    private const int MostPasses = 4;
    private readonly Lock _speaking = new();

    /// <summary>Reads and merges; writes nothing.</summary>
    public async Task<LiveResult> RunAsync(IReadOnlyList<LiveSource> sources, CancellationToken cancellation)
    {
        var facts = FactStore.Load(dataFolder);
        var learned = LearnedFacts.Load(dataFolder);
        var last = new Dictionary<string, CheckRow>(learned.Read, StringComparer.Ordinal);
        var sourceRows = DataFile.Read("sources.json", File.ReadAllBytes(Path.Combine(dataFolder, "sources.json")), MatrixJson.Readable.SourceRow).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var memory = sources.ToDictionary(s => s.Id, s => new RememberedDocuments(documents(s)), StringComparer.Ordinal);
        var outcomes = new Dictionary<string, SourceOutcome>(StringComparer.Ordinal);
        var kept = new Dictionary<string, (string Path, FetchedDocument Document)>(StringComparer.Ordinal);
        // What one source finds another may need (the default index tells what an untagged file was built for): read again, from memory, until nothing is new.
        for (var pass = 1; pass <= MostPasses; pass++)
        {
            var open = sources.Where(s => !outcomes.TryGetValue(s.Id, out var o) || o.Failure is null).ToList();
            using var gate = new SemaphoreSlim(AtOnce);
            // The facts are not touched before every source is read: the result does not depend on which answered first.
            var works = await Task.WhenAll(open.Select(s => ReadAsync(s, memory[s.Id], facts, learned, last, gate, cancellation)));
            var news = false;
            foreach (var (work, failure) in works)
            {
                foreach (var document in work.Documents)
                    kept[document.Path] = document;
                var outcome = Merge(work, failure, facts, learned, sourceRows);
                news |= outcome.HasNews;
                Merging.PyTorch.ArchListChoice.Settle(facts);
                outcomes[work.Source.Id] = outcomes.TryGetValue(work.Source.Id, out var before) ? before.And(outcome) : outcome;
            }

            if (!news)
                break;
        }

        foreach (var outcome in sources.Select(s => outcomes[s.Id]))
            Say(outcome.Failure is null ? $"{outcome.Source.Id}: {outcome.Documents} documents, {outcome.Rows} facts" : $"{outcome.Source.Id}: FAILED: {outcome.Failure}");
        DataBuild.Derive(facts, curated);
        var rows = sourceRows.Values.OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        var (files, version) = DataBuild.Write(facts, rows, curated);
        foreach (var (name, bytes) in learned.ToFiles())
            files.Add(name, bytes);
        return new LiveResult([.. sources.Select(s => outcomes[s.Id])], facts, rows, files, version, [.. kept.Values]);
    }

    private async Task<(LiveWork Work, string? Failure)> ReadAsync(LiveSource source, RememberedDocuments memory, FactStore facts, LearnedFacts learned, Dictionary<string, CheckRow> last, SemaphoreSlim gate, CancellationToken cancellation)
    {
        var work = new LiveWork(source, memory, facts, learned, curated, acceptLoss.Contains(source.Id));
        await gate.WaitAsync(cancellation);
        try
        {
            if (!LiveReaders.All.TryGetValue(source.Reader, out var reader))
                throw new SourceFormatException(LiveSources.FileName, source.Id, $"no reader is called '{source.Reader}'.");
            if (memory.IsFresh)
                Say($"{source.Id}: reading {source.Title}");
            await reader.ReadAsync(work, cancellation);
            CheckAmount(work, last);
            return (work, null);
        }
        catch (Exception e) when (e is FetchException or SourceFormatException or VersionFormatException or System.Text.Json.JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or IndexOutOfRangeException or IOException)
        {
            return (work, e.Message);
        }
        finally
        {
            gate.Release();
        }
    }

    // A page that gives less than the last time has lost something, whatever it is. Within a run it may: what another source added is then no longer its own.
    private void CheckAmount(LiveWork work, Dictionary<string, CheckRow> last)
    {
        var rows = work.Fresh.Sets.Sum(s => s.Count);
        if (rows == 0)
            throw new SourceFormatException(work.Source.Id, "facts", "there are none.");
        if (last.TryGetValue(work.Source.Id, out var before) && rows < before.Rows && !acceptLoss.Contains(work.Source.Id))
            throw new SourceFormatException(work.Source.Id, "facts", $"the source shrank: {rows} facts, {before.Rows} on {before.Good}. Nothing of it is taken; if upstream really withdrew them, run again with --accept-loss {work.Source.Id}.");
    }

    private void Say(string line)
    {
        lock (_speaking)
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
        var lastGood = learned.Read.TryGetValue(id, out var check) ? check.Good : null;
        var vanished = work.Lost.GroupBy(l => l.Subject, StringComparer.Ordinal).SelectMany(g => Vanished(g, id, lastGood, facts[g.Key], sourceRows)).ToList();
        vanished.ForEach(v => learned.Gone[(v.Subject, v.Key)] = v);
        var returned = work.Back.Select(b => learned.Gone[b]).ToList();
        returned.ForEach(r => learned.Gone.Remove((r.Subject, r.Key)));
        var rows = work.Fresh.Sets.Sum(s => s.Count);
        learned.Read[id] = new CheckRow(id, date, work.Files.Count(), rows);
        return new SourceOutcome(work.Source, null, work.Files.Count(), rows, changes, vanished, returned, conflicts, work.Notes);
    }

    // What was never read live was seen when its newest document was made.
    private static IEnumerable<VanishedRow> Vanished(IEnumerable<(string Subject, string Key)> lost, string source, string? lastGood, IRowSet rows, Dictionary<string, SourceRow> sourceRows)
    {
        var sources = lastGood is null ? rows.SourcesByKey() : null;
        return lost.Select(l => new VanishedRow(l.Subject, l.Key, source, lastGood ?? sources![l.Key].Max(s => sourceRows.GetValueOrDefault(s)?.Retrieved) ?? "unknown"));
    }

    private static IReadOnlyList<RowChange> MergeSet(IRowSet fresh, FactStore facts, LearnedFacts learned)
    {
        var changes = facts[fresh.Subject].Merge(fresh);
        learned.Facts[fresh.Subject].Keep(fresh, changes.Where(c => c.IsNew || c.Fields.Any(f => !f.Kept)).Select(c => c.Key).ToHashSet(StringComparer.Ordinal));
        return changes;
    }
}
