using System.Text.Json.Serialization.Metadata;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.History;

/// <summary>
/// data/history/: what live refreshes learned beyond the captured documents. It is an input: captured documents and history give data/.
/// A file named as one of data/ holds rows to merge into that one; the others say what vanished, what conflicts and when a source was read.
/// </summary>
internal sealed class LearnedFacts
{
    /// <summary>The folder below data/.</summary>
    public const string Folder = "history";

    private const string Vanished = "vanished", Conflicts = "conflicts", Checks = "checks", SourcesName = "sources";

    /// <summary>Rows that were added or corrected, as the source said it.</summary>
    public FactStore Facts { get; private init; } = new();

    /// <summary>The documents that these rows name.</summary>
    public SortedDictionary<string, SourceRow> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What vanished, by subject and key.</summary>
    public SortedDictionary<(string Subject, string Key), VanishedRow> Gone { get; } = [];

    /// <summary>What conflicts.</summary>
    public SortedDictionary<(string Subject, string Key, string Field, string? Stated), ConflictRow> Disputed { get; } = [];

    /// <summary>When each live source was read.</summary>
    public SortedDictionary<string, CheckRow> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads data/history/ of a data folder; empty where there is none.</summary>
    public static LearnedFacts Load(string? dataFolder)
    {
        if (dataFolder is null)
            return new LearnedFacts();
        var folder = Path.Combine(dataFolder, Folder);
        var learned = new LearnedFacts { Facts = FactStore.Load(folder) };
        Each(folder, SourcesName, MatrixJson.Readable.SourceRow, r => learned.Sources.Add(r.Id, r));
        Each(folder, Vanished, HistoryJson.Readable.VanishedRow, r => learned.Gone.Add((r.Subject, r.Key), r));
        Each(folder, Conflicts, HistoryJson.Readable.ConflictRow, r => learned.Disputed.Add((r.Subject, r.Key, r.Field, r.Stated), r));
        Each(folder, Checks, HistoryJson.Readable.CheckRow, r => learned.Read.Add(r.Source, r));
        return learned;
    }

    /// <summary>Merges the learned rows into facts that captured documents gave.</summary>
    public void ApplyTo(FactStore facts)
    {
        foreach (var set in Facts.Sets)
            facts[set.Subject].Merge(set);
        ArchListChoice.Settle(facts);
    }

    /// <summary>The files, named relative to the data folder.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> ToFiles()
    {
        foreach (var set in Facts.Sets.Where(s => s.Count > 0))
            yield return File(set.Subject, set.ToBytes());
        if (Sources.Count > 0)
            yield return File(SourcesName, DataFile.Write(SourcesName, Sources.Values, MatrixJson.Readable.SourceRow));
        if (Gone.Count > 0)
            yield return File(Vanished, DataFile.Write(Vanished, Gone.Values, HistoryJson.Readable.VanishedRow));
        if (Disputed.Count > 0)
            yield return File(Conflicts, DataFile.Write(Conflicts, Disputed.Values, HistoryJson.Readable.ConflictRow));
        if (Read.Count > 0)
            yield return File(Checks, DataFile.Write(Checks, Read.Values, HistoryJson.Readable.CheckRow));
    }

    private static KeyValuePair<string, byte[]> File(string subject, byte[] bytes) => new(Folder + "/" + subject + DataFolder.Ending, bytes);

    private static void Each<T>(string folder, string subject, JsonTypeInfo<T> json, Action<T> take)
    {
        var path = Path.Combine(folder, subject + DataFolder.Ending);
        if (System.IO.File.Exists(path))
            DataFile.Read(Folder + "/" + subject, System.IO.File.ReadAllBytes(path), json).ForEach(take);
    }
}
