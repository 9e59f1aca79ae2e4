using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Writing;

/// <summary>The folder data/: finding it, replacing it as a whole, comparing it.</summary>
internal static class DataFolder
{
    /// <summary>The ending of every generated file of rows.</summary>
    public const string Ending = ".json";

    private const string ImageEnding = ".bin";

    private const string SolutionName = "CudaCompat.sln";
    private const string CuratedName = "curated";

    /// <summary>data/ of the repository that the working directory, or else the program, lies in.</summary>
    public static string OfRepository()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, SolutionName)))
                    return Path.Combine(folder.FullName, "data");
            }
        }

        throw new DirectoryNotFoundException($"no folder above holds {SolutionName}; name the data folder.");
    }

    /// <summary>The curated rows: in the data folder itself, else in that of the repository.</summary>
    public static string? CuratedBeside(string folder)
    {
        var own = Path.Combine(folder, CuratedName);
        if (Directory.Exists(own))
            return own;
        try
        {
            var repository = Path.Combine(OfRepository(), CuratedName);
            return Directory.Exists(repository) ? repository : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Puts <paramref name="files"/> in place of all generated files. They are complete on disk before the first old one is touched.</summary>
    public static void Replace(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder);
        var fresh = Path.Combine(folder, ".refresh");
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        try
        {
            foreach (var (name, bytes) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(fresh, name))!);
                File.WriteAllBytes(Path.Combine(fresh, name), bytes);
            }

            foreach (var name in files.Keys)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.Move(Path.Combine(fresh, name), Path.Combine(folder, name), overwrite: true);
            }

            foreach (var name in Generated(folder).Where(n => !files.ContainsKey(n)))
                File.Delete(Path.Combine(folder, name));
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    /// <summary>What differs between the folder and <paramref name="files"/>, one line a file.</summary>
    public static IReadOnlyList<string> Compare(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        var differences = new List<string>();
        foreach (var (name, bytes) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                differences.Add($"{name}: missing");
            else if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
                differences.Add($"{name}: differs");
        }

        differences.AddRange(Generated(folder).Where(n => !files.ContainsKey(n)).Select(n => $"{n}: not made by the sources"));
        return differences;
    }

    private static List<string> Generated(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Where(f => Path.GetExtension(f) is Ending or ImageEnding).Order(StringComparer.Ordinal)]
        : [];
}
