using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>Toolkit names as NVIDIA prints them: "12.8 Update 1", "11.0.3 Update 1", "9.2 (9.2.148 Update 1)", "10.2.89", "13.2 GA".</summary>
internal static partial class ToolkitLabel
{
    /// <summary>
    /// The release a label means, or null where it names none. "X.Y Update n" is X.Y.n and "X.Y GA" is X.Y.0: true from 11.1 to 13.3.
    /// Elsewhere the number is printed, and a printed number wins.
    /// </summary>
    public static CudaVersion? Release(string label)
    {
        if (Full().Matches(label).LastOrDefault() is { } full && CudaVersion.TryParse(full.Value, out var printed))
            return printed;
        var match = Named().Match(label);
        if (!match.Success)
            return null;
        var update = match.Groups["update"] is { Success: true } n ? int.Parse(n.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var minor = CudaVersion.Parse(match.Groups["minor"].Value);
        return new CudaVersion(minor.Major, minor.Minor, update);
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Full();

    [GeneratedRegex(@"^(?<minor>\d+\.\d+) (?:GA|Update (?<update>\d+))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
