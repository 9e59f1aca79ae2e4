using CudaCompat.Data.Fetching;
using CudaCompat.Data.Invariants;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Said;
using CudaCompat.Data.Sources;
using CudaCompat.Versions;

namespace CudaCompat.Data.Live;

/// <summary>What became of one source.</summary>
/// <param name="Failure">Null where it was read.</param>
/// <param name="Before">What it said the last time.</param>
/// <param name="Now">What it says, null where it failed.</param>
/// <param name="Changes">What it brought into the data.</param>
internal sealed record SourceOutcome(LiveWork Work, string? Failure, SaidFile? Now, IReadOnlyList<RowChange> Changes)
{
    public LiveSource Source => Work.Source;

    /// <summary>Rows that it lists no more.</summary>
    public IEnumerable<GoneRow> Vanished => (Now?.Live!.Gone ?? []).Except(Work.Before?.Live?.Gone ?? []);

    /// <summary>Rows that it lists again.</summary>
    public IEnumerable<GoneRow> Returned => Now is null ? [] : (Work.Before?.Live?.Gone ?? []).Where(g => Work.Fresh[g.Subject].Keys.Contains(g.Key));

    /// <summary>True where it told anything that was not known.</summary>
    public bool HasNews => Changes.Count > 0 || Vanished.Any() || Returned.Any();

    /// <summary>True where somebody has to look.</summary>
    public bool IsRed => Failure is not null || Work.Unread.Count > 0;
}

/// <summary>What a live refresh made, all in memory.</summary>
/// <param name="Data">The data after it.</param>
/// <param name="Before">The facts before it.</param>
/// <param name="Derived">What follows from the news of all sources.</param>
internal sealed record LiveResult(IReadOnlyList<SourceOutcome> Outcomes, BuiltData Data, BuiltFacts Before, IReadOnlyList<RowChange> Derived)
{
    /// <summary>What one source says otherwise than another, as far as that is new.</summary>
    public IEnumerable<Conflict> Conflicts => Data.Facts.Conflicts.Except(Before.Conflicts);

    /// <summary>True where any source told anything new.</summary>
    public bool HasNews => Outcomes.Any(o => o.HasNews) || Conflicts.Any();

    /// <summary>True where a source failed, or sources contradict each other on a hash and nobody has settled it.</summary>
    public bool IsRed => Outcomes.Any(o => o.IsRed) || Data.Facts.Alarms.Any();

    /// <summary>The files to write: what the sources say, and the data that follows.</summary>
    public IReadOnlyDictionary<string, byte[]> Files =>
        Data.Files.Concat(Outcomes.Select(o => o.Now).OfType<SaidFile>().Select(f => KeyValuePair.Create(f.Name, f.ToBytes()))).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);

    /// <summary>Every document read.</summary>
    public IEnumerable<(string Path, FetchedDocument Document)> Documents => Outcomes.SelectMany(o => o.Work.Documents);
}

/// <summary>
/// Reads live sources into what they say (data/said/): each for itself, so that the result does not depend on which answered first. A source that fails, or with which an
/// invariant would not hold, is left out alone; what it said the last time stays.
/// </summary>
internal sealed class LiveRefresh(string dataFolder, string curated, Func<LiveSource, IDocuments> documents, IReadOnlySet<string> acceptLoss, IReadOnlySet<string> hosts, TextWriter progress)
{
    private const int AtOnce = 4;
    private const int MostPasses = 4;
    private readonly Lock _speaking = new();

    /// <summary>Reads and builds; writes nothing.</summary>
    public async Task<LiveResult> RunAsync(IReadOnlyList<LiveSource> sources, CancellationToken cancellation)
    {
        var files = SaidFile.Load(dataFolder, curated).ToDictionary(f => f.Name, StringComparer.Ordinal);
        var names = sources.Select(s => SaidFile.NameOf(s.Id)).ToHashSet(StringComparer.Ordinal);
        var build = new DataBuild(curated);
        // What stands before every source of this run in the order, whatever its new day, is taken once.
        build.Begin([.. SaidFile.InOrder(files.Values).TakeWhile(f => !f.Decides && f.Sources.Count != 1)]);
        var before = build.Facts(SaidFile.InOrder(files.Values));
        var memory = sources.ToDictionary(s => s.Id, s => new RememberedDocuments(documents(s)), StringComparer.Ordinal);
        var (facts, works) = (before, new Dictionary<string, (LiveWork Work, string? Failure)>(StringComparer.Ordinal));
        // What one source finds another may need (the default index tells what an untagged file was built for): read again, from memory, until nothing is new.
        for (var pass = 1; pass <= MostPasses; pass++)
        {
            using var gate = new SemaphoreSlim(AtOnce);
            var open = sources.Where(s => !works.TryGetValue(s.Id, out var w) || w.Failure is null || w.Work.GaveNothing).ToList();
            foreach (var (work, failure) in await Task.WhenAll(open.Select(s => ReadAsync(s, memory[s.Id], facts.Facts, before.Facts, files.GetValueOrDefault(SaidFile.NameOf(s.Id)), gate, cancellation))))
                works[work.Source.Id] = (work, failure);
            var read = works.Values.Where(w => w.Failure is null).ToDictionary(w => w.Work.Source.Id, w => Said(w.Work), StringComparer.Ordinal);
            if (Try(build, With(files, read.Values)).Facts is not { } next)
                break;
            var isNews = next.Facts.Sets.Zip(facts.Facts.Sets).Any(s => s.First.Since(s.Second).Any());
            facts = next;
            if (!isNews)
                break;
        }

        var said = works.Values.Where(w => w.Failure is null).ToDictionary(w => w.Work.Source.Id, w => Said(w.Work), StringComparer.Ordinal);
        (facts, var left) = LeaveOutWhatBreaks(build, files, said, before);
        foreach (var (id, problem) in left)
            works[id] = (works[id].Work, problem);
        foreach (var (work, failure) in works.Values)
            Say(failure is null ? $"{work.Source.Id}: {work.Files.Count()} documents, {work.Fresh.Sets.Sum(s => s.Count)} facts, {work.Left.Values.Sum()} left out" : $"{work.Source.Id}: FAILED: {failure}");
        return Result([.. sources.Select(s => (works[s.Id].Work, works[s.Id].Failure, said.GetValueOrDefault(s.Id)))], build.Write(facts), before);
    }

    private static SaidFile Said(LiveWork work) => LiveReading.Of(work, work.Documents.Select(d => d.Document.Date).Max(StringComparer.Ordinal) ?? "");

    private static IReadOnlyList<SaidFile> With(Dictionary<string, SaidFile> files, IEnumerable<SaidFile> read)
    {
        var all = new Dictionary<string, SaidFile>(files, StringComparer.Ordinal);
        foreach (var file in read)
            all[file.Name] = file;
        return SaidFile.InOrder(all.Values);
    }

    // The source whose leaving mends most goes first; where no single one mends anything, all of them go.
    private (BuiltFacts Facts, IReadOnlyList<(string Source, string Problem)> Left) LeaveOutWhatBreaks(DataBuild build, Dictionary<string, SaidFile> files, Dictionary<string, SaidFile> said, BuiltFacts before)
    {
        var known = Broken(before).Select(v => v.ToString()).ToHashSet(StringComparer.Ordinal);
        (BuiltFacts? Facts, List<Violation> Broken) Tried(IEnumerable<SaidFile> read) => Try(build, With(files, read)) is var (facts, broken) ? (facts, [.. broken.Where(v => !known.Contains(v.ToString()))]) : default;
        var left = new List<(string, string)>();
        var now = Tried(said.Values);
        while (now.Broken.Count > 0 && said.Count > 0)
        {
            var best = said.Keys.Order(StringComparer.Ordinal).Select(id => (Id: id, Without: Tried(said.Where(s => s.Key != id).Select(s => s.Value)))).MinBy(t => t.Without.Broken.Count);
            List<string> guilty = best.Without.Broken.Count < now.Broken.Count || said.Count == 1 ? [best.Id] : [.. said.Keys];
            foreach (var id in guilty)
            {
                said.Remove(id);
                left.Add((id, $"with it {Invariant.Says(now.Broken)} Nothing of it is taken. Next: {now.Broken[0].Next}"));
            }

            now = guilty.Count == 1 ? best.Without : Tried([]);
        }

        return (now.Facts ?? before, left);
    }

    // Facts that cannot be put together break a rule as well.
    private (BuiltFacts? Facts, IReadOnlyList<Violation> Broken) Try(DataBuild build, IReadOnlyList<SaidFile> files)
    {
        try
        {
            var facts = build.Facts(files);
            return (facts, Broken(facts));
        }
        catch (SourceFormatException e)
        {
            return (null, [new Violation("facts agree with each other", e.File, e.Place, e.Message, "look which of the two statements is right, and write that one into data/curated/facts/.")]);
        }
    }

    private IReadOnlyList<Violation> Broken(BuiltFacts facts) => Invariant.Violations(new CheckedData(facts.Facts, [.. facts.Sources.Values], hosts));

    private static LiveResult Result(IReadOnlyList<(LiveWork Work, string? Failure, SaidFile? Now)> sources, BuiltData data, BuiltFacts before)
    {
        var changes = data.Facts.Facts.Sets.Zip(before.Facts.Sets).SelectMany(s => s.First.Since(s.Second)).ToList();
        var outcomes = new List<SourceOutcome>();
        foreach (var (work, failure, now) in sources)
        {
            var own = now is null ? [] : changes.Where(c => work.Fresh[c.Subject].Has(c.Key)).ToList();
            changes = [.. changes.Except(own)];
            outcomes.Add(new SourceOutcome(work, failure, now, own));
        }

        return new LiveResult(outcomes, data, before, changes);
    }

    private async Task<(LiveWork Work, string? Failure)> ReadAsync(LiveSource source, RememberedDocuments memory, FactStore facts, FactStore start, SaidFile? before, SemaphoreSlim gate, CancellationToken cancellation)
    {
        var work = new LiveWork(source, memory, facts, start, before, curated, acceptLoss.Contains(source.Id));
        await gate.WaitAsync(cancellation);
        try
        {
            if (!LiveReaders.All.TryGetValue(source.Reader, out var reader))
                throw new SourceFormatException(LiveSources.FileName, source.Id, $"no reader is called '{source.Reader}'.");
            if (memory.IsFresh)
                Say($"{source.Id}: reading {source.Title}");
            await reader.ReadAsync(work, cancellation);
            work.CheckReadable();
            CheckAmount(work);
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

    // A page that gives less than the last time has lost something, whatever it is.
    private void CheckAmount(LiveWork work)
    {
        var rows = work.Fresh.Sets.Sum(s => s.Count);
        work.GaveNothing = rows == 0;
        if (work.GaveNothing)
            throw new SourceFormatException(work.Source.Id, work.Files.FirstOrDefault()?.Url ?? "facts", "there are none: the document changed shape.");
        if (work.Before?.Live is { } before && rows < before.Rows && !acceptLoss.Contains(work.Source.Id))
            throw new SourceFormatException(work.Source.Id, "facts", $"the source shrank: {rows} facts, {before.Rows} on {work.Before.Sources[0].Retrieved}. Nothing of it is taken; if upstream really withdrew them, run again with --accept-loss {work.Source.Id}.");
    }

    private void Say(string line)
    {
        lock (_speaking)
            progress.WriteLine(line);
    }
}
