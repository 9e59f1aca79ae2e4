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
internal sealed class SaidFile
{
    /// <summary>What sources say, below data/.</summary>
    public const string Folder = "said";

    /// <summary>Facts that people wrote down, below data/: the same shape.</summary>
    public const string CuratedFolder = "curated/facts";

    private SaidFile(string name, IReadOnlyList<SourceRow> sources, IReadOnlyList<KeyValuePair<string, JsonObject>> rows)
    {
        Name = name;
        Sources = sources;
        Rows = rows;
    }

    /// <summary>The file's name, relative to data/.</summary>
    public string Name { get; }

    /// <summary>The sources that it brings.</summary>
    public IReadOnlyList<SourceRow> Sources { get; }

    /// <summary>The rows, each with its subject.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonObject>> Rows { get; }

    /// <summary>
    /// The files of a data folder in the order in which they are taken, which is the precedence: what was captured, then each source by the day it was read, so that
    /// newer words win, then what people wrote down.
    /// </summary>
    /// <param name="dataFolder">data/.</param>
    /// <param name="curated">data/curated/, which a data folder of one's own may lack.</param>
    public static IReadOnlyList<SaidFile> Load(string dataFolder, string? curated) =>
    [
        .. Files(dataFolder, Folder).OrderBy(f => f.Sources.Count == 1 ? f.Sources[0].Retrieved ?? "" : "", StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal),
        .. Files(curated is null ? dataFolder : Path.GetDirectoryName(curated)!, CuratedFolder).OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    /// <summary>Reads one file.</summary>
    /// <param name="name">Relative to data/.</param>
    /// <param name="file">Its bytes.</param>
    /// <exception cref="SourceFormatException">It is not in the shape of such a file; the message says where.</exception>
    public static SaidFile Read(string name, byte[] file)
    {
        try
        {
            var root = JsonNode.Parse(file) as JsonObject ?? throw new JsonException("not an object.");
            SourceRow[] sources = root["source"] is { } one ? [Source(one)] : [.. root["sources"]?.AsArray().Select(s => Source(s!)) ?? throw new JsonException("it names no source.")];
            if (root["source"] is not null && Path.GetFileNameWithoutExtension(name) != sources[0].Id)
                throw new JsonException($"it holds what '{sources[0].Id}' says, and is named otherwise.");
            var own = root["source"] is null ? null : sources[0].Id;
            var subjects = root["rows"] as JsonObject ?? throw new JsonException("it has no rows.");
            return new SaidFile(name, sources, [.. subjects.SelectMany(s => s.Value!.AsArray().Select(r => KeyValuePair.Create(s.Key, Owned(r!.AsObject(), own))))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new SourceFormatException(name, "file", e.Message, e);
        }
    }

    private static IEnumerable<SaidFile> Files(string dataFolder, string below)
    {
        var folder = Path.Combine(dataFolder, below);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*" + DataFolder.Ending, SearchOption.AllDirectories)
                .Select(f => Read(Path.GetRelativePath(dataFolder, f).Replace('\\', '/'), File.ReadAllBytes(f)))
            : [];
    }

    private static SourceRow Source(JsonNode node) => node.Deserialize(MatrixJson.Default.SourceRow) ?? throw new JsonException("null is no source.");

    private static JsonObject Owned(JsonObject row, string? source)
    {
        if (row["sources"] is null)
            row["sources"] = new JsonArray(source ?? throw new JsonException($"{row.ToJsonString()} names no source."));
        return row;
    }
}
