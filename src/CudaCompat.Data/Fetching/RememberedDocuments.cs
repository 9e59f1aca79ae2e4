using System.Collections.Concurrent;

namespace CudaCompat.Data.Fetching;

/// <summary>Documents that were fetched once in this run; a second reading asks nobody. What upstream says is missing is remembered too.</summary>
internal sealed class RememberedDocuments(IDocuments inner) : IDocuments
{
    private readonly ConcurrentDictionary<(string Url, string? Accept), FetchedDocument> _documents = [];
    private readonly ConcurrentDictionary<(string Url, string? Accept), FetchException> _missing = [];

    /// <summary>True before the first document.</summary>
    public bool IsFresh => _documents.IsEmpty && _missing.IsEmpty;

    /// <inheritdoc/>
    public async Task<FetchedDocument> GetAsync(DocumentRequest request, CancellationToken cancellation)
    {
        var key = (request.Url, request.Accept);
        if (_documents.TryGetValue(key, out var known))
            return known;
        if (_missing.TryGetValue(key, out var missing))
            throw new FetchException(request.Url, missing.Message[(request.Url.Length + 2)..], isMissing: true);
        try
        {
            return _documents[key] = await inner.GetAsync(request, cancellation);
        }
        catch (FetchException e) when (e.IsMissing)
        {
            _missing[key] = e;
            throw;
        }
    }
}
