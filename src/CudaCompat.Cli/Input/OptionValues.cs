using System.CommandLine;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Cli.Input;

/// <summary>Values of options as the types they stand for; what is not accepted is told with the option's name.</summary>
internal static class OptionValues
{
    /// <exception cref="UsageException">The text is no such version.</exception>
    public static T? Version<T>(this ParseResult parse, Option<string?> option, FieldSpelling field)
        where T : struct, IVersionText<T> => parse.Read(option, text => field.Parse<T>(text, ReadingNotes.Current));

    /// <exception cref="UsageException">The text is no version, prefix or range.</exception>
    public static VersionSpec? Spec(this ParseResult parse, Option<string?> option, FieldSpelling field) =>
        parse.GetValue(option) is { } text ? Told(option, () => SpelledSpec.Of(text, field, ReadingNotes.Current)) : null;

    /// <summary>The text in the spelling of documents.</summary>
    /// <exception cref="UsageException">The text has no meaning here.</exception>
    public static string? Text(this ParseResult parse, Option<string?> option, FieldSpelling field) =>
        parse.GetValue(option) is { } text ? Told(option, () => field.Read(text, ReadingNotes.Current)) : null;

    /// <exception cref="UsageException">The text is none of the names.</exception>
    public static T? Named<T>(this ParseResult parse, Option<string?> option, FieldSpelling field, NamedEnumConverter<T> names)
        where T : struct, Enum => parse.Read<T>(option, text => names.TryParse(field.Read(text, ReadingNotes.Current), out var value) ? value : null);

    /// <exception cref="UsageException">The text is none of the names.</exception>
    public static T? Named<T>(this ParseResult parse, Option<string?> option, NamedEnumConverter<T> names)
        where T : struct, Enum
    {
        if (parse.GetValue(option) is not { } text)
            return null;
        return names.TryParse(text, out var value) ? value : throw new UsageException($"{option.Name}: '{TextInput.Short(text)}' is not one of {string.Join(", ", names.Names)}.");
    }

    /// <summary>What a reader makes of the option's text; null where it is not given or says that nothing is known.</summary>
    /// <exception cref="UsageException">The text has no meaning here.</exception>
    public static T? Read<T>(this ParseResult parse, Option<string?> option, Func<string, T?> read)
        where T : struct => parse.GetValue(option) is { } text ? Told(option, () => read(text)) : null;

    private static TResult Told<TResult>(Option<string?> option, Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (VersionFormatException e)
        {
            throw new UsageException($"{option.Name}: {e.Message}");
        }
    }
}
