using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>
/// The Python package index that a plan may take wheels from: PyTorch's own with all its builds, or the default one, which has one build for each release and
/// platform, as have its mirrors. An address that ends in a CUDA tag is a copy of PyTorch's index for that tag.
/// </summary>
internal sealed record IndexChoice
{
    /// <summary>The names that are accepted beside an address.</summary>
    public static readonly IReadOnlyList<string> Names = ["pytorch", "default"];

    private IndexChoice()
    {
    }

    /// <summary>True where only what the default index has can be taken.</summary>
    public bool IsDefault { get; private init; }

    /// <summary>The only CUDA that can be taken; null for any.</summary>
    public CudaTag? Tag { get; private init; }

    /// <summary>Its address; null for PyTorch's own and the default one.</summary>
    public string? Url { get; private init; }

    /// <summary>Reads what was asked; null and pytorch ask for nothing.</summary>
    /// <exception cref="BadRequestException">It is no index.</exception>
    public static IndexChoice? Parse(string? text)
    {
        if (text is null or "pytorch")
            return null;
        if (text == "default")
            return new IndexChoice { IsDefault = true };
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true })
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0 || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw new BadRequestException("index", $"'{Words.Short(text)}' is no index; accepted: {string.Join(", ", Names)}, or an https address without a password, a query or a fragment.");
        return CudaTag.TryParse(address.Segments[^1].TrimEnd('/'), out var tag)
            ? new IndexChoice { Tag = tag, Url = text }
            : new IndexChoice { IsDefault = true, Url = text };
    }
}
