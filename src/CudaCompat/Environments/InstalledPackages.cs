using CudaCompat.Environments.Requirements;

namespace CudaCompat.Environments;

/// <summary>The packages of an environment and what lies beside them.</summary>
internal sealed class InstalledPackages
{
    private readonly ILookup<string, InstalledPackage> _byKey;

    private InstalledPackages(List<InstalledPackage> all, List<string> leftovers)
    {
        All = all;
        Leftovers = leftovers;
        _byKey = all.ToLookup(p => p.Key, StringComparer.Ordinal);
    }

    /// <summary>Every package, in the order in which Python finds them.</summary>
    public IReadOnlyList<InstalledPackage> All { get; }

    /// <summary>Folders that an interrupted install or removal left behind: ~orch-2.12.0.dist-info, ~orch.</summary>
    public IReadOnlyList<string> Leftovers { get; }

    /// <summary>The package that Python finds by this name; null where there is none.</summary>
    public InstalledPackage? Find(string key) => _byKey[key].FirstOrDefault();

    /// <summary>Every package of this name.</summary>
    public IEnumerable<InstalledPackage> FindAll(string key) => _byKey[key];

    public static InstalledPackages Read(IReadOnlyList<string> sites)
    {
        var all = new List<InstalledPackage>();
        var leftovers = new List<string>();
        foreach (var site in sites)
        {
            foreach (var name in Names(site))
            {
                if (name.StartsWith('~'))
                    leftovers.Add(Path.Combine(site, name));
                else if ((name.EndsWith(".dist-info", StringComparison.Ordinal) || name.EndsWith(".egg-info", StringComparison.Ordinal)) && InstalledPackage.Read(site, name) is { } package)
                    all.Add(package);
            }
        }

        return new InstalledPackages(all, leftovers);
    }

    /// <summary>Folders that .pth files of the sites add to the search (development installs).</summary>
    public static IEnumerable<string> AddedBy(IReadOnlyList<string> sites)
    {
        foreach (var site in sites)
        {
            foreach (var file in Directory.EnumerateFiles(site, "*.pth").Order(StringComparer.Ordinal))
            {
                foreach (var line in Lines(file).Take(1000))
                {
                    if (line.Length > 0 && line[0] is not ('#' or ' ') && !line.StartsWith("import", StringComparison.Ordinal) && line.Length < 1024
                        && Path.Combine(site, line.Trim()) is var added && Directory.Exists(added))
                        yield return added;
                }
            }
        }
    }

    private static string[] Names(string site)
    {
        try
        {
            var names = Directory.EnumerateFileSystemEntries(site).Select(e => Path.GetFileName(e)!).ToArray();
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.ReadLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
