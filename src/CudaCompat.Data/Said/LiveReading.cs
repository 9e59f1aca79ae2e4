using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CudaCompat.Data.Live;
using CudaCompat.Data.Merging;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Said;

/// <summary>A document that was read.</summary>
internal sealed record ReadDocument(string Url, string Sha256);

/// <summary>How often something was left out for one reason.</summary>
internal sealed record LeftOut(string Why, int Count);

/// <summary>A row that the source lists no more; it stays in the data.</summary>
/// <param name="LastSeen">The UTC date of the last reading that had it.</param>
internal sealed record GoneRow(string Subject, string Key, string LastSeen);

/// <summary>A field that the source says otherwise than before; what it said before stays.</summary>
internal sealed record Dispute(string Subject, string Key, string Field, string? Kept, string? Stated, string Since);

/// <summary>What a refresh writes down of one source beside its rows.</summary>
/// <param name="Rows">How many rows it gave, without those that it lists no more.</param>
internal sealed record LiveReading(int Rows, IReadOnlyList<LeftOut> Left, IReadOnlyList<GoneRow> Gone, IReadOnlyList<Dispute> Disputed, IReadOnlyList<ReadDocument> Documents)
{
    /// <summary>The file of what a source says now: its rows, and those that it said before and lists no more.</summary>
    public static SaidFile Of(LiveWork work, string date)
    {
        var before = work.Before?.Live;
        var (rows, gone, disputed) = (new List<KeyValuePair<string, JsonElement>>(), new List<GoneRow>(), new List<Dispute>());
        foreach (var set in work.Fresh.Sets)
        {
            var said = work.Said[set.Subject].Json().ToDictionary(r => r.Key, r => r.Row, StringComparer.Ordinal);
            var now = set.Json().ToList();
            foreach (var (key, row) in now)
            {
                if (said.Remove(key, out var earlier))
                    disputed.AddRange(Keep(set.Subject, key, earlier, row, date, before));
                rows.Add(KeyValuePair.Create(set.Subject, Element(row)));
            }

            // In the order of the keys, so that a difference of two versions reads as news.
            rows.AddRange(said.Select(s => KeyValuePair.Create(set.Subject, Element(s.Value))));
            gone.AddRange(said.Keys.Concat(work.Lost.Where(l => l.Subject == set.Subject).Select(l => l.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key =>
                before?.Gone.FirstOrDefault(g => g.Subject == set.Subject && g.Key == key) ?? new GoneRow(set.Subject, key, work.Before?.Sources[0].Retrieved ?? "unknown")));
        }

        ReadDocument[] documents = [.. work.Files.Select(f => new ReadDocument(f.Url, f.Sha256)).DistinctBy(d => d.Url).OrderBy(d => d.Url, StringComparer.Ordinal)];
        var source = new SourceRow(work.Source.Id, work.Source.Title, documents.FirstOrDefault()?.Url, date, documents.Length == 1 ? documents[0].Sha256 : null, work.Source.Reader, "page", null);
        var left = work.Left.Select(l => new LeftOut(l.Key, l.Value)).ToList();
        return new SaidFile(SaidFile.NameOf(work.Source.Id), [source], rows, new LiveReading(work.Fresh.Sets.Sum(s => s.Count), left, gone, disputed, documents));
    }

    private static JsonElement Element(JsonObject row) => JsonSerializer.SerializeToElement(row, SaidJson.Readable.JsonObject);

    // A hash is not corrected by the source that gave it: the first one stays until somebody settles it.
    private static IEnumerable<Dispute> Keep(string subject, string key, JsonObject earlier, JsonObject row, string date, LiveReading? before)
    {
        foreach (var change in RowMerge.Into((JsonObject)earlier.DeepClone(), row).Where(c => c.Kept))
        {
            row[change.Field] = earlier[change.Field]!.DeepClone();
            var known = before?.Disputed.FirstOrDefault(d => d.Subject == subject && d.Key == key && d.Field == change.Field && d.Stated == change.New);
            yield return known ?? new Dispute(subject, key, change.Field, change.Old, change.New, date);
        }
    }
}

/// <summary>The JSON shapes of data/said/.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveReading))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(string))]
internal sealed partial class SaidJson : JsonSerializerContext
{
    private static SaidJson? readable;

    internal static SaidJson Readable => readable ??= new SaidJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
