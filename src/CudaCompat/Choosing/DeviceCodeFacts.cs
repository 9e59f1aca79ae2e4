using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Choosing;

/// <summary>From which CUDA on drivers read a packing of device code; a row of data/curated/device-code.json.</summary>
/// <param name="Compression">none, lz4, zstd.</param>
/// <param name="Cuda">The first CUDA whose driver reads it.</param>
/// <param name="Sources">Who says so.</param>
internal sealed record CompressionRow(string Compression, CudaVersion Cuda, IReadOnlyList<string> Sources);

/// <summary>What is known of the packing of device code.</summary>
internal static class DeviceCodeFacts
{
    private const string File = "data/curated/device-code.json";

    private static readonly Lazy<IReadOnlyList<CompressionRow>> Rows = new(() =>
    {
        using var stream = typeof(DeviceCodeFacts).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"the library was built without {File}.");
        return JsonSerializer.Deserialize(stream, DeviceCodeJson.Default.CompressionFile)!.Rows;
    });

    /// <summary>The row of a packing; null where every driver reads it.</summary>
    public static CompressionRow? FirstCudaOf(string compression)
    {
        foreach (var row in Rows.Value)
        {
            if (row.Compression == compression)
                return row;
        }

        return null;
    }
}

/// <summary>The shape of the file.</summary>
internal sealed record CompressionFile(string Subject, IReadOnlyList<CompressionRow> Rows);

/// <summary>The JSON shape, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CompressionFile))]
internal sealed partial class DeviceCodeJson : JsonSerializerContext;
