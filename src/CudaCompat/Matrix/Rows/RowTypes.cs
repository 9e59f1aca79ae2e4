using System.Text.Json.Serialization;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Matrix.Rows;

/// <summary>How a build is known to exist.</summary>
[JsonConverter(typeof(KnownByNames))]
public enum KnownBy
{
    /// <summary>A file of it is listed.</summary>
    Listed,

    /// <summary>An install command or a table states version and tag.</summary>
    Stated,

    /// <summary>Version and tag are stated; the platform comes from the sibling patch.</summary>
    Inferred,
}

/// <summary>The document names of <see cref="KnownBy"/>.</summary>
internal sealed class KnownByNames() : NamedEnumConverter<KnownBy>((KnownBy.Listed, "listed"), (KnownBy.Stated, "stated"), (KnownBy.Inferred, "inferred"))
{
    internal static readonly KnownByNames Instance = new();
}

/// <summary>Where Python packages come from; builds of one are never mixed with another's.</summary>
[JsonConverter(typeof(PackagingNames))]
public enum Packaging
{
    /// <summary>Wheels of download.pytorch.org and of the default package index.</summary>
    Pip,

    /// <summary>The conda channel pytorch.</summary>
    Conda,

    /// <summary>The conda channel conda-forge.</summary>
    CondaForge,
}

/// <summary>The document names of <see cref="Packaging"/>.</summary>
internal sealed class PackagingNames() : NamedEnumConverter<Packaging>((Packaging.Pip, "pip"), (Packaging.Conda, "conda"), (Packaging.CondaForge, "conda-forge"))
{
    internal static readonly PackagingNames Instance = new();
}

/// <summary>The packaging of a stack document, by the name of any program that installs it.</summary>
internal sealed class SpelledPackaging() : SpelledName<Packaging>(FieldSpelling.Packaging, PackagingNames.Instance);

/// <summary>A checksum as a source prints it.</summary>
/// <param name="Kind">sha256, or md5 where upstream has nothing better (weak: it proves a whole transfer, not an honest one).</param>
/// <param name="Value">Lower-case hexadecimal.</param>
public sealed record Checksum(string Kind, string Value);
