using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Writing;

/// <summary>A row of data/manifest.json: how many rows a file holds.</summary>
internal sealed record ManifestFile(string File, int Rows);

/// <summary>Writes the files that are about the data: sources.json and manifest.json.</summary>
internal static class ReportFiles
{
    public const string SourcesName = "sources.json";
    public const string ManifestName = "manifest.json";

    /// <summary>data/sources.json.</summary>
    public static byte[] Sources(IEnumerable<SourceRow> rows) => DataFile.Write("sources", rows, MatrixJson.Readable.SourceRow);

    /// <summary>data/manifest.json: the version of the data, the newest date of a source, and the rows of each file.</summary>
    public static byte[] Manifest(string version, string newest, IReadOnlyDictionary<string, int> counts)
    {
        using var stream = new MemoryStream();
        stream.Write("{\"subject\": \"manifest\", \"dataVersion\": "u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(version, ReportJson.Readable.String));
        stream.Write(", \"newest\": "u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(newest, ReportJson.Readable.String));
        stream.Write(", \"rows\": ["u8);
        var separator = "\n"u8;
        foreach (var (file, rows) in counts)
        {
            stream.Write(separator);
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(new ManifestFile(file, rows), ReportJson.Readable.ManifestFile));
            separator = ",\n"u8;
        }

        stream.Write("\n]}\n"u8);
        return stream.ToArray();
    }
}

/// <summary>The JSON shapes of the files about the data.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ManifestFile))]
[JsonSerializable(typeof(string))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    private static ReportJson? readable;

    internal static ReportJson Readable => readable ??= new ReportJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
