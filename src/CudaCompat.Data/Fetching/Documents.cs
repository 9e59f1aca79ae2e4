namespace CudaCompat.Data.Fetching;

/// <summary>A document as upstream gave it.</summary>
/// <param name="Url">The address that was asked for, never one after redirects: those carry tokens that expire.</param>
/// <param name="Bytes">Unpacked.</param>
/// <param name="Date">The UTC date (yyyy-MM-dd) on which it was fetched or confirmed to be unchanged.</param>
/// <param name="MovedTo">Where upstream says that it lies from now on, where it said so (301, 308).</param>
internal sealed record FetchedDocument(string Url, byte[] Bytes, string Date, string? MovedTo = null);

/// <summary>What is asked of upstream.</summary>
/// <param name="Accept">The media type asked for; null for any.</param>
/// <param name="MaximumBytes">The most that the document may have, unpacked.</param>
internal sealed record DocumentRequest(string Url, string? Accept, long MaximumBytes);

/// <summary>Where documents come from: the live web, or a folder that a refresh recorded.</summary>
internal interface IDocuments
{
    /// <summary>Gets a document.</summary>
    /// <exception cref="FetchException">It cannot be had; the message says why.</exception>
    Task<FetchedDocument> GetAsync(DocumentRequest request, CancellationToken cancellation);
}

/// <summary>A document could not be had.</summary>
internal sealed class FetchException : Exception
{
    public FetchException(string url, string problem, bool isMissing = false, Exception? inner = null)
        : base($"{url}: {problem}", inner)
    {
        Url = url;
        IsMissing = isMissing;
    }

    /// <summary>The address.</summary>
    public string Url { get; }

    /// <summary>True where upstream says that there is no such document, false where it could not be asked.</summary>
    public bool IsMissing { get; }
}
