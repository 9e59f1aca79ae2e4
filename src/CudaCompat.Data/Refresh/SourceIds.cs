namespace CudaCompat.Data.Refresh;

/// <summary>The ids of the sources of a row.</summary>
internal static class SourceIds
{
    /// <summary>The source id of facts that were read in a stored file whose public address is not known.</summary>
    public const string Unpublished = "unpublished-capture";

    /// <summary>The union; a public source drives <see cref="Unpublished"/> out.</summary>
    public static string[] Union(IEnumerable<string> left, IEnumerable<string> right)
    {
        var ids = new SortedSet<string>(left.Concat(right), StringComparer.Ordinal);
        if (ids.Count > 1)
            ids.Remove(Unpublished);
        return [.. ids];
    }
}
