using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Machines;
using CudaCompat.Versions;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Choosing;

/// <summary>The CUDA of a candidate: a release, a major alone (12, 12.x), a tag, or none.</summary>
internal sealed class SpelledBuildCuda : JsonConverter<CudaVersion?>
{
    private const string AnyMinor = ".x";

    public override CudaVersion? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && Of(reader.GetString()!) is { } version)
            return version;
        return SpelledText.Read(ref reader, FieldSpelling.CudaTag) is { } tag ? CudaTag.Parse(tag).Cuda : null;
    }

    public override void Write(Utf8JsonWriter writer, CudaVersion? value, JsonSerializerOptions options)
    {
        if (value is { } cuda)
            writer.WriteStringValue(cuda.ToString());
        else
            writer.WriteNullValue();
    }

    private static CudaVersion? Of(string text)
    {
        if (CudaVersion.TryParse(text, out var version))
            return version;
        var major = text.EndsWith(AnyMinor, StringComparison.OrdinalIgnoreCase) ? text[..^AnyMinor.Length] : text;
        return FieldSpelling.Toolkit.TryRead(major, out var value) && value == major && !value.Contains('.', StringComparison.Ordinal)
            ? SpelledToolkit.Of(value) : null;
    }
}

/// <summary>A list of compute capabilities, each in any spelling of one.</summary>
internal sealed class SpelledCapabilities : JsonConverter<IReadOnlyList<ComputeCapability>>
{
    public override IReadOnlyList<ComputeCapability>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("a list of compute capabilities [\"8.6\", …] is expected here.");
        var list = new List<ComputeCapability>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (SpelledText.Read(ref reader, FieldSpelling.ComputeCapability) is not { } text)
                throw new JsonException("a compute capability such as 8.6 is expected here.");
            list.Add(ComputeCapability.Parse(text));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ComputeCapability> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var capability in value)
            writer.WriteStringValue(capability.ToString());
        writer.WriteEndArray();
    }
}

/// <summary>The system that a candidate is for.</summary>
internal sealed class SpelledBuildSystem()
    : SpelledName<OperatingSystemFamily>(FieldSpelling.OperatingSystem, OperatingSystemNames.Instance);
