using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CudaCompat.Data.History;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Refresh;

/// <summary>What a refresh made, all in memory.</summary>
/// <param name="Files">File name to bytes.</param>
/// <param name="DataVersion">The newest date of a source and a short hash over the files.</param>
/// <param name="Sources">The documents read, with their rows.</param>
internal sealed record RefreshResult(IReadOnlyDictionary<string, byte[]> Files, string DataVersion, IReadOnlyList<SourceFile> Sources);

/// <summary>Reads every source through every subject. Nothing is written here: the result is complete, or there is an error.</summary>
internal static class RefreshRun
{
    /// <summary>Reads the sources below <paramref name="from"/> and the curated rows below <paramref name="curated"/>.</summary>
    /// <exception cref="SourceFormatException">A source is not what its parser knows.</exception>
    public static RefreshResult From(string from, string? curated, LearnedFacts? learned = null) => From(new SourceFolder(from, curated), Subjects.All, learned, curated);

    internal static RefreshResult From(SourceFolder sources, IReadOnlyList<ISubject> subjects, LearnedFacts? learned = null, string? curated = null)
    {
        var facts = new FactStore();
        foreach (var subject in subjects)
            Read(subject, sources, facts);
        CheckEveryRowIsAccountedFor(sources);
        learned?.ApplyTo(facts);
        foreach (var row in learned?.Sources.Values ?? Enumerable.Empty<SourceRow>())
            sources.Name(row);
        var rows = sources.Rows.ToList();
        CheckEverySourceIsKnown(rows, facts);
        var (files, version) = Write(facts, rows, ReportFiles.RejectsOf(sources.Opened), curated);
        return new RefreshResult(files, version, [.. sources.Opened.OrderBy(f => f.Path, StringComparer.Ordinal)]);
    }

    private static void Read(ISubject subject, SourceFolder sources, FactStore facts)
    {
        try
        {
            subject.Read(sources, facts);
        }
        catch (Exception e) when (e is VersionFormatException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new SourceFormatException(subject.Name, sources.Opened.LastOrDefault()?.Path ?? "start", e.Message, e);
        }
    }

    private static void CheckEveryRowIsAccountedFor(SourceFolder sources)
    {
        foreach (var record in sources.Opened.SelectMany(f => f.Records))
        {
            if (!record.IsUsed && record.Rejection is null)
                throw record.Error($"row '{record.Key}' was neither used nor rejected.");
        }
    }

    private static void CheckEverySourceIsKnown(IEnumerable<SourceRow> rows, FactStore facts)
    {
        var known = rows.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var set in facts.Sets)
        {
            foreach (var id in set.SourceIds())
            {
                if (!known.Contains(id))
                    throw new SourceFormatException(set.Subject + DataFolder.Ending, "sources", $"'{id}' is no source.");
            }
        }
    }

    /// <summary>The files of data/ and their version; with a folder of curated rows, which the install tier needs, also the images of all of it.</summary>
    internal static (SortedDictionary<string, byte[]> Files, string Version) Write(FactStore facts, IReadOnlyCollection<SourceRow> rows, IReadOnlyCollection<RejectRow> rejects, string? curated)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var set in facts.Sets.Where(s => s.Count > 0))
        {
            files.Add(set.Subject + DataFolder.Ending, set.ToBytes());
            counts.Add(set.Subject + DataFolder.Ending, set.Count);
        }

        files.Add(ReportFiles.SourcesName, ReportFiles.Sources(rows));
        counts.Add(ReportFiles.SourcesName, rows.Count);
        files.Add(ReportFiles.RejectsName, ReportFiles.Rejects(rejects));
        counts.Add(ReportFiles.RejectsName, rejects.Count);

        var newest = rows.Select(r => r.Retrieved).Where(d => d is not null).Max(StringComparer.Ordinal) ?? "undated";
        var version = $"{newest}+{HashOf(files)[..8]}";
        files.Add(ReportFiles.ManifestName, ReportFiles.Manifest(version, newest, counts));
        if (curated is not null)
        {
            var home = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(curated)))!;
            foreach (var (name, bytes) in ImageFiles.Of(name => files.GetValueOrDefault(name) ?? ImageFiles.Read(home, name)).ToArray())
                files.Add(name, bytes);
        }

        return (files, version);
    }

    private static string HashOf(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(bytes));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
