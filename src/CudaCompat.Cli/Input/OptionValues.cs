using System.CommandLine;
using CudaCompat.Versions;

namespace CudaCompat.Cli.Input;

/// <summary>Values of options as the types they stand for; what is not accepted is told with the option's name.</summary>
internal static class OptionValues
{
    /// <exception cref="UsageException">The text is no such version.</exception>
    public static T? Version<T>(this ParseResult parse, Option<string?> option)
        where T : struct, IVersionText<T> => parse.GetValue(option) is { } text ? Parse<T>(option, text) : null;

    /// <exception cref="UsageException">The text is no version, prefix or range.</exception>
    public static VersionSpec? Spec(this ParseResult parse, Option<string?> option) => parse.GetValue(option) is { } text ? Parse<VersionSpec>(option, text) : null;

    /// <exception cref="UsageException">The text is none of the names.</exception>
    public static T? Named<T>(this ParseResult parse, Option<string?> option, NamedEnumConverter<T> names)
        where T : struct, Enum
    {
        if (parse.GetValue(option) is not { } text)
            return null;
        return names.TryParse(text, out var value) ? value : throw new UsageException($"{option.Name}: '{TextInput.Short(text)}' is not one of {string.Join(", ", names.Names)}.");
    }

    private static T Parse<T>(Option<string?> option, string text)
        where T : IVersionText<T>
    {
        try
        {
            return T.Parse(text);
        }
        catch (VersionFormatException e)
        {
            throw new UsageException($"{option.Name}: {e.Message}");
        }
    }
}
