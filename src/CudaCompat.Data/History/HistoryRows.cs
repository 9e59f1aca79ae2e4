using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Data.History;

/// <summary>A row of data/history/vanished.json: a fact that its source no longer lists. The row itself stays in the data.</summary>
/// <param name="Subject">The file of data/.</param>
/// <param name="Key">The key of the row.</param>
/// <param name="Source">The live source that listed it.</param>
/// <param name="LastSeen">The UTC date on which it was listed for the last time, as far as known.</param>
internal sealed record VanishedRow(string Subject, string Key, string Source, string LastSeen);

/// <summary>A row of data/history/conflicts.json: a source says otherwise than the data, which keeps what it had.</summary>
internal sealed record ConflictRow(string Subject, string Key, string Field, string? Kept, string? Stated, string Source, string Date);

/// <summary>A row of data/history/checks.json: when a live source was read for the last time, and how much it gave.</summary>
/// <param name="Good">The UTC date of the last good reading.</param>
/// <param name="Documents">How many documents.</param>
/// <param name="Rows">How many facts.</param>
internal sealed record CheckRow(string Source, string Good, int Documents, int Rows);

/// <summary>The JSON shapes of data/history/.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VanishedRow))]
[JsonSerializable(typeof(ConflictRow))]
[JsonSerializable(typeof(CheckRow))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    private static HistoryJson? readable;

    internal static HistoryJson Readable => readable ??= new HistoryJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
