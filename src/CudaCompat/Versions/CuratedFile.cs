using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CudaCompat.Versions;

/// <summary>The shape of a file of data/curated: its subject and one row a line.</summary>
internal sealed record CuratedFile<T>(string Subject, IReadOnlyList<T> Rows);

/// <summary>Reads the files of data/curated that are embedded in the library.</summary>
internal static class CuratedFile
{
    /// <summary>The rows of a file.</summary>
    /// <param name="name">Its name without the folder: causes.json.</param>
    /// <param name="type">Its shape.</param>
    public static IReadOnlyList<T> Read<T>(string name, JsonTypeInfo<CuratedFile<T>> type)
    {
        using var stream = typeof(CuratedFile).Assembly.GetManifestResourceStream("data/curated/" + name)
            ?? throw new InvalidOperationException($"the library was built without {name}.");
        return JsonSerializer.Deserialize(stream, type)!.Rows;
    }
}
