using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>A CPython version X.Y, with a "t" where it is the free-threaded build: 3.11, 3.13t. A patch number is accepted and dropped.</summary>
[JsonConverter(typeof(VersionTextConverter<PythonVersion>))]
public readonly record struct PythonVersion : IComparable<PythonVersion>, IVersionText<PythonVersion>
{
    /// <summary>Makes X.Y or, free-threaded, X.Yt.</summary>
    public PythonVersion(int major, int minor, bool freeThreaded = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(major, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(major, 9);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, 99);
        Major = (byte)major;
        Minor = (byte)minor;
        FreeThreaded = freeThreaded;
    }

    /// <summary>X.</summary>
    public byte Major { get; }

    /// <summary>Y.</summary>
    public byte Minor { get; }

    /// <summary>True for the build without a global interpreter lock, whose wheels are separate.</summary>
    public bool FreeThreaded { get; }

    /// <summary>cp311, the Python tag of a wheel.</summary>
    public string WheelTag => string.Create(CultureInfo.InvariantCulture, $"cp{Major}{Minor}");

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static PythonVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw VersionFormatException.For("a Python version such as 3.11 or 3.13t", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out PythonVersion version)
    {
        version = default;
        if (text is null)
            return false;
        var freeThreaded = text.EndsWith('t');
        if (!DottedVersion.TryParse(freeThreaded ? text[..^1] : text, out var v) || v.Parts is < 2 or > 3 || v.Major is 0 or > 9 || v.Minor > 99)
            return false;
        version = new PythonVersion(v.Major, v.Minor, freeThreaded);
        return true;
    }

    internal int Key => (Major * 100 + Minor) * 2 + (FreeThreaded ? 1 : 0);

    /// <summary>By X, Y, then the free-threaded build after the ordinary one.</summary>
    public int CompareTo(PythonVersion other) => Key.CompareTo(other.Key);

    /// <summary>3.11, 3.13t.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}{(FreeThreaded ? "t" : "")}");

    /// <summary>Older.</summary>
    public static bool operator <(PythonVersion left, PythonVersion right) => left.Key < right.Key;

    /// <summary>Newer.</summary>
    public static bool operator >(PythonVersion left, PythonVersion right) => left.Key > right.Key;

    /// <summary>Not newer.</summary>
    public static bool operator <=(PythonVersion left, PythonVersion right) => left.Key <= right.Key;

    /// <summary>Not older.</summary>
    public static bool operator >=(PythonVersion left, PythonVersion right) => left.Key >= right.Key;
}
