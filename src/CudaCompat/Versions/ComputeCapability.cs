using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>
/// A compute capability: 8.9 of a GPU or of compiled code. A suffix (9.0a, 10.0f) is of code only and limits where the code runs:
/// "a" to exactly that capability, "f" to its family.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<ComputeCapability>))]
public readonly record struct ComputeCapability : IComparable<ComputeCapability>, IVersionText<ComputeCapability>
{
    /// <summary>Makes a capability; <paramref name="suffix"/> is 'a', 'f' or null.</summary>
    public ComputeCapability(int major, int minor, char? suffix = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(major, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(major, 99);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, 9);
        if (suffix is not (null or 'a' or 'f'))
            throw new ArgumentOutOfRangeException(nameof(suffix), suffix, "a, f or nothing.");
        Major = (byte)major;
        Minor = (byte)minor;
        Suffix = suffix;
    }

    /// <summary>The number before the dot.</summary>
    public byte Major { get; }

    /// <summary>The number after the dot, 0 to 9.</summary>
    public byte Minor { get; }

    /// <summary>'a', 'f' or null.</summary>
    public char? Suffix { get; }

    /// <summary>sm_89, the name of compiled code for it.</summary>
    public string CodeName => string.Create(CultureInfo.InvariantCulture, $"sm_{Major}{Minor}{Suffix}");

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static ComputeCapability Parse(string text) =>
        TryParse(text, out var capability) ? capability : throw VersionFormatException.For("a compute capability such as 8.9", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ComputeCapability capability)
    {
        capability = default;
        if (text is null || text.Length is < 3 or > 5)
            return false;
        var span = text.AsSpan();
        char? suffix = null;
        if (span[^1] is 'a' or 'f')
        {
            suffix = span[^1];
            span = span[..^1];
        }

        var dot = span.IndexOf('.');
        if (dot is not (1 or 2) || span.Length != dot + 2
            || !byte.TryParse(span[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !byte.TryParse(span[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            || major == 0 || span[0] == '0')
            return false;
        capability = new ComputeCapability(major, minor, suffix);
        return true;
    }

    /// <summary>By number, then suffix.</summary>
    public int CompareTo(ComputeCapability other) => Key.CompareTo(other.Key);

    internal int Key => (Major * 10 + Minor) * 128 + (Suffix ?? 0);

    /// <summary>8.9, 9.0a.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}{Suffix}");

    /// <summary>Older.</summary>
    public static bool operator <(ComputeCapability left, ComputeCapability right) => left.Key < right.Key;

    /// <summary>Newer.</summary>
    public static bool operator >(ComputeCapability left, ComputeCapability right) => left.Key > right.Key;

    /// <summary>Not newer.</summary>
    public static bool operator <=(ComputeCapability left, ComputeCapability right) => left.Key <= right.Key;

    /// <summary>Not older.</summary>
    public static bool operator >=(ComputeCapability left, ComputeCapability right) => left.Key >= right.Key;
}
