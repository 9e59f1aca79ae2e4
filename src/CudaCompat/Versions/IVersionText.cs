using System.Diagnostics.CodeAnalysis;

namespace CudaCompat.Versions;

/// <summary>What every version type of this library can do: be read from text, strictly, and print what was read.</summary>
/// <typeparam name="T">The version type itself.</typeparam>
internal interface IVersionText<T>
    where T : IVersionText<T>
{
    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <exception cref="VersionFormatException">The text is not of this type's form; the message shows the text and the form.</exception>
    static abstract T Parse(string text);

    /// <summary>Reads <paramref name="text"/>; false, and the default value, where it is not of this type's form.</summary>
    static abstract bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out T version);
}
