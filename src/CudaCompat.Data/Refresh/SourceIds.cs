namespace CudaCompat.Data.Refresh;

/// <summary>The ids of sources, and those of a row.</summary>
internal static class SourceIds
{
    /// <summary>The source id of facts that were read in a stored file whose public address is not known.</summary>
    public const string Unpublished = "unpublished-capture";

    /// <summary>The id of a document: its path without the ending.</summary>
    public static string OfPath(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') ? path[..dot] : path;
    }

    /// <summary>The union; a public source drives <see cref="Unpublished"/> out.</summary>
    public static string[] Union(IEnumerable<string> left, IEnumerable<string> right)
    {
        var ids = new SortedSet<string>(left.Concat(right), StringComparer.Ordinal);
        if (ids.Count > 1)
            ids.Remove(Unpublished);
        return [.. ids];
    }
}
