using CudaCompat.Environments.Requirements;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments.Checks;

/// <summary>Whether the list of packages is whole: two of one name, leftovers, metadata without files and files without metadata.</summary>
internal static class PackageCheck
{
    public static IEnumerable<Finding> Run(EnvironmentReading reading, PipCommand pip)
    {
        foreach (var leftovers in reading.Packages.Leftovers.GroupBy(l => Path.GetFileName(l).Split('-')[0].Split('.')[0], StringComparer.Ordinal))
        {
            var first = leftovers.First();
            yield return new Finding(
                "package-incomplete",
                Severity.Warning,
                Path.GetFileName(first),
                $"{Path.GetFileName(first)} is what an interrupted install or removal left behind ('{leftovers.Key}' stands for a name whose first letter was replaced).",
                [])
            { File = first, Mending = pip.Remove(leftovers) };
        }

        // Distributions put an egg-info without a version beside a dist-info; two that tell versions are two installations.
        foreach (var same in reading.Packages.All.Where(p => p.Version.Length > 0).GroupBy(p => (p.Site, p.Key)).Where(g => g.DistinctBy(p => p.Version).Skip(1).Any()))
            yield return Duplicate(reading, pip, [.. same]);

        foreach (var package in reading.Packages.All.Where(p => p.Metadata is null && !p.Info.EndsWith(".egg-info", StringComparison.Ordinal)))
        {
            var isFamily = package.Key is "torch" or "torchvision" or "torchaudio";
            if (!isFamily && !reading.Closure.ContainsKey(package.Key))
                continue;
            yield return new Finding(
                "package-incomplete",
                isFamily ? Severity.Error : Severity.Warning,
                package.ToString(),
                $"The METADATA of {package} is missing: an install or removal was interrupted. Python finds the modules, and pip and importlib.metadata do not find the package.",
                [])
            { File = package.Info, Mending = pip.Reinstall(package) };
        }

        foreach (var member in reading.Family)
        {
            if (member is { Package: null, Folder: { } folder } && !IsOfConda(reading, member.Key) && !folder.StartsWith("/usr/lib/", StringComparison.Ordinal))
            {
                yield return new Finding(
                    "package-incomplete",
                    Severity.Warning,
                    member.Key,
                    $"The folder of {member} is there and no dist-info beside it: pip does not know of it, and installs over it.",
                    [])
                { File = folder, Mending = pip.Reinstall(member) };
            }

            // Of two dist-infos one is right: that is told as such.
            if (member is { Package: { } package, Inside: { } inside } && reading.Packages.FindAll(member.Key).Select(p => p.Version).Distinct().Count() == 1 && ReleaseVersion.Parse(package.Version) is { } said
                && ReleaseVersion.Parse(inside.Version.ToString()) is { } real && (said.CompareTo(real) != 0 || CudaTag.TryParse(said.Label, out var tag) && CudaTag.TryParse(real.Label, out var inTag) && tag != inTag))
            {
                yield return new Finding(
                    "package-incomplete",
                    Severity.Error,
                    member.Key,
                    $"The metadata says {package}, the files are those of {inside.Version}: an upgrade was interrupted, or files were copied.",
                    [])
                { File = member.VersionFile, Mending = pip.Reinstall(package) };
            }
        }
    }

    private static Finding Duplicate(EnvironmentReading reading, PipCommand pip, InstalledPackage[] same)
    {
        var inside = reading.Family.FirstOrDefault(m => m.Key == same[0].Key)?.Inside?.Version.WithoutLabel.ToString();
        var right = same.FirstOrDefault(p => p.Version.Split('+')[0] == inside) ?? same.OrderByDescending(p => ReleaseVersion.Parse(p.Version)).First();
        var wrong = same.Where(p => p != right).ToArray();
        return new Finding(
            "package-duplicate",
            reading.Closure.ContainsKey(right.Key) ? Severity.Error : Severity.Warning,
            right.Key,
            $"{right.Name} is there twice: {string.Join(" and ", same.Select(p => Path.GetFileName(p.Info)))}. The files are those of {right.Version}; pip and Python take either.",
            [])
        { File = wrong[0].Info, Mending = pip.Remove(wrong.Select(p => p.Info)) };
    }

    private static bool IsOfConda(EnvironmentReading reading, string key)
    {
        var meta = Path.Combine(reading.Layout.Root, "conda-meta");
        return Directory.Exists(meta) && Directory.EnumerateFiles(meta, $"{(key == "torch" ? "*pytorch" : key)}-*.json").Any();
    }
}
