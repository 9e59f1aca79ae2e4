using System.Security.Cryptography;
using System.Text;
using CudaCompat.Data.History;
using CudaCompat.Data.Merging.Nvidia;
using CudaCompat.Data.Merging.PyTorch;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Said;

/// <summary>What a build made, all in memory.</summary>
/// <param name="Facts">The rows.</param>
/// <param name="Sources">The sources that they name.</param>
/// <param name="Files">File name to bytes.</param>
/// <param name="DataVersion">The newest date of a source and a short hash over the files.</param>
internal sealed record BuiltData(FactStore Facts, IReadOnlyList<SourceRow> Sources, IReadOnlyDictionary<string, byte[]> Files, string DataVersion);

/// <summary>
/// Makes data/ of what sources say (data/said/), what people wrote down (data/curated/) and what live refreshes learned (data/history/): a pure function of these files.
/// Facts are added and corrected, newer words win, and a hash or date that differs stays as it was.
/// </summary>
internal static class DataBuild
{
    /// <summary>Builds the data of a folder.</summary>
    /// <exception cref="SourceFormatException">A file is not in its shape, or a row names no known source.</exception>
    public static BuiltData Of(string dataFolder)
    {
        var curated = DataFolder.CuratedBeside(dataFolder);
        var facts = new FactStore();
        var sources = new SortedDictionary<string, SourceRow>(StringComparer.Ordinal);
        var sets = facts.Sets.ToDictionary(s => s.Subject, StringComparer.Ordinal);
        foreach (var file in SaidFile.Load(dataFolder, curated))
        {
            foreach (var source in file.Sources)
            {
                if (!sources.TryAdd(source.Id, source))
                    throw new SourceFormatException(file.Name, source.Id, "another file has a source of this id.");
            }

            foreach (var (subject, row) in file.Rows)
            {
                if (!sets.TryGetValue(subject, out var set))
                    throw new SourceFormatException(file.Name, subject, "there is no such file of data.");
                set.Say(row, file.Name);
            }
        }

        var learned = LearnedFacts.Load(dataFolder);
        learned.ApplyTo(facts);
        foreach (var source in learned.Sources.Values)
            sources[source.Id] = source;
        Derive(facts, curated);
        CheckEverySourceIsKnown(sources, facts);
        SourceRow[] rows = [.. sources.Values];
        var (files, version) = Write(facts, rows, curated);
        return new BuiltData(facts, rows, files, version);
    }

    /// <summary>What follows from the other rows alone, made anew.</summary>
    /// <param name="curated">The folder of curated rows, or null.</param>
    public static void Derive(FactStore facts, string? curated)
    {
        ArchListChoice.Settle(facts);
        ToolkitPlatforms.Derive(facts);
        NamedDrivers.Derive(facts);
        facts.DriverCuda.Clear();
        DriverCuda.Derive(facts, OddReports.Load(curated));
    }

    private static void CheckEverySourceIsKnown(SortedDictionary<string, SourceRow> known, FactStore facts)
    {
        foreach (var set in facts.Sets)
        {
            foreach (var id in set.SourceIds())
            {
                if (!known.ContainsKey(id))
                    throw new SourceFormatException(set.Subject + DataFolder.Ending, "sources", $"'{id}' is no source.");
            }
        }
    }

    /// <summary>The files of data/ and their version; with a folder of curated rows, which the install tier needs, also the images of all of it.</summary>
    internal static (SortedDictionary<string, byte[]> Files, string Version) Write(FactStore facts, IReadOnlyCollection<SourceRow> rows, string? curated)
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
