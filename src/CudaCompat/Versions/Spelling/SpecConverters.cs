using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace CudaCompat.Versions.Spelling;

/// <summary>Reads which versions a request wants: ranges as they are, everything else as its field is spelt.</summary>
internal abstract partial class SpelledSpec(FieldSpelling field) : JsonConverter<VersionSpec>
{
    private static readonly SearchValues<char> RangeSigns = SearchValues.Create("<>!~,*");
    private const string Request = "request"; // forms that only a request has

    /// <summary>What a text asks of a field; null where it asks for nothing.</summary>
    /// <exception cref="VersionFormatException">The text has no meaning here, or more than one.</exception>
    public static VersionSpec? Of(string text, FieldSpelling field, ReadingNotes? notes)
    {
        if (field.FormOf(Request, text, notes) is { } asked)
            return asked.Length == 0 ? null : VersionSpec.Parse(asked);
        if (IsRange(text) && VersionSpec.TryParse(WithoutName(text), out var range))
            return range;
        return field.Read(text, notes) is { } version ? VersionSpec.Parse(version) : null;
    }

    /// <summary>True for clauses of a range; "==2.8.0" is one version.</summary>
    public static bool IsRange(string text) => text.AsSpan().ContainsAny(RangeSigns);

    /// <summary>"torch>=2.4" without the name.</summary>
    public static string WithoutName(string text) => Name().Replace(text.Trim(), "", 1);

    public override VersionSpec? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"expected a string, found {reader.TokenType}.");
        try
        {
            return Of(reader.GetString()!, field, ReadingNotes.Current);
        }
        catch (VersionFormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, VersionSpec value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    [GeneratedRegex(@"^(?:(?:py)?torch(?:[ _-]?(?:vision|audio))?|cuda(?:[ _-]?toolkit)?|cudnn) ?(?=[<>=!~])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}

/// <summary>torch of a request.</summary>
internal sealed class SpelledTorchSpec() : SpelledSpec(FieldSpelling.Torch);

/// <summary>torchvision of a request.</summary>
internal sealed class SpelledTorchvisionSpec() : SpelledSpec(FieldSpelling.Torchvision);

/// <summary>torchaudio of a request.</summary>
internal sealed class SpelledTorchaudioSpec() : SpelledSpec(FieldSpelling.Torchaudio);

/// <summary>The toolkit of a request.</summary>
internal sealed class SpelledToolkitSpec() : SpelledSpec(FieldSpelling.Toolkit);

/// <summary>cuDNN of a request.</summary>
internal sealed class SpelledCudnnSpec() : SpelledSpec(FieldSpelling.Cudnn);

/// <summary>cuda of a request: a tag, or cu12 for every CUDA 12.</summary>
internal sealed class SpelledCuda : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SpelledText.Read(ref reader, FieldSpelling.CudaTag);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>packaging of a request.</summary>
internal sealed class SpelledInstaller : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SpelledText.Read(ref reader, FieldSpelling.Installer);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>components of a request.</summary>
internal sealed class SpelledComponents : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a list [...] is expected here.");
        var components = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (SpelledText.Read(ref reader, FieldSpelling.Component) is { } component && !components.Contains(component))
                components.Add(component);
        }

        return components;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var component in value)
            writer.WriteStringValue(component);
        writer.WriteEndArray();
    }
}
