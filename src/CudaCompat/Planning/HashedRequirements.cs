namespace CudaCompat.Planning;

/// <summary>The requirements of a step with the hashes that the data has of their files.</summary>
internal static class HashedRequirements
{
    /// <summary>A line a package for a requirements file, to be installed without what the packages need, of which no hash is known; null where one of them has none.</summary>
    public static IReadOnlyList<string>? Of(TorchStep step)
    {
        var lines = step.Requirements.Select(r => Line(r, step.Files)).ToArray();
        return lines.Length > 0 && lines.All(l => l is not null) ? [.. lines.OfType<string>()] : null;
    }

    private static string? Line(string requirement, IReadOnlyList<PackageFile> files)
    {
        // name==version; a wheel begins with both, with _ where the name has another sign.
        if (requirement.Split("==") is not [var name, var version])
            return null;
        var start = $"{name.Replace('-', '_').Replace('.', '_')}-{version}-";
        var hashes = files.Where(f => f.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase) && f.Sha256 is { Length: 64 })
            .Select(f => f.Sha256!.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToArray();
        return hashes.Length > 0 ? $"{requirement} {string.Join(' ', hashes.Select(h => "--hash=sha256:" + h))}" : null;
    }
}
