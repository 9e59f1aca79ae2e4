using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>Reads and writes a version type as its JSON string.</summary>
/// <typeparam name="T">The version type.</typeparam>
internal sealed class VersionTextConverter<T> : JsonConverter<T>
    where T : IVersionText<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"expected a string, found {reader.TokenType}.");
        try
        {
            return T.Parse(reader.GetString()!);
        }
        catch (VersionFormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
