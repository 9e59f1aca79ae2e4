using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>
/// A version of one to four numbers between dots ("2.35", "9.10.2.21", "450.80.02"), each 0 to 65535.
/// It compares by its numbers, a missing part counting as zero, and prints exactly as it was given.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<DottedVersion>))]
public readonly struct DottedVersion : IEquatable<DottedVersion>, IComparable<DottedVersion>, IVersionText<DottedVersion>
{
    private const int MaximumLength = 32;
    private readonly string? _text;
    private readonly ulong _key;

    private DottedVersion(string text, ulong key, int parts)
    {
        _text = text;
        _key = key;
        Parts = parts;
    }

    /// <summary>How many numbers the text had, 1 to 4; 0 for the default value.</summary>
    public int Parts { get; }

    /// <summary>The first number.</summary>
    public int Major => (int)(_key >> 48);

    /// <summary>The second number, or 0.</summary>
    public int Minor => (int)(_key >> 32 & 0xFFFF);

    /// <summary>The third number, or 0.</summary>
    public int Patch => (int)(_key >> 16 & 0xFFFF);

    /// <summary>The numbers packed so that their order is the versions' order.</summary>
    internal ulong Key => _key;

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static DottedVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw VersionFormatException.For("a version such as 9.10.2", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DottedVersion version)
    {
        version = default;
        if (text is null || text.Length is 0 or > MaximumLength)
            return false;
        ulong key = 0;
        var parts = 0;
        var number = -1;
        foreach (var c in text)
        {
            if (c is >= '0' and <= '9')
            {
                number = (number < 0 ? 0 : number * 10) + (c - '0');
                if (number > ushort.MaxValue)
                    return false;
            }
            else if (c == '.' && number >= 0 && parts < 3)
            {
                key = key << 16 | (uint)number;
                parts++;
                number = -1;
            }
            else
            {
                return false;
            }
        }

        if (number < 0)
            return false;
        key = key << 16 | (uint)number;
        parts++;
        version = new DottedVersion(text, key << (16 * (4 - parts)), parts);
        return true;
    }

    /// <summary>True where this version has at least the parts of <paramref name="prefix"/> and agrees with every one of them: 450.80.02 starts with 450.80.</summary>
    public bool StartsWith(DottedVersion prefix) =>
        prefix.Parts > 0 && Parts >= prefix.Parts && _key >> (16 * (4 - prefix.Parts)) == prefix._key >> (16 * (4 - prefix.Parts));

    /// <inheritdoc/>
    public int CompareTo(DottedVersion other) => _key.CompareTo(other._key);

    /// <inheritdoc/>
    public bool Equals(DottedVersion other) => _key == other._key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DottedVersion other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode();

    /// <summary>The text as it was given.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(DottedVersion left, DottedVersion right) => left._key == right._key;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(DottedVersion left, DottedVersion right) => left._key != right._key;

    /// <summary>Older.</summary>
    public static bool operator <(DottedVersion left, DottedVersion right) => left._key < right._key;

    /// <summary>Newer.</summary>
    public static bool operator >(DottedVersion left, DottedVersion right) => left._key > right._key;

    /// <summary>Not newer.</summary>
    public static bool operator <=(DottedVersion left, DottedVersion right) => left._key <= right._key;

    /// <summary>Not older.</summary>
    public static bool operator >=(DottedVersion left, DottedVersion right) => left._key >= right._key;
}
