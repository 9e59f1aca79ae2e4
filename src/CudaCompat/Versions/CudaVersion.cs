using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>
/// A CUDA version: X.Y where the driver API or a build is meant (12.8), X.Y.Z where a toolkit release is meant (12.8.1, 10.2.89).
/// The third number is a build number; it does not count updates.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<CudaVersion>))]
public readonly record struct CudaVersion : IComparable<CudaVersion>, IVersionText<CudaVersion>
{
    private const short MajorOnly = -1;
    private readonly short _patch;

    /// <summary>Makes X.Y or, with <paramref name="patch"/>, X.Y.Z.</summary>
    public CudaVersion(int major, int minor, int? patch = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(major, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(major, 999);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, 99);
        if (patch is { } z)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(z);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(z, 9999);
        }

        Major = (short)major;
        Minor = (short)minor;
        _patch = (short)((patch ?? -1) + 1);
    }

    private CudaVersion(CudaVersion version, short patch)
    {
        Major = version.Major;
        Minor = version.Minor;
        _patch = patch;
    }

    /// <summary>X.</summary>
    public short Major { get; }

    /// <summary>Y.</summary>
    public short Minor { get; }

    /// <summary>Z, or null where only X.Y was given.</summary>
    public int? Patch => _patch <= 0 ? null : _patch - 1;

    /// <summary>True where X alone was given, which stands for every X.Y.</summary>
    internal bool IsMajorOnly => _patch < 0;

    /// <summary>X alone.</summary>
    internal static CudaVersion OfMajor(int major) => new(new CudaVersion(major, 0), MajorOnly);

    /// <summary>X.Y alone.</summary>
    public CudaVersion MajorMinor => _patch == 0 || Major == 0 ? this : new CudaVersion(Major, Minor);

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static CudaVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw VersionFormatException.For("a CUDA version such as 12.8 or 12.8.1", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out CudaVersion version)
    {
        version = default;
        if (!DottedVersion.TryParse(text, out var v) || v.Parts is < 2 or > 3 || v.Major is 0 or > 999 || v.Minor > 99 || v.Patch > 9999)
            return false;
        version = new CudaVersion(v.Major, v.Minor, v.Parts == 3 ? v.Patch : null);
        return true;
    }

    /// <summary>By X, Y, then Z; X.Y comes before every X.Y.Z.</summary>
    public int CompareTo(CudaVersion other) => Key.CompareTo(other.Key);

    private int Key => (Major * 100 + Minor) * 10000 + _patch;

    /// <summary>X.Y or X.Y.Z.</summary>
    public override string ToString() => IsMajorOnly ? Major.ToString(CultureInfo.InvariantCulture) :
        Patch is { } z ? string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{z}") : string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>Older.</summary>
    public static bool operator <(CudaVersion left, CudaVersion right) => left.Key < right.Key;

    /// <summary>Newer.</summary>
    public static bool operator >(CudaVersion left, CudaVersion right) => left.Key > right.Key;

    /// <summary>Not newer.</summary>
    public static bool operator <=(CudaVersion left, CudaVersion right) => left.Key <= right.Key;

    /// <summary>Not older.</summary>
    public static bool operator >=(CudaVersion left, CudaVersion right) => left.Key >= right.Key;
}
