using System.Text;
using CudaCompat.Detection.Host;
using CudaCompat.Environments.Requirements;

namespace CudaCompat.Environments;

/// <summary>One installed package: its dist-info (or egg-info) and what that says.</summary>
internal sealed record InstalledPackage
{
    /// <summary>The name as its metadata, or else its folder, spells it.</summary>
    public required string Name { get; init; }

    /// <summary>The name as packages are compared.</summary>
    public required string Key { get; init; }

    /// <summary>The version as the metadata, or else the folder, says it.</summary>
    public required string Version { get; init; }

    /// <summary>The dist-info folder (egg-info: folder or file).</summary>
    public required string Info { get; init; }

    /// <summary>The folder of packages that it lies in.</summary>
    public required string Site { get; init; }

    /// <summary>The file that holds the requirements: METADATA; null where it is gone.</summary>
    public string? Metadata { get; init; }

    /// <summary>What it requires, markers not yet judged.</summary>
    public IReadOnlyList<Requirement> Requires { get; init; } = [];

    /// <summary>The list of its files; null where there is none.</summary>
    public string? Record => Path.Combine(Info, "RECORD") is var record && OrdinaryFile.Exists(record) ? record : null;

    /// <summary>What installed it: pip, uv, conda, debian; null where nothing says it.</summary>
    public string? Installer => Path.Combine(Info, "INSTALLER") is var file && File.Exists(file) && File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } name ? name : null;

    /// <summary>torch 2.14.1.</summary>
    public override string ToString() => $"{Name} {Version}";

    /// <summary>The package of a dist-info or egg-info folder; null where its name is none.</summary>
    public static InstalledPackage? Read(string site, string name)
    {
        var info = Path.Combine(site, name);
        var isEgg = name.EndsWith(".egg-info", StringComparison.Ordinal);
        var stem = name[..name.LastIndexOf('.')];
        if (isEgg && EggPython(stem) is var python and > 0)
            stem = stem[..python];
        var dash = stem.IndexOf('-', StringComparison.Ordinal);
        var (ofFolder, version) = dash > 0 ? (stem[..dash], stem[(dash + 1)..]) : (stem, "");
        if (ofFolder.Length == 0 || dash <= 0 && !isEgg)
            return null;
        var package = new InstalledPackage { Name = ofFolder, Key = Requirement.KeyOf(ofFolder), Version = version, Info = info, Site = site };
        var file = isEgg ? OrdinaryFile.Exists(info) ? info : Path.Combine(info, "PKG-INFO") : Path.Combine(info, "METADATA");
        if (!OrdinaryFile.Exists(file))
            return package;
        package = package with { Metadata = file };
        var requires = new List<Requirement>();
        foreach (var line in Headers(file))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || char.IsWhiteSpace(line[0]))
                continue;
            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToLowerInvariant())
            {
                case "name":
                    package = package with { Name = value, Key = Requirement.KeyOf(value) };
                    break;
                case "version":
                    package = package with { Version = value };
                    break;
                case "requires-dist" when Requirement.Parse(value) is { } requirement:
                    requires.Add(requirement);
                    break;
            }
        }

        if (isEgg)
            requires.AddRange(EggRequires(Path.Combine(info, "requires.txt")));
        return package with { Requires = requires };
    }

    // name-1.0-py3.11.egg-info
    private static int EggPython(string stem) => stem.LastIndexOf("-py3", StringComparison.Ordinal);

    // The headers end with the first empty line; the description behind it can be long.
    private static IEnumerable<string> Headers(string file)
    {
        const int MaximumLines = 5000;
        using var reader = new StreamReader(file, Encoding.UTF8);
        for (var lines = 0; lines < MaximumLines && reader.ReadLine() is { Length: > 0 } line; lines++)
            yield return line;
    }

    private static IEnumerable<Requirement> EggRequires(string file)
    {
        if (!OrdinaryFile.Exists(file))
            yield break;
        string? marker = null;
        var isExtra = false;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            if (line.StartsWith('['))
            {
                // [extra:marker]; without an extra the marker alone decides
                var section = line.Trim('[', ']').Split(':', 2);
                isExtra = section[0].Length > 0;
                marker = section.Length == 2 ? section[1] : null;
            }
            else if (!isExtra && Requirement.Parse(marker is null ? line : $"{line}; {marker}") is { } requirement)
            {
                yield return requirement;
            }
        }
    }
}
