using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CudaCompat.Environments.Requirements;

/// <summary>
/// Any version of a Python package in the order of PEP 440, with epoch, any number of parts, pre-, post- and development releases and a local label.
/// <see cref="Versions.PackageVersion"/> is stricter: it knows the forms of PyTorch's packages alone.
/// </summary>
internal sealed partial class ReleaseVersion : IComparable<ReleaseVersion>
{
    private readonly string _text;
    private readonly int _epoch;
    private readonly BigInteger[] _release;
    private readonly (int Phase, int Number) _pre; // a 0, b 1, rc 2, none 3; a development release of a final one comes before all of them
    private readonly int _post; // -1 where there is none
    private readonly int _dev; // int.MaxValue where there is none

    private ReleaseVersion(string text, Match match)
    {
        _text = text;
        _epoch = Number(match, "epoch") ?? 0;
        _release = [.. match.Groups["release"].Value.Split('.').Select(p => BigInteger.Parse(p, CultureInfo.InvariantCulture))];
        _dev = match.Groups["dev"].Success ? Number(match, "devn") ?? 0 : int.MaxValue;
        _post = match.Groups["post"].Success ? Number(match, "postn") ?? Number(match, "postm") ?? 0 : -1;
        _pre = match.Groups["pre"].Value.ToLowerInvariant() switch
        {
            "a" or "alpha" => (0, Number(match, "pren") ?? 0),
            "b" or "beta" => (1, Number(match, "pren") ?? 0),
            "c" or "rc" or "pre" or "preview" => (2, Number(match, "pren") ?? 0),
            _ => _dev != int.MaxValue && _post < 0 ? (-1, 0) : (3, 0),
        };
        Label = match.Groups["local"] is { Success: true } local ? local.Value.ToLowerInvariant() : null;
    }

    /// <summary>The local label without its plus sign, or null.</summary>
    public string? Label { get; }

    public bool IsPrerelease => _pre.Phase is >= 0 and < 3 || _dev != int.MaxValue;

    /// <summary>The version, or null where the text is none.</summary>
    public static ReleaseVersion? Parse(string? text) =>
        text is { Length: > 0 and <= 128 } && Form().Match(text) is { Success: true } match ? new ReleaseVersion(text.Trim(), match) : null;

    /// <summary>The order without local labels.</summary>
    public int CompareTo(ReleaseVersion? other)
    {
        if (other is null)
            return 1;
        if (_epoch != other._epoch)
            return _epoch.CompareTo(other._epoch);
        for (var i = 0; i < Math.Max(_release.Length, other._release.Length); i++)
        {
            if (Part(i).CompareTo(other.Part(i)) is var order and not 0)
                return order;
        }

        return (_pre, _post, _dev).CompareTo((other._pre, other._post, other._dev));
    }

    /// <summary>True where the first <paramref name="parts"/> numbers are those of <paramref name="other"/>.</summary>
    public bool StartsWith(ReleaseVersion other, int parts)
    {
        for (var i = 0; i < parts; i++)
        {
            if (Part(i) != other.Part(i))
                return false;
        }

        return _epoch == other._epoch;
    }

    /// <summary>How many numbers the release has.</summary>
    public int Parts => _release.Length;

    public override string ToString() => _text;

    private BigInteger Part(int index) => index < _release.Length ? _release[index] : BigInteger.Zero;

    private static int? Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(
        @"^\s*v?(?:(?<epoch>\d{1,6})!)?(?<release>\d{1,18}(?:\.\d{1,18}){0,9})" +
        @"(?:[-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pren>\d{1,9})?)?" +
        @"(?<post>-(?<postm>\d{1,9})|[-_.]?(?:post|rev|r)[-_.]?(?<postn>\d{1,9})?)?" +
        @"(?<dev>[-_.]?dev[-_.]?(?<devn>\d{1,9})?)?" +
        @"(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
