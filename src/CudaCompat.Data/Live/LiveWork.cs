using CudaCompat.Data.Fetching;
using CudaCompat.Data.History;
using CudaCompat.Data.Refresh;
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
internal sealed class LiveWork(LiveSource source, IDocuments documents, FactStore known, LearnedFacts learned, string curated, bool acceptLoss)
{
    // A list may lose a few old rows while it grows; more than that is a bad day.
    private const double ToleratedLoss = 0.05;
    private const int LeastDoubt = 2;
    private readonly Dictionary<string, (SourceFile File, FetchedDocument Document)> _files = new(StringComparer.Ordinal);

    /// <summary>What is read.</summary>
    public LiveSource Source => source;

    /// <summary>The data as it was before this refresh; not to be changed.</summary>
    public FactStore Known => known;

    /// <summary>The facts that this source gives now.</summary>
    public FactStore Fresh { get; } = new();

    /// <summary>The folder of curated rows.</summary>
    public string Curated => curated;

    /// <summary>Remarks for the report.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Rows of the data that the source ought to list and does not.</summary>
    public List<(string Subject, string Key)> Lost { get; } = [];

    /// <summary>Rows that had vanished and are listed again.</summary>
    public List<(string Subject, string Key)> Back { get; } = [];

    /// <summary>The documents read, by path.</summary>
    public IEnumerable<SourceFile> Files => _files.Values.Select(f => f.File);

    /// <summary>The documents as fetched, for a recording.</summary>
    public IEnumerable<(string Path, FetchedDocument Document)> Documents => _files.Select(f => (f.Key, f.Value.Document));

    /// <summary>Fetches a document; fetched twice it is the same one.</summary>
    public async Task<SourceFile> GetAsync(string url, string parser, string kind, CancellationToken cancellation, string? accept = null)
    {
        var path = Recording.PathOf(source.Id, url, accept);
        if (_files.TryGetValue(path, out var known))
            return known.File;
        var document = await documents.GetAsync(new DocumentRequest(url, accept, source.MaximumBytes), cancellation);
        var file = new SourceFile(path, SourceIds.OfPath(path), document.Bytes, new Provenance(source.Title, url, document.Date, null)) { Parser = parser, Kind = kind };
        _files.Add(path, (file, document));
        if (Parsing.Zstandard.Is(path))
            Parsing.Zstandard.Check(file);
        else
            Shape.Check(file);
        return file;
    }

    /// <summary>The same, null where upstream says that there is no such document.</summary>
    public async Task<SourceFile?> TryGetAsync(string url, string parser, string kind, CancellationToken cancellation, string? accept = null)
    {
        try
        {
            return await GetAsync(url, parser, kind, cancellation, accept);
        }
        catch (FetchException e) when (e.IsMissing)
        {
            return null;
        }
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
    public void Complete<T>(RowSet<T> before, RowSet<T> now, Func<T, bool> expected)
        where T : class
    {
        var keys = before.Rows.Where(expected).Select(before.KeyOf).ToList();
        var gone = keys.Where(k => learned.Gone.ContainsKey((before.Subject, k))).ToHashSet(StringComparer.Ordinal);
        var listed = now.Keys.ToHashSet(StringComparer.Ordinal);
        var lost = keys.Where(k => !listed.Contains(k) && !gone.Contains(k)).ToList();
        var had = keys.Count - gone.Count;
        if (!acceptLoss && lost.Count > 0 && (now.Count < had || lost.Count > had * ToleratedLoss))
        {
            throw new SourceFormatException(source.Id, before.Subject,
                $"the list shrank: {lost.Count} of {had} known rows are missing ({now.Count} listed), first {lost[0]}. Nothing of it is taken; if upstream really withdrew them, run again with --accept-loss {source.Id}.");
        }

        Lost.AddRange(lost.Select(k => (before.Subject, k)));
        Back.AddRange(gone.Where(listed.Contains).Select(k => (before.Subject, k)));
    }
}
