using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Matrix;

/// <summary>data/manifest.json: the version of the data and what it holds.</summary>
/// <param name="DataVersion">The date of the newest source and a short hash of all files: 2026-10-03.1a2b3c4d.</param>
internal sealed record DataManifest(string DataVersion)
{
    /// <summary>Reads the manifest; fields it does not need are passed over.</summary>
    public static DataManifest Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, DataManifestJson.Default.DataManifest) ?? throw new JsonException("null.");
        }
        catch (JsonException e)
        {
            throw new DataFormatException($"manifest.json: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DataManifest))]
internal sealed partial class DataManifestJson : JsonSerializerContext;
