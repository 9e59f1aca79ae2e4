using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Diagnosis;

/// <summary>A package with its release, and where it stands.</summary>
/// <param name="Name">Its name as indexes spell it: lower case, hyphens.</param>
/// <param name="Version">Its release; null where the list leaves it open.</param>
/// <param name="Line">The line of the list, from 1; 0 for an environment.</param>
internal sealed record ListedPackage(string Name, PackageVersion? Version, int Line);

/// <summary>Reads what packages an environment has, or a list asks for: requirements.txt, pylock.toml (and other TOML locks), environment.yml. Nothing is run.</summary>
internal static partial class PackageList
{
    private const int MostPackages = 20_000;
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The packages of an environment folder, an interpreter's environment, or a list.</summary>
    /// <exception cref="IOException">There is nothing readable at <paramref name="path"/>.</exception>
    public static IReadOnlyList<ListedPackage> Read(string path)
    {
        if (Directory.Exists(path))
            return OfEnvironment(path);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"there is no '{path}'.");
        if (file.Length > MostBytes)
            throw new IOException($"'{path}' is larger than {MostBytes / 1024 / 1024} MiB.");
        return file.Extension.ToUpperInvariant() switch
        {
            ".TOML" or ".LOCK" => OfLock(File.ReadAllText(path)),
            ".YML" or ".YAML" => OfConda(File.ReadAllText(path)),
            ".TXT" or ".IN" or ".CFG" => OfRequirements(File.ReadAllText(path)),
            _ when file.Directory is { Name: "bin" or "Scripts", Parent: { } prefix } => OfEnvironment(prefix.FullName),
            _ => OfRequirements(File.ReadAllText(path)),
        };
    }

    /// <summary>pip's format: what is pinned with == (or ===); what is not has no version.</summary>
    public static IReadOnlyList<ListedPackage> OfRequirements(string text) => OfLines(text, line =>
    {
        var match = Requirement().Match(line);
        if (!match.Success)
            return null;
        return (match.Groups["name"].Value, match.Groups["v"] is { Success: true } version ? version.Value : null);
    });

    /// <summary>conda's environment.yml: "- pytorch=2.4.0=py3.11_cuda12.4" and the list below "- pip:".</summary>
    public static IReadOnlyList<ListedPackage> OfConda(string text) => OfLines(text, line =>
    {
        var match = CondaEntry().Match(line);
        return match.Success ? (match.Groups["name"].Value, match.Groups["v"] is { Success: true } version ? version.Value : null) : null;
    });

    /// <summary>Locks: the tables [[packages]] (pylock.toml) and [[package]] (uv, poetry) with name and version.</summary>
    public static IReadOnlyList<ListedPackage> OfLock(string text)
    {
        var packages = new List<ListedPackage>();
        string? name = null;
        var number = 0;
        var at = 0;
        foreach (var line in text.Split('\n', 1_000_000))
        {
            number++;
            if (line.StartsWith('['))
            {
                name = null;
                at = line.StartsWith("[[package", StringComparison.Ordinal) ? number : 0;
            }
            else if (at > 0 && LockField().Match(line) is { Success: true } field)
            {
                if (field.Groups["field"].Value == "name")
                    name = field.Groups["value"].Value;
                else if (name is not null)
                    Add(packages, name, field.Groups["value"].Value, at);
            }
        }

        return packages;
    }

    private static List<ListedPackage> OfEnvironment(string folder)
    {
        var packages = new List<ListedPackage>();
        foreach (var site in Sites(folder))
        {
            foreach (var path in Directory.EnumerateDirectories(site, "*.dist-info"))
            {
                if (DistInfo().Match(Path.GetFileName(path)) is { Success: true } info)
                    Add(packages, info.Groups["name"].Value, info.Groups["v"].Value, 0);
            }
        }

        var conda = Path.Combine(folder, "conda-meta");
        foreach (var path in Directory.Exists(conda) ? Directory.EnumerateFiles(conda, "*.json") : [])
        {
            if (CondaFile().Match(Path.GetFileName(path)) is { Success: true } file && !packages.Exists(p => p.Name == Normal(file.Groups["name"].Value)))
                Add(packages, file.Groups["name"].Value, file.Groups["v"].Value, 0);
        }

        return packages.Count > 0 ? packages : throw new IOException($"'{folder}' is no Python environment: it has no site-packages with packages, and no conda-meta.");
    }

    private static IEnumerable<string> Sites(string folder)
    {
        string[] fixedPlaces = [Path.Combine(folder, "Lib", "site-packages"), folder];
        foreach (var place in fixedPlaces.Where(Directory.Exists))
            yield return place;
        var lib = Path.Combine(folder, "lib");
        foreach (var python in Directory.Exists(lib) ? Directory.EnumerateDirectories(lib, "python3*") : [])
        {
            if (Directory.Exists(Path.Combine(python, "site-packages")))
                yield return Path.Combine(python, "site-packages");
        }
    }

    private static List<ListedPackage> OfLines(string text, Func<string, (string Name, string? Version)?> read)
    {
        var packages = new List<ListedPackage>();
        var number = 0;
        foreach (var raw in text.Split('\n', 1_000_000))
        {
            number++;
            if (raw.Length < 1024 && read(raw.TrimEnd('\r')) is { } found)
                Add(packages, found.Name, found.Version, number);
        }

        return packages;
    }

    private static void Add(List<ListedPackage> packages, string name, string? version, int line)
    {
        if (packages.Count < MostPackages)
            packages.Add(new ListedPackage(Normal(name), PackageVersion.TryParse(version, out var parsed) ? parsed : Shorter(version), line));
    }

    // conda and NVIDIA number in four parts and letters; as many numbers as can be read are what an advisory compares.
    private static PackageVersion? Shorter(string? version) =>
        version is not null && Numbers().Match(version) is { Success: true } numbers && PackageVersion.TryParse(numbers.Value, out var parsed) ? parsed : null;

    private static string Normal(string name) => Separators().Replace(name.ToLowerInvariant(), "-");

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?:={2,3}\s*(?<v>[0-9][0-9A-Za-z.+!_-]*))?\s*(?:[<>!~=,;#@\\(].*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Requirement();

    [GeneratedRegex(@"^\s*-\s+[""']?(?:[\w.-]+::)?(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:={1,3}\s*(?<v>[0-9][0-9A-Za-z.+!_-]*))?(?:=[^\s""']*)?\s*(?:[<>!~,;#].*)?[""']?\s*(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CondaEntry();

    [GeneratedRegex(@"^\s*(?<field>name|version)\s*=\s*[""'](?<value>[^""']{1,100})[""']", RegexOptions.CultureInvariant)]
    private static partial Regex LockField();

    [GeneratedRegex(@"^(?<name>.+?)-(?<v>[^-]+)\.dist-info$", RegexOptions.CultureInvariant)]
    private static partial Regex DistInfo();

    [GeneratedRegex(@"^(?<name>.+)-(?<v>[^-]+)-[^-]+\.json$", RegexOptions.CultureInvariant)]
    private static partial Regex CondaFile();

    [GeneratedRegex(@"^\d+(?:\.\d+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex("[-_.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();
}
