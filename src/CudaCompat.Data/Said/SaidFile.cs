using System.Text.Json;
using System.Text.Json.Nodes;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Said;

/// <summary>
/// A file of what sources say, as rows of the files of data/, with where they were read and when. Most hold one source, and a row that names none is that source's;
/// those below captured/ hold what documents of before the first of these files said, harvested once, and each row names its sources.
/// </summary>
/// <param name="Name">Relative to data/.</param>
/// <param name="Sources">The sources that it brings.</param>
/// <param name="Rows">The rows, each with its subject and its sources.</param>
/// <param name="Live">What a refresh wrote down beside the rows; null for a file of another origin.</param>
internal sealed record SaidFile(string Name, IReadOnlyList<SourceRow> Sources, IReadOnlyList<KeyValuePair<string, JsonElement>> Rows, LiveReading? Live = null)
{
    /// <summary>What sources say, below data/.</summary>
    public const string Folder = "said";

    /// <summary>Facts that people wrote down, below data/: the same shape.</summary>
    public const string CuratedFolder = "curated/facts";

    /// <summary>True for what people wrote down.</summary>
    public bool Decides => Name.Contains(CuratedFolder, StringComparison.Ordinal);

    /// <summary>The name of the file of a live source.</summary>
    public static string NameOf(string source) => $"{Folder}/{source}{DataFolder.Ending}";

    /// <summary>The files of a data folder in the order in which they are taken.</summary>
    /// <param name="dataFolder">data/.</param>
    /// <param name="curated">data/curated/, which a data folder of one's own may lack.</param>
    public static IReadOnlyList<SaidFile> Load(string dataFolder, string? curated) =>
        InOrder(Files(dataFolder, Folder).Concat(Files(curated is null ? dataFolder : Path.GetDirectoryName(curated)!, CuratedFolder)));

    /// <summary>
    /// The order, which is the precedence: what was captured, then each source by the day it was read, so that newer words win, then what people wrote down.
    /// </summary>
    public static IReadOnlyList<SaidFile> InOrder(IEnumerable<SaidFile> files) =>
        [.. files.OrderBy(f => f.Decides).ThenBy(f => f.Decides || f.Sources.Count != 1 ? "" : f.Sources[0].Retrieved ?? "", StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal)];

    /// <summary>Reads one file.</summary>
    /// <param name="name">Relative to data/.</param>
    /// <param name="file">Its bytes.</param>
    /// <exception cref="SourceFormatException">It is not in the shape of such a file; the message says where.</exception>
    public static SaidFile Read(string name, byte[] file)
    {
        try
        {
            var root = JsonDocument.Parse(file).RootElement;
            var isOne = root.TryGetProperty("source", out var one);
            SourceRow[] sources = isOne ? [Source(one)] : root.TryGetProperty("sources", out var several) ? [.. several.EnumerateArray().Select(Source)] : throw new JsonException("it names no source.");
            if (isOne && Path.GetFileNameWithoutExtension(name) != sources[0].Id)
                throw new JsonException($"it holds what '{sources[0].Id}' says, and is named otherwise.");
            if (!root.TryGetProperty("rows", out var subjects))
                throw new JsonException("it has no rows.");
            var own = isOne ? $"{{\"sources\":[{JsonSerializer.Serialize(sources[0].Id, SaidJson.Readable.String)}]," : null;
            return new SaidFile(name, sources, [.. subjects.EnumerateObject().SelectMany(s => s.Value.EnumerateArray().Select(r => KeyValuePair.Create(s.Name, Owned(r, own))))],
                root.TryGetProperty("live", out var live) ? live.Deserialize(SaidJson.Readable.LiveReading) : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new SourceFormatException(name, "file", e.Message, e);
        }
    }

    /// <summary>The file of a live source: a row a line, without naming the one source again.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        stream.Write("{\"source\": "u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(Sources[0], MatrixJson.Readable.SourceRow));
        stream.Write(",\n \"live\": "u8);
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(Live!, SaidJson.Readable.LiveReading));
        stream.Write(",\n \"rows\": {"u8);
        var between = "\n"u8;
        foreach (var subject in Rows.GroupBy(r => r.Key, StringComparer.Ordinal))
        {
            stream.Write(between);
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(subject.Key, SaidJson.Readable.String));
            stream.Write(": ["u8);
            between = "\n"u8;
            foreach (var (_, row) in subject)
            {
                var bare = JsonObject.Create(row)!;
                bare.Remove("sources");
                stream.Write(between);
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(bare, SaidJson.Readable.JsonObject));
                between = ",\n"u8;
            }

            stream.Write("\n]"u8);
        }

        stream.Write("\n}}\n"u8);
        return stream.ToArray();
    }

    private static IEnumerable<SaidFile> Files(string dataFolder, string below)
    {
        var folder = Path.Combine(dataFolder, below);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*" + DataFolder.Ending, SearchOption.AllDirectories)
                .Select(f => Read(Path.GetRelativePath(dataFolder, f).Replace('\\', '/'), File.ReadAllBytes(f)))
            : [];
    }

    private static SourceRow Source(JsonElement node) => node.Deserialize(MatrixJson.Default.SourceRow) ?? throw new JsonException("null is no source.");

    private static JsonElement Owned(JsonElement row, string? own) =>
        row.TryGetProperty("sources", out _) ? row
        : own is null ? throw new JsonException($"{row.GetRawText()} names no source.")
        : JsonDocument.Parse(own + row.GetRawText()[1..]).RootElement;
}
