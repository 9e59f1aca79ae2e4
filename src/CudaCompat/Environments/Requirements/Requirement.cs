using System.Text.RegularExpressions;

namespace CudaCompat.Environments.Requirements;

/// <summary>One requirement of a package (Requires-Dist): name, extras, the versions taken, and the marker that says where it holds.</summary>
internal sealed partial record Requirement(string Name, IReadOnlyList<string> Extras, VersionRange Versions, string? Marker)
{
    /// <summary>The name as packages are compared: lower case, one dash for every run of dashes, dots and underscores.</summary>
    public string Key { get; } = KeyOf(Name);

    /// <summary>The same text for every spelling of a package's name.</summary>
    public static string KeyOf(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    /// <summary>The requirement, or null where the line is none.</summary>
    public static Requirement? Parse(string line)
    {
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        var head = (semicolon < 0 ? line : line[..semicolon]).Trim();
        if (Form().Match(head) is not { Success: true } match)
            return null;
        string[] extras = match.Groups["extras"] is { Success: true } list
            ? list.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
        var versions = match.Groups["rest"].Value.Trim();
        return new Requirement(
            match.Groups["name"].Value,
            extras,
            VersionRange.Parse(versions.StartsWith('@') ? "" : versions), // a requirement by address names no version
            semicolon < 0 ? null : line[(semicolon + 1)..].Trim());
    }

    /// <summary>As pip takes it: sympy&gt;=1.13.3.</summary>
    public override string ToString() => Name + Versions.Text;

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?<rest>.*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("[-_.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();
}
