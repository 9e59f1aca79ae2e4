using System.Text.RegularExpressions;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Refresh;

/// <summary>
/// Turns the evidence column of a harvested table into source ids. A document that is captured gives its own id; an evidence
/// that is only the number of a stored file becomes <see cref="Unpublished"/>, which never overrules a public address.
/// </summary>
internal static partial class Evidence
{
    /// <summary>The source id of facts that were read in a stored file whose public address is not known.</summary>
    public const string Unpublished = "unpublished-capture";

    /// <summary>The source ids of a row: the table itself and the captured documents that its evidence names, or <see cref="Unpublished"/>.</summary>
    public static string[] Sources(SourceFolder sources, SourceRecord row, string? evidence)
    {
        if (IsUnpublished(evidence))
        {
            sources.Name(Row);
            return [Unpublished];
        }

        var ids = new SortedSet<string>(StringComparer.Ordinal) { row.File.Id };
        var top = row.File.Path[..(row.File.Path.IndexOf('/', StringComparison.Ordinal) + 1)];
        foreach (Match match in CapturedDocument().Matches(evidence ?? ""))
        {
            // Curated rows name a captured document with its folder: nvidia/docs/cuda-gpus.txt.
            if ((sources.Mention(match.Value) ?? sources.Mention(top + match.Value)) is { } id)
                ids.Add(id);
        }

        return [.. ids];
    }

    /// <summary>True where no public address and no captured document stands in the evidence.</summary>
    public static bool IsUnpublished(string? evidence) =>
        evidence is not null && !PublicAddress().IsMatch(evidence) && !CapturedDocument().IsMatch(evidence);

    /// <summary>The evidence as the data keeps it: for an unpublished one, a sentence on what was read and when.</summary>
    public static string? Text(string? evidence) => evidence is null || !IsUnpublished(evidence)
        ? evidence
        : $"Read on {ReadOn} in a stored copy whose public address is not known: {evidence}.";

    /// <summary>Whether a row rests on a public address.</summary>
    public static bool IsPublic(IEnumerable<string> sources) => !sources.Contains(Unpublished);

    /// <summary>The union of source ids; a public source drives <see cref="Unpublished"/> out.</summary>
    public static string[] Union(IEnumerable<string> left, IEnumerable<string> right)
    {
        var ids = new SortedSet<string>(left.Concat(right), StringComparer.Ordinal);
        if (ids.Count > 1)
            ids.Remove(Unpublished);
        return [.. ids];
    }

    private const string ReadOn = "2026-11-23";

    private static SourceRow Row { get; } = new(Unpublished, "stored files without a known public address", null, ReadOn, null, nameof(Evidence), Unpublished,
        "Each row says in its evidence what was read. Such a fact never overrules one with a public address.");

    [GeneratedRegex(@"(?:https?://|\bgithub\b|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|io|net|dev|info)\b|\b[\w.-]+/[\w.-]+:[\w./-]+|\b[A-Za-z0-9-]{3,}/[A-Za-z][\w-]{2,}\b|\bPR \d+)", RegexOptions.CultureInvariant)]
    private static partial Regex PublicAddress();

    [GeneratedRegex(@"\b(?:(?:[\w.*-]+/)+[\w.*-]+\.(?:txt|json|md|html|jsonl|10de|mdx|tsv)|[\w-]+\.tsv)\b", RegexOptions.CultureInvariant)]
    private static partial Regex CapturedDocument();
}
