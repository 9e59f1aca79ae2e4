using CudaCompat.Data.Fetching;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Said;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Live;

/// <summary>Reads one kind of live source: fetches its documents, parses them and adds the facts to the work.</summary>
internal interface ILiveReader
{
    /// <summary>As live-sources.json names it.</summary>
    string Name { get; }

    /// <summary>Reads a source.</summary>
    Task ReadAsync(LiveWork work, CancellationToken cancellation);
}

/// <summary>One live source while it is read. Its facts are kept apart until all of it is known to be good.</summary>
/// <param name="source">What is read.</param>
/// <param name="known">The data, the rows of this run's other sources among it; not to be changed.</param>
/// <param name="start">The data before this run: what a list is compared with.</param>
/// <param name="before">What the source said the last time, or null.</param>
/// <param name="curated">The folder of curated rows.</param>
/// <param name="acceptLoss">True where the source is believed although it lists less.</param>
internal sealed class LiveWork(LiveSource source, IDocuments documents, FactStore known, FactStore start, SaidFile? before, string curated, bool acceptLoss)
{
    // A list may lose a few old rows while it grows; more than that is a bad day.
    private const double ToleratedLoss = 0.05;
    private const int LeastDoubt = 2;
    private readonly Dictionary<string, (SourceFile File, FetchedDocument Document)> _files = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _gone = [.. (before?.Live?.Gone ?? []).Select(g => (g.Subject, g.Key))];
    private readonly List<string> _unreadable = [];

    /// <summary>What is read.</summary>
    public LiveSource Source => source;

    /// <summary>The data as it is without this reading.</summary>
    public FactStore Known => known;

    /// <summary>What the source said the last time.</summary>
    public SaidFile? Before => before;

    /// <summary>The rows of <see cref="Before"/>.</summary>
    public FactStore Said { get; } = RowsOf(before);

    /// <summary>The facts that this source gives now.</summary>
    public FactStore Fresh { get; } = new();

    /// <summary>The folder of curated rows.</summary>
    public string Curated => curated;

    /// <summary>Remarks for the report.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What names a fact and could not be read, by name: the rest is taken, and the run is red until somebody looks.</summary>
    public List<string> Unread { get; } = [];

    /// <summary>What was left out, by reason.</summary>
    public SortedDictionary<string, int> Left { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows of the data that the source ought to list and does not.</summary>
    public List<(string Subject, string Key)> Lost { get; } = [];

    /// <summary>The documents read.</summary>
    public IEnumerable<SourceFile> Files => _files.Values.Select(f => f.File);

    /// <summary>The documents as fetched, for a recording.</summary>
    public IEnumerable<(string Path, FetchedDocument Document)> Documents => _files.Select(f => (f.Key, f.Value.Document));

    /// <summary>True where it was read and told nothing: maybe not before another source has told what to ask for.</summary>
    public bool GaveNothing { get; set; }

    /// <summary>Leaves something out that the data does not cover, however often: a platform, a package.</summary>
    public void Leave(string why) => Left[why] = Left.GetValueOrDefault(why) + 1;

    /// <summary>Leaves something out that cannot be read; more than a few of these mean that the document changed shape.</summary>
    public void LeaveUnreadable(string what, string why)
    {
        Leave(why);
        _unreadable.Add($"{what}: {why}");
    }

    /// <summary>Refuses the source where too much of it could not be read.</summary>
    public void CheckReadable()
    {
        var read = Fresh.Sets.Sum(s => s.Count) + _unreadable.Count;
        if (_unreadable.Count > LeastDoubt && _unreadable.Count > read * ToleratedLoss && !acceptLoss)
            throw new SourceFormatException(source.Id, "entries", $"{_unreadable.Count} of {read} cannot be read: it changed shape. The first: {_unreadable[0]}. Nothing of it is taken.");
        Notes.AddRange(_unreadable.Take(LeastDoubt * 10).Select(u => "left out, " + u));
    }

    /// <summary>Fetches a document; fetched twice it is the same one.</summary>
    public async Task<SourceFile> GetAsync(string url, CancellationToken cancellation, string? accept = null)
    {
        var path = Recording.PathOf(source.Id, url, accept);
        if (_files.TryGetValue(path, out var known))
            return known.File;
        var document = await documents.GetAsync(new DocumentRequest(url, accept, source.MaximumBytes), cancellation);
        var file = new SourceFile(path, source.Id, url, document.Bytes);
        _files.Add(path, (file, document));
        if (document.MovedTo is { } place)
            Notes.Add($"{url} moved for good to {place}: {LiveSources.FileName} may name it");
        if (Parsing.Zstandard.Is(path))
            Parsing.Zstandard.Check(file);
        else
            Shape.Check(file);
        return file;
    }

    /// <summary>The same, null where upstream says that there is no such document.</summary>
    public async Task<SourceFile?> TryGetAsync(string url, CancellationToken cancellation, string? accept = null)
    {
        try
        {
            return await GetAsync(url, cancellation, accept);
        }
        catch (FetchException e) when (e.IsMissing)
        {
            return null;
        }
    }

    /// <summary>The document of a role, from the first of its places that has one: list, list2, list3, newest first.</summary>
    public async Task<SourceFile> GetFirstAsync(string role, CancellationToken cancellation)
    {
        var places = source.Places(role);
        foreach (var place in places.SkipLast(1))
        {
            if (await TryGetAsync(source.Url(place), cancellation) is { } file)
                return file;
        }

        return await GetAsync(source.Url(places[^1]), cancellation);
    }

    /// <summary>
    /// Compares what a table says of known things with the data. A page corrects one or two; where most differ, its columns mean something else
    /// than they did, and nothing of it is taken.
    /// </summary>
    /// <param name="what">For the message: "drivers".</param>
    /// <param name="compared">Of each known thing whether the page agrees.</param>
    public void CheckAgreement(SourceFile file, string what, IEnumerable<bool> compared)
    {
        var all = compared.ToList();
        var other = all.Count(agrees => !agrees);
        if (other > LeastDoubt && other * 2 > all.Count && !acceptLoss)
            throw file.Error(what, $"{other} of {all.Count} differ from what is known: the table means something else than it did. If upstream is right, run again with --accept-loss {source.Id}.");
    }

    /// <summary>
    /// Compares a list with what the data has of it. Rows that the source lists no more are lost: kept and marked. When the list became shorter,
    /// or lost more than a few, it is refused as a whole: the wheel index has lost most of its rows for days, and got them back.
    /// </summary>
    /// <param name="expected">The rows of the data that this source ought to list.</param>
    public void Complete<T>(RowSet<T> now, Func<T, bool> expected)
        where T : class
    {
        var before = (RowSet<T>)start[now.Subject];
        var keys = before.Rows.Where(expected).Select(before.KeyOf).ToList();
        var gone = keys.Where(k => _gone.Contains((before.Subject, k))).ToHashSet(StringComparer.Ordinal);
        var listed = now.Keys.ToHashSet(StringComparer.Ordinal);
        var lost = keys.Where(k => !listed.Contains(k)).ToList();
        var (had, fresh) = (keys.Count - gone.Count, lost.Count(k => !gone.Contains(k)));
        if (!acceptLoss && fresh > 0 && (now.Count < had || fresh > had * ToleratedLoss))
        {
            throw new SourceFormatException(source.Id, before.Subject,
                $"the list shrank: {fresh} of {had} known rows are missing ({now.Count} listed), first {lost.First(k => !gone.Contains(k))}. Nothing of it is taken; if upstream really withdrew them, run again with --accept-loss {source.Id}.");
        }

        Lost.AddRange(lost.Select(k => (before.Subject, k)));
    }

    private static FactStore RowsOf(SaidFile? file)
    {
        var facts = new FactStore();
        foreach (var (subject, row) in file?.Rows ?? [])
            facts[subject].Say(row, file!.Name);
        return facts;
    }
}
