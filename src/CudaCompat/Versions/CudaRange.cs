using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>
/// The CUDA versions that a cuDNN release is for, as terms joined by a comma: "11.x" = every 11.y, "11.1" = 11.1 alone,
/// "7.0+" = 7.0 and later, "11.0,11.1,11.2" = those three.
/// </summary>
[JsonConverter(typeof(VersionTextConverter<CudaRange>))]
internal readonly struct CudaRange : IEquatable<CudaRange>, IVersionText<CudaRange>
{
    private readonly ImmutableArray<Term> _terms;
    private readonly string? _text;

    private CudaRange(string text, ImmutableArray<Term> terms)
    {
        _text = text;
        _terms = terms;
    }

    /// <inheritdoc cref="IVersionText{T}.Parse(string)"/>
    public static CudaRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw VersionFormatException.For("a CUDA range such as 11.x, 11.1 or 7.0+", text);

    /// <inheritdoc cref="IVersionText{T}.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out CudaRange version)
    {
        version = default;
        if (text is null || text.Length is 0 or > 128)
            return false;
        var parts = text.Split(',');
        var terms = new Term[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!TryParseTerm(parts[i], out terms[i]))
                return false;
        }

        version = new CudaRange(text, ImmutableCollectionsMarshal.AsImmutableArray(terms));
        return true;
    }

    /// <summary>True where <paramref name="cuda"/> (its patch does not count) is one of these.</summary>
    public bool Contains(CudaVersion cuda)
    {
        if (_terms.IsDefault)
            return false;
        var version = cuda.MajorMinor;
        foreach (var term in _terms)
        {
            if (term.Exact ? version == term.From : version >= term.From && (term.Below is null || version < term.Below))
                return true;
        }

        return false;
    }

    /// <summary>True for "7.0 and later": the label of a release that was made before the later ones were.</summary>
    internal bool IsOpenEnded => !_terms.IsDefault && _terms.Any(t => t is { Exact: false, Below: null });

    /// <inheritdoc/>
    public bool Equals(CudaRange other) => _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CudaRange other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>The terms as given.</summary>
    public override string ToString() => _text ?? "";

    /// <summary>Same terms.</summary>
    public static bool operator ==(CudaRange left, CudaRange right) => left.Equals(right);

    /// <summary>Other terms.</summary>
    public static bool operator !=(CudaRange left, CudaRange right) => !left.Equals(right);

    private static bool TryParseTerm(string part, out Term term)
    {
        term = default;
        if (part.EndsWith(".x", StringComparison.Ordinal) && int.TryParse(part.AsSpan(0, part.Length - 2), out var major) && major is > 0 and < 100)
            term = new Term(new CudaVersion(major, 0), new CudaVersion(major + 1, 0));
        else if (part.EndsWith('+') && CudaVersion.TryParse(part[..^1], out var from) && from.Patch is null)
            term = new Term(from, null);
        else if (CudaVersion.TryParse(part, out var exact) && exact.Patch is null)
            term = new Term(exact, null, Exact: true);
        else
            return false;
        return true;
    }

    private readonly record struct Term(CudaVersion From, CudaVersion? Below, bool Exact = false);
}
