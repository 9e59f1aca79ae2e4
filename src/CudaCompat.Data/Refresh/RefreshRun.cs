using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CudaCompat.Data.Writing;
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
    public static RefreshResult From(string from, string? curated)
    {
        var result = From(new SourceFolder(from, curated), Subjects.All);
        if (curated is null)
            return result;
        var files = new SortedDictionary<string, byte[]>(result.Files.ToDictionary(f => f.Key, f => f.Value), StringComparer.Ordinal);
        var home = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(curated))!;
        foreach (var (name, bytes) in ImageFiles.Of(name => result.Files.GetValueOrDefault(name) ?? ImageFiles.Read(home, name)))
            files.Add(name, bytes);
        return result with { Files = files };
    }

    internal static RefreshResult From(SourceFolder sources, IReadOnlyList<ISubject> subjects)
    {
        var facts = new FactStore();
        foreach (var subject in subjects)
            Read(subject, sources, facts);
        CheckEveryRowIsAccountedFor(sources);
        CheckEverySourceIsKnown(sources, facts);
        return Write(sources, facts);
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

    private static void CheckEverySourceIsKnown(SourceFolder sources, FactStore facts)
    {
        var known = sources.Rows.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var set in facts.Sets)
        {
            foreach (var id in set.SourceIds())
            {
                if (!known.Contains(id))
                    throw new SourceFormatException(set.Subject + DataFolder.Ending, "sources", $"'{id}' is no source.");
            }
        }
    }

    private static RefreshResult Write(SourceFolder sources, FactStore facts)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var set in facts.Sets.Where(s => s.Count > 0))
        {
            files.Add(set.Subject + DataFolder.Ending, set.ToBytes());
            counts.Add(set.Subject + DataFolder.Ending, set.Count);
        }

        var rows = sources.Rows.ToList();
        files.Add(ReportFiles.SourcesName, ReportFiles.Sources(rows));
        counts.Add(ReportFiles.SourcesName, rows.Count);
        var rejects = ReportFiles.RejectsOf(sources.Opened);
        files.Add(ReportFiles.RejectsName, ReportFiles.Rejects(rejects));
        counts.Add(ReportFiles.RejectsName, rejects.Count);

        var newest = rows.Select(r => r.Retrieved).Where(d => d is not null).Max(StringComparer.Ordinal) ?? "undated";
        var version = $"{newest}+{HashOf(files)[..8]}";
        files.Add(ReportFiles.ManifestName, ReportFiles.Manifest(version, newest, counts));
        return new RefreshResult(files, version, [.. sources.Opened.OrderBy(f => f.Path, StringComparer.Ordinal)]);
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
