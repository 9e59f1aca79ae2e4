using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Resolution;

namespace CudaCompat.Planning;

/// <summary>Writes of a request only what it asks for: nearly every field of nearly every request is null.</summary>
internal sealed class PlanRequestConverter : JsonConverter<PlanRequest>
{
    public override PlanRequest? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, PlanRequestJson.Default.PlanRequest);
        }
        catch (JsonException e)
        {
            // The inner reader counts its path from the request.
            throw new JsonException(e.Message, $"$.request{e.Path?.TrimStart('$')}", e.LineNumber, e.BytePositionInLine, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, PlanRequest value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, PlanRequestJson.Default.PlanRequest);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PlanRequest))]
internal sealed partial class PlanRequestJson : JsonSerializerContext;
