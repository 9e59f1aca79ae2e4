using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Merging;

/// <summary>What a merge did to one field of a row.</summary>
/// <param name="Field">As in the JSON.</param>
/// <param name="Old">Before, null where there was nothing.</param>
/// <param name="New">What the source says.</param>
/// <param name="Kept">True where the old value stays: a conflict, for people to decide.</param>
internal sealed record FieldChange(string Field, string? Old, string? New, bool Kept);

/// <summary>
/// Puts what a source says now into a row that is known. Facts are added and corrected, never taken away: what the source leaves out stays,
/// lists of names grow, links count as equal when the file name is, and a hash that is not the known one never replaces it. What people wrote down decides all of these.
/// </summary>
internal static class RowMerge
{
    // Words about a fact, not the fact: a source that only words it otherwise tells no news.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "sources", "evidence", "note", "label" };
    private static readonly HashSet<string> Growing = new(StringComparer.Ordinal) { "pythons", "platforms" };
    private static readonly string[] HowKnown = ["listed", "stated", "inferred"];
    private static readonly string[] Released = ["ga", "update"], Unreleased = ["preview", "rc"];
    private static readonly CompareInfo Names = CultureInfo.InvariantCulture.CompareInfo;

    /// <summary>Merges <paramref name="fresh"/> into <paramref name="row"/>; without a change the row is left as it is.</summary>
    /// <param name="decides">True for what people wrote down: it replaces whatever it names.</param>
    public static IReadOnlyList<FieldChange> Into(JsonObject row, JsonObject fresh, bool decides = false)
    {
        var changes = new List<FieldChange>();
        // Whether the file names of a build carry its tag is true of the directory that the row names.
        var isElsewhere = row["index"] is not null && fresh["index"]?.ToString() != row["index"]!.ToString();
        foreach (var (field, value) in fresh)
        {
            if (value is null || IsWord(field, value) || (field == "label" && isElsewhere))
                continue;
            if ((decides ? Decided(field, row[field], value) : Change(field, row[field], value)) is not { } change)
                continue;
            changes.Add(change.Said);
            if (!change.Said.Kept)
                row[field] = change.Value;
        }

        if (changes.Any(c => !c.Kept))
            Words.Where(w => fresh[w] is { } word && IsWord(w, word)).ToList().ForEach(w => TakeWord(row, fresh, w));
        return changes;
    }

    /// <summary>True for a field that says something about the row's fact, not the fact itself.</summary>
    public static bool IsWord(string field, JsonNode? value) => Words.Contains(field) && value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False);

    private static (FieldChange Said, JsonNode Value)? Decided(string field, JsonNode? old, JsonNode value) =>
        JsonNode.DeepEquals(old, value) ? null : (new FieldChange(field, old is null ? null : Text(old), Text(value), Kept: false), value.DeepClone());

    private static void TakeWord(JsonObject row, JsonObject fresh, string word)
    {
        if (word == "sources")
            row[word] = Array(SourceIds.Union(Texts(row[word]), Texts(fresh[word])));
        else if (row[word] is null && fresh[word] is not null)
            row[word] = fresh[word]!.DeepClone();
    }

    private static (FieldChange Said, JsonNode Value)? Change(string field, JsonNode? old, JsonNode value)
    {
        if (old is null)
            return (new FieldChange(field, null, Text(value), Kept: false), value.DeepClone());
        if (JsonNode.DeepEquals(old, value))
            return null;
        var said = new FieldChange(field, Text(old), Text(value), Kept: false);
        switch (field)
        {
            case "url" when FileName(said.Old!) == FileName(said.New!):
            case "known" or "pythonsKnown" when System.Array.IndexOf(HowKnown, said.New) >= System.Array.IndexOf(HowKnown, said.Old):
            case "date" when said.Old!.StartsWith(said.New!, StringComparison.Ordinal):
                return null;
            case "date" when said.New!.StartsWith(said.Old!, StringComparison.Ordinal):
                return (said, value.DeepClone());
            case "checksum" when old["kind"]?.ToString() == "md5" && value["kind"]?.ToString() == "sha256":
                return (said, value.DeepClone());
            case "checksum" when old["kind"]?.ToString() != value["kind"]?.ToString():
            case "dateFrom" or "index":
            case "default" when said.Old == "true":
            // A manifest does not tell a preview from a release; the archive does.
            case "kind" when Unreleased.Contains(said.Old!) && Released.Contains(said.New!):
                return null;
            // A list that only got shorter is a cell that was cut as likely as a correction.
            case "capabilities" when Texts(value).All(Texts(old).Contains):
                return (said with { Kept = true }, value);
            case "checksum" or "sha256" or "date" or "size":
                return (said with { Kept = true }, value);
            default:
                if (!Growing.Contains(field))
                    return (said, value.DeepClone());
                var all = Texts(old).Union(Texts(value)).Order(Comparer<string>.Create((a, b) => Names.Compare(a, b, CompareOptions.NumericOrdering))).ToList();
                return all.Count == Texts(old).Count ? null : (said with { New = string.Join(' ', all) }, Array(all));
        }
    }

    private static List<string> Texts(JsonNode? node) => node is JsonArray array ? [.. array.Select(n => n!.ToString())] : [];

    private static JsonArray Array(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];

    /// <summary>A field as reports write it.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(node))]
    public static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonArray array => string.Join(' ', array),
        JsonObject o => string.Join(' ', o.Select(p => p.Value)),
        _ => node.ToString(),
    };

    private static string FileName(string url) => url[(url.LastIndexOf('/') + 1)..].Split('#')[0].Replace("%2B", "+", StringComparison.OrdinalIgnoreCase);
}
