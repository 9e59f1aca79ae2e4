using System.Globalization;
using System.Text.Json;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing;

/// <summary>JSON of upstream, read with no leniency: wrong types, missing members and duplicate keys are errors that name file and place.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Parses a document whose top is an object.</summary>
    public static JsonDocument Parse(string name, string text)
    {
        try
        {
            var document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new SourceFormatException(name, "$", $"expected an object, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException e)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"line {(e.LineNumber ?? 0) + 1}");
            throw new SourceFormatException(name, place, e.Message, e);
        }
    }

    /// <summary>A member of the type asked for.</summary>
    public static JsonElement Member(string name, string path, JsonElement parent, string member, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(member, out var value))
            throw new SourceFormatException(name, path, $"member '{member}' is missing.");
        return value.ValueKind == kind ? value : throw new SourceFormatException(name, $"{path}.{member}", $"expected {kind}, found {value.ValueKind}.");
    }

    /// <summary>A member that is a text and not empty.</summary>
    public static string Text(string name, string path, JsonElement parent, string member)
    {
        var text = Member(name, path, parent, member, JsonValueKind.String).GetString()!;
        return text.Length > 0 ? text : throw new SourceFormatException(name, $"{path}.{member}", "is empty.");
    }
}
