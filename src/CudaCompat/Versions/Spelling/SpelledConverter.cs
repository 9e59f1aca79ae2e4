using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions.Spelling;

/// <summary>Reads a value of a document as people spell it, and writes it as the contract does.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal abstract class SpelledConverter<T>(FieldSpelling field) : JsonConverter<T?>
    where T : struct
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SpelledText.Read(ref reader, field) is { } text ? Value(text) : null;

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        if (value is { } known)
            writer.WriteStringValue(TextOf(known));
        else
            writer.WriteNullValue();
    }

    protected abstract T? Value(string text);

    protected virtual string TextOf(T value) => value.ToString()!;
}

/// <summary>Reads a version.</summary>
internal abstract class SpelledVersion<T>(FieldSpelling field) : SpelledConverter<T>(field)
    where T : struct, IVersionText<T>
{
    protected override T? Value(string text) => T.Parse(text);
}

/// <summary>Reads a name.</summary>
internal abstract class SpelledName<T>(FieldSpelling field, NamedEnumConverter<T> names) : SpelledConverter<T>(field)
    where T : struct, Enum
{
    protected override T? Value(string text) => names.TryParse(text, out var value) ? value : null;

    protected override string TextOf(T value) => names.NameOf(value);
}

/// <summary>Reads the text of a value; what is wrong becomes an error of the document.</summary>
internal static class SpelledText
{
    public static string? Read(ref Utf8JsonReader reader, FieldSpelling field)
    {
        // A number without quotes is not taken: JSON makes 3.1 of Python 3.10.
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"expected a string, found {reader.TokenType}.");
        try
        {
            return field.Read(reader.GetString()!, ReadingNotes.Current);
        }
        catch (VersionFormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
