using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CudaCompat.Versions;

/// <summary>
/// A Python package version as PEP 440 has it: 2.8.0, 2.8.0+cu128, 1.0.1.post2, 2.15.0.dev20260907+cu126.
/// The local label (+cu128) names a build: it takes no part in the order, but in equality it does.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<PackageVersion>))]
public readonly partial struct PackageVersion : IEquatable<PackageVersion>, IComparable<PackageVersion>, IVersionText<PackageVersion>
{
    private const int MaximumLength = 64;
    private const int DevPhase = 0, AlphaPhase = 1, BetaPhase = 2, CandidatePhase = 3, FinalPhase = 4, PostPhase = 5;
    private readonly string? _text;
    private readonly int _phase;
    private readonly int _number;

    private PackageVersion(string text, DottedVersion release, int phase, int number, string? label)
    {
        _text = text;
        Release = release;
        _phase = phase;
        _number = number;
        Label = label;
    }

    /// <summary>The numbers between dots: 2.8.0.</summary>
    public DottedVersion Release { get; }

    /// <summary>The local version label without its plus sign (cu128, cpu), or null.</summary>
    public string? Label { get; }

    /// <summary>True for development builds and pre-releases.</summary>
    public bool IsPrerelease => _phase < FinalPhase;

    /// <summary>The same text for every spelling of a version (1.10 and 1.10.0), without the local label.</summary>
    internal string Canonical => string.Create(CultureInfo.InvariantCulture, $"{Release.Key:x}.{_phase}.{_number}");

    /// <summary>The version without its local label.</summary>
    public PackageVersion WithoutLabel => Label is null ? this : new PackageVersion(_text![.._text!.IndexOf('+', StringComparison.Ordinal)], Release, _phase, _number, null);

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static PackageVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw VersionFormatException.For("a package version such as 2.8.0 or 2.8.0+cu128", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out PackageVersion version)
    {
        version = default;
        if (text is null || text.Length is 0 or > MaximumLength)
            return false;
        // Almost every version is nothing but numbers.
        if (DottedVersion.TryParse(text, out var numbers))
        {
            version = new PackageVersion(text, numbers, FinalPhase, 0, null);
            return true;
        }

        var match = Form().Match(text);
        if (!match.Success || !DottedVersion.TryParse(match.Groups["release"].Value, out var release))
            return false;
        var phase = match.Groups["phase"].Value switch
        {
            "" => FinalPhase,
            "a" => AlphaPhase,
            "b" => BetaPhase,
            "rc" => CandidatePhase,
            ".dev" => DevPhase,
            _ => PostPhase,
        };
        var number = 0;
        if (match.Groups["number"] is { Length: > 0 } digits && !int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;
        version = new PackageVersion(text, release, phase, number, match.Groups["label"] is { Success: true } label ? label.Value : null);
        return true;
    }

    /// <summary>The order of PEP 440 without the local label: development, pre-release, release, post-release.</summary>
    public int CompareTo(PackageVersion other)
    {
        var release = Release.CompareTo(other.Release);
        if (release != 0)
            return release;
        return _phase != other._phase ? _phase.CompareTo(other._phase) : _number.CompareTo(other._number);
    }

    /// <summary>True from <paramref name="from"/> to <paramref name="to"/>, both included; an end that is null is open.</summary>
    internal bool IsWithin(PackageVersion? from, PackageVersion? to) => (from is not { } first || CompareTo(first) >= 0) && (to is not { } last || CompareTo(last) <= 0);

    /// <inheritdoc/>
    public bool Equals(PackageVersion other) => CompareTo(other) == 0 && Label == other.Label;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PackageVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Release, _phase, _number, Label);

    /// <summary>The text as it was given.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>Same version and label.</summary>
    public static bool operator ==(PackageVersion left, PackageVersion right) => left.Equals(right);

    /// <summary>Other version or label.</summary>
    public static bool operator !=(PackageVersion left, PackageVersion right) => !left.Equals(right);

    /// <summary>Older.</summary>
    public static bool operator <(PackageVersion left, PackageVersion right) => left.CompareTo(right) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(PackageVersion left, PackageVersion right) => left.CompareTo(right) > 0;

    /// <summary>Not newer.</summary>
    public static bool operator <=(PackageVersion left, PackageVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Not older.</summary>
    public static bool operator >=(PackageVersion left, PackageVersion right) => left.CompareTo(right) >= 0;

    [GeneratedRegex(@"^(?<release>\d+(?:\.\d+){0,3})(?:(?<phase>a|b|rc|\.dev|\.post)(?<number>\d+))?(?:\+(?<label>[a-z0-9]+(?:[._-][a-z0-9]+)*))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
