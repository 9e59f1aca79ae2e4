using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CudaCompat.Matrix;

/// <summary>
/// The shape of every file in data/: an object with the subject and its rows, one row a line, so that a diff reads as news.
/// </summary>
internal static class DataFile
{
    /// <summary>Reads all rows of a data file.</summary>
    /// <exception cref="DataFormatException">The text is not such a file; the message names file, row and field.</exception>
    public static List<T> Read<T>(string name, ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type)
    {
        var rows = new List<T>();
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            Expect(ref reader, name, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("rows"u8))
                {
                    Expect(ref reader, name, JsonTokenType.StartArray);
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                        rows.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null is not a row."));
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new DataFormatException($"{name}, row {rows.Count + 1}: {e.Message}", e);
        }

        return rows;
    }

    /// <summary>Writes rows in the order given; the same rows give the same bytes.</summary>
    public static byte[] Write<T>(string subject, IEnumerable<T> rows, JsonTypeInfo<T> type)
    {
        using var stream = new MemoryStream();
        stream.Write("{\"subject\": "u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(subject, DataFileJson.Default.String));
        stream.Write(", \"rows\": ["u8);
        var first = true;
        foreach (var row in rows)
        {
            stream.Write(first ? "\n"u8 : ",\n"u8);
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(row, type));
            first = false;
        }

        stream.Write("\n]}\n"u8);
        return stream.ToArray();
    }

    private static void Expect(ref Utf8JsonReader reader, string name, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
            throw new DataFormatException($"{name}: expected {token} at byte {reader.BytesConsumed}.");
    }
}

/// <summary>Plain strings for <see cref="DataFile"/>.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class DataFileJson : System.Text.Json.Serialization.JsonSerializerContext;
