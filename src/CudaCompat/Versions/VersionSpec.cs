using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using NuGet.Versioning;

namespace CudaCompat.Versions;

/// <summary>
/// Which versions are wanted: exact (2.3.1), a prefix (2.3 takes every 2.3.z), or a range of clauses joined by commas (&gt;=2.4,&lt;2.6; !=2.5.0; ==2.4.*; ~=2.4).
/// </summary>
[JsonConverter(typeof(VersionTextConverter<VersionSpec>))]
public sealed class VersionSpec : IVersionText<VersionSpec>
{
    private const int MaximumLength = 128;
    private static readonly ImmutableArray<string> Operators = [">=", "<=", "==", "!=", "~=", ">", "<"];
    private readonly string _text;
    private readonly PackageVersion? _exact;
    private readonly DottedVersion _prefix;
    private readonly VersionRange? _range;
    private readonly ImmutableArray<VersionRange> _excluded;

    private VersionSpec(string text, PackageVersion? exact, DottedVersion prefix, VersionRange? range, ImmutableArray<VersionRange> excluded)
    {
        _text = text;
        _exact = exact;
        _prefix = prefix;
        _range = range;
        _excluded = excluded;
    }

    /// <summary>The local label of an exact version (cu128 of 2.8.0+cu128), or null.</summary>
    public string? Label => _exact?.Label;

    /// <summary>The version where exactly one is asked for; null for prefixes and ranges.</summary>
    public PackageVersion? Exact => _exact;

    /// <summary>The one version that is named, a prefix standing for itself (2.3); null for ranges.</summary>
    internal PackageVersion? Named => _exact ?? (PackageVersion.TryParse(_text, out var named) ? named : null);

    /// <summary>The toolkit, where the text is the number of one; null for ranges.</summary>
    internal CudaVersion? ExactCuda => _range is null && CudaVersion.TryParse(_text, out var cuda) ? cuda : null;

    /// <summary>The number given; null for ranges.</summary>
    internal DottedVersion? Number => _range is null ? _prefix : null;

    /// <summary>A version and no other; one given by fewer than three numbers is a prefix.</summary>
    internal static VersionSpec Exactly(PackageVersion version) =>
        version.Release.Parts < 3 && !version.IsPrerelease && version.Label is null && version.Release.ToString() == version.ToString()
            ? new VersionSpec(version.ToString(), null, version.Release, null, [])
            : new VersionSpec(version.ToString(), version, version.Release, null, []);

    /// <inheritdoc cref="Exactly(PackageVersion)"/>
    internal static VersionSpec Exactly(DottedVersion version) => new(version.ToString(), null, version, null, []);

    /// <inheritdoc cref="Exactly(PackageVersion)"/>
    internal static VersionSpec Exactly(CudaVersion version) => Exactly(DottedVersion.Parse(version.ToString()));

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static VersionSpec Parse(string text) =>
        TryParse(text, out var spec) ? spec : throw VersionFormatException.For("a version (2.3.1), a prefix (2.3) or a range (>=2.4,<2.6)", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out VersionSpec version)
    {
        version = null;
        if (text is null || text.Length is 0 or > MaximumLength)
            return false;
        var trimmed = text.Replace(" ", "", StringComparison.Ordinal);
        if (DottedVersion.TryParse(trimmed, out var prefix) && prefix.Parts < 3)
        {
            version = new VersionSpec(text, null, prefix, null, []);
            return true;
        }

        if (PackageVersion.TryParse(trimmed, out var exact))
        {
            version = new VersionSpec(text, exact, exact.Release, null, []);
            return true;
        }

        return TryParseRange(text, trimmed, out version);
    }

    /// <summary>True where <paramref name="version"/> (its local label does not count) is wanted.</summary>
    public bool Matches(PackageVersion version)
    {
        if (_exact is { } exact)
            return exact.CompareTo(version) == 0;
        return !version.IsPrerelease && Matches(version.Release);
    }

    /// <summary>True where <paramref name="version"/> is wanted; an exact 9.10.2 takes 9.10.2.21 too.</summary>
    public bool Matches(DottedVersion version)
    {
        if (_range is null)
            return version.StartsWith(_prefix) || version.Parts < _prefix.Parts && version == _prefix;
        var number = ToNuGet(version);
        return _range.Satisfies(number) && !_excluded.Any(e => e.Satisfies(number));
    }

    /// <summary>True where the toolkit release is wanted.</summary>
    public bool Matches(CudaVersion version) => Matches(DottedVersion.Parse(version.ToString()));

    /// <summary>True where every version that is wanted is newer than <paramref name="newest"/>.</summary>
    internal bool IsAbove(DottedVersion newest)
    {
        if (_range is null)
            return _prefix > newest && !newest.StartsWith(_prefix);
        return _range.MinVersion?.CompareTo(ToNuGet(newest)) is { } order && (order > 0 || order == 0 && !_range.IsMinInclusive);
    }

    /// <summary>The text as it was given.</summary>
    public override string ToString() => _text;

    private static bool TryParseRange(string text, string trimmed, [MaybeNullWhen(false)] out VersionSpec spec)
    {
        spec = null;
        var range = VersionRange.All;
        var excluded = ImmutableArray.CreateBuilder<VersionRange>();
        foreach (var clause in trimmed.Split(','))
        {
            var op = Operators.FirstOrDefault(o => clause.StartsWith(o, StringComparison.Ordinal));
            if (op is null)
                return false;
            var wildcard = clause.EndsWith(".*", StringComparison.Ordinal);
            if (wildcard && op is not ("==" or "!=")
                || !DottedVersion.TryParse(wildcard ? clause[op.Length..^2] : clause[op.Length..], out var v) || op == "~=" && v.Parts < 2)
                return false;
            var number = ToNuGet(v);
            var wanted = op switch
            {
                ">=" => new VersionRange(number, true),
                ">" => new VersionRange(number, false),
                "<=" => new VersionRange(null, false, number, true),
                "<" => new VersionRange(null, false, number, false),
                "~=" => new VersionRange(number, true, After(v, v.Parts - 1), false),
                _ => wildcard ? new VersionRange(number, true, After(v, v.Parts), false) : new VersionRange(number, true, number, true),
            };
            if (op == "!=")
                excluded.Add(wanted);
            else
                range = VersionRange.CommonSubSet([range, wanted]);
        }

        spec = new VersionSpec(text, null, default, range, excluded.ToImmutable());
        return true;
    }

    private static NuGetVersion ToNuGet(DottedVersion v) => new(v.Major, v.Minor, v.Patch, (int)(v.Key & 0xFFFF));

    // The first version behind every one that starts with the first parts of v.
    private static NuGetVersion After(DottedVersion v, int parts) => parts switch
    {
        1 => new NuGetVersion(v.Major + 1, 0, 0, 0),
        2 => new NuGetVersion(v.Major, v.Minor + 1, 0, 0),
        _ => new NuGetVersion(v.Major, v.Minor, v.Patch + 1, 0),
    };
}
