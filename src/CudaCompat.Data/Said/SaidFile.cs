using System.Text.Json;
using System.Text.Json.Nodes;
using CudaCompat.Data.Refresh;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Said;

/// <summary>
/// One file of data/said/: what one source says, as rows of the files of data/, with where it was read and when. A row that names no source is this source's.
/// </summary>
internal sealed class SaidFile
{
    /// <summary>The folder below data/.</summary>
    public const string Folder = "said";

    private SaidFile(string name, SourceRow source, IReadOnlyList<KeyValuePair<string, JsonObject>> rows)
    {
        Name = name;
        Source = source;
        Rows = rows;
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The source.</summary>
    public SourceRow Source { get; }

    /// <summary>The rows, each with its subject.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonObject>> Rows { get; }

    /// <summary>The files of a data folder in the order in which they are taken: by the day they were read, so that newer words win, then by name.</summary>
    public static IReadOnlyList<SaidFile> Load(string dataFolder)
    {
        var folder = Path.Combine(dataFolder, Folder);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Read(Path.GetFileName(f), File.ReadAllBytes(f)))
                .OrderBy(f => f.Source.Retrieved, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Reads one file.</summary>
    /// <exception cref="SourceFormatException">It is not in the shape of such a file.</exception>
    public static SaidFile Read(string name, byte[] file)
    {
        try
        {
            var root = JsonNode.Parse(file) as JsonObject ?? throw new JsonException("not an object.");
            var source = root["source"]?.Deserialize(MatrixJson.Default.SourceRow) ?? throw new JsonException("it names no source.");
            if (name != source.Id + ".json")
                throw new JsonException($"it holds what '{source.Id}' says, and is named otherwise.");
            var subjects = root["rows"] as JsonObject ?? throw new JsonException("it has no rows.");
            return new SaidFile(name, source, [.. subjects.SelectMany(s => s.Value!.AsArray().Select(r => KeyValuePair.Create(s.Key, Own(r!.AsObject(), source.Id))))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new SourceFormatException(Folder + "/" + name, "file", e.Message, e);
        }
    }

    private static JsonObject Own(JsonObject row, string source)
    {
        if (row["sources"] is null)
            row["sources"] = new JsonArray(source);
        return row;
    }
}
