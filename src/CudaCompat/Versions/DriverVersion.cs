using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>
/// An NVIDIA driver version as the driver prints it: 450.80.02, 591.86, 384.111; given short, 580 or 450.80, it stands for its series.
/// Linux and Windows number their drivers apart: never compare one with the other's table.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<DriverVersion>))]
public readonly struct DriverVersion : IEquatable<DriverVersion>, IComparable<DriverVersion>, IVersionText<DriverVersion>
{
    private readonly DottedVersion _version;

    private DriverVersion(DottedVersion version) => _version = version;

    /// <summary>The driver branch: 535 of 535.104.05, written R535.</summary>
    public int Branch => _version.Major;

    /// <summary>How many numbers the text had.</summary>
    public int Parts => _version.Parts;

    internal ulong Key => _version.Key;

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static DriverVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw VersionFormatException.For("a driver version such as 550.54.15", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DriverVersion version)
    {
        version = default;
        if (!DottedVersion.TryParse(text, out var dotted) || dotted.Major == 0)
            return false;
        version = new DriverVersion(dotted);
        return true;
    }

    /// <summary>True where this driver belongs to the series <paramref name="series"/>: 450.80.02 to 450.80 and to 450.</summary>
    public bool StartsWith(DriverVersion series) => _version.StartsWith(series._version);

    /// <inheritdoc/>
    public int CompareTo(DriverVersion other) => _version.CompareTo(other._version);

    /// <inheritdoc/>
    public bool Equals(DriverVersion other) => _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DriverVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _version.GetHashCode();

    /// <summary>The text as it was given: 450.80.02 keeps its zero.</summary>
    public override string ToString() => _version.ToString();

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(DriverVersion left, DriverVersion right) => left._version == right._version;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(DriverVersion left, DriverVersion right) => left._version != right._version;

    /// <summary>Older.</summary>
    public static bool operator <(DriverVersion left, DriverVersion right) => left._version < right._version;

    /// <summary>Newer.</summary>
    public static bool operator >(DriverVersion left, DriverVersion right) => left._version > right._version;

    /// <summary>Not newer.</summary>
    public static bool operator <=(DriverVersion left, DriverVersion right) => left._version <= right._version;

    /// <summary>Not older.</summary>
    public static bool operator >=(DriverVersion left, DriverVersion right) => left._version >= right._version;
}
