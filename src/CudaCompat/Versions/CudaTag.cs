using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>The CUDA tag of a PyTorch build: cu128 (CUDA 12.8), cu92 (CUDA 9.2), or cpu.</summary>
[JsonConverter(typeof(VersionTextConverter<CudaTag>))]
public readonly record struct CudaTag : IComparable<CudaTag>, IVersionText<CudaTag>
{
    private readonly CudaVersion _cuda;

    private CudaTag(CudaVersion cuda) => _cuda = cuda;

    /// <summary>The tag of builds without CUDA.</summary>
    public static CudaTag Cpu => default;

    /// <summary>True for the tag cpu.</summary>
    public bool IsCpu => _cuda.Major == 0;

    /// <summary>True for a tag given short: cu12 stands for every cu12Y.</summary>
    internal bool IsSeries => _cuda.IsMajorOnly;

    /// <summary>True where <paramref name="tag"/> is this one or, of a tag given short, one that it stands for.</summary>
    internal bool Includes(CudaTag tag) => IsSeries ? tag._cuda.Major == _cuda.Major : tag == this;

    /// <summary>The CUDA version X.Y of the tag; null for cpu.</summary>
    public CudaVersion? Cuda => IsCpu ? null : _cuda;

    /// <summary>The tag of builds for CUDA X.Y.</summary>
    public static CudaTag Of(CudaVersion cuda) => new(cuda.MajorMinor);

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static CudaTag Parse(string text) =>
        TryParse(text, out var tag) ? tag : throw VersionFormatException.For("a CUDA tag such as cu128, or cpu", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out CudaTag tag)
    {
        tag = default;
        if (text == "cpu")
            return true;
        if (text is null || text.Length is < 4 or > 6 || !text.StartsWith("cu", StringComparison.Ordinal))
            return false;
        if (!int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) || text[2] == '0')
            return false;
        // cu12 is CUDA 12 of whatever minor; there is no tag of a CUDA 1.2.
        tag = new CudaTag(text.Length == 4 && digits / 10 < 2 ? CudaVersion.OfMajor(digits) : new CudaVersion(digits / 10, digits % 10));
        return true;
    }

    /// <summary>By CUDA version; cpu first.</summary>
    public int CompareTo(CudaTag other) => _cuda.CompareTo(other._cuda);

    /// <summary>cu128, or cpu.</summary>
    public override string ToString() => IsCpu ? "cpu" : IsSeries ? $"cu{_cuda}" : string.Create(CultureInfo.InvariantCulture, $"cu{_cuda.Major}{_cuda.Minor}");

    /// <summary>Lower CUDA version.</summary>
    public static bool operator <(CudaTag left, CudaTag right) => left._cuda < right._cuda;

    /// <summary>Higher CUDA version.</summary>
    public static bool operator >(CudaTag left, CudaTag right) => left._cuda > right._cuda;

    /// <summary>Not a higher CUDA version.</summary>
    public static bool operator <=(CudaTag left, CudaTag right) => left._cuda <= right._cuda;

    /// <summary>Not a lower CUDA version.</summary>
    public static bool operator >=(CudaTag left, CudaTag right) => left._cuda >= right._cuda;
}
