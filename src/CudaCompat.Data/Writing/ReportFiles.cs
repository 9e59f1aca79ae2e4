using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Writing;

/// <summary>A row of data/rejects.json: a row of a source that could not be used.</summary>
/// <param name="Source">The source id.</param>
/// <param name="Place">Where in it.</param>
/// <param name="Key">What the row is about.</param>
/// <param name="Reason">Why it is not used.</param>
internal sealed record RejectRow(string Source, string Place, string Key, string Reason);

/// <summary>A row of data/manifest.json: how many rows a file holds.</summary>
internal sealed record ManifestFile(string File, int Rows);

/// <summary>Writes the files that are about the data: sources.json, rejects.json, manifest.json.</summary>
internal static class ReportFiles
{
    public const string SourcesName = "sources.json";
    public const string RejectsName = "rejects.json";
    public const string ManifestName = "manifest.json";

    /// <summary>data/sources.json.</summary>
    public static byte[] Sources(IEnumerable<SourceRow> rows) => DataFile.Write("sources", rows, MatrixJson.Readable.SourceRow);

    /// <summary>The rejected rows, sorted by source and place in it.</summary>
    public static IReadOnlyList<RejectRow> RejectsOf(IEnumerable<SourceFile> files) =>
    [
        .. files.OrderBy(f => f.Id, StringComparer.Ordinal)
            .SelectMany(f => f.Records)
            .Where(r => r.Rejection is not null)
            .Select(r => new RejectRow(r.File.Id, r.Place, r.Key, r.Rejection!)),
    ];

    /// <summary>The rows of a data/rejects.json; none where there is no file.</summary>
    public static IReadOnlyList<RejectRow> ReadRejects(byte[]? file) => file is null ? [] : DataFile.Read(RejectsName, file, ReportJson.Readable.RejectRow);

    /// <summary>data/rejects.json.</summary>
    public static byte[] Rejects(IEnumerable<RejectRow> rows) => DataFile.Write("rejects", rows, ReportJson.Readable.RejectRow);

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
[JsonSerializable(typeof(RejectRow))]
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
