using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CudaCompat.Planning;

/// <summary>
/// Reads and writes the steps of a plan. Steps that stand in many plans are most of the text of a batch: on one line they are written out
/// once and copied from then on.
/// </summary>
internal sealed class StepListConverter : JsonConverter<IReadOnlyList<InstallStep>>
{
    private static readonly ConditionalWeakTable<IReadOnlyList<InstallStep>, Text> Shared = [];

    /// <summary>Says that these steps will stand in many plans.</summary>
    public static void Share(IReadOnlyList<InstallStep> steps) => Shared.AddOrUpdate(steps, new Text());

    public override IReadOnlyList<InstallStep> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("expected a list of steps.");
        var type = TypeOf(options);
        var steps = new List<InstallStep>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            try
            {
                steps.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null is not a step."));
            }
            catch (NotSupportedException e)
            {
                throw new JsonException("a step has a kind: download, toolkit, cudnn, python, torch, environment, verify or repair.", $"$.steps[{steps.Count}].kind", null, null, e);
            }
            catch (JsonException e)
            {
                // The inner reader counts its path from the step.
                throw new JsonException(e.Message, $"$.steps[{steps.Count}]{e.Path?.TrimStart('$')}", e.LineNumber, e.BytePositionInLine, e);
            }
        }

        return steps;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<InstallStep> value, JsonSerializerOptions options)
    {
        if (!options.WriteIndented && Shared.TryGetValue(value, out var text))
            writer.WriteRawValue(text.Of(value, options), skipInputValidation: true);
        else
            WriteEach(writer, value, TypeOf(options));
    }

    private static void WriteEach(Utf8JsonWriter writer, IReadOnlyList<InstallStep> steps, JsonTypeInfo<InstallStep> type)
    {
        writer.WriteStartArray();
        foreach (var step in steps)
            JsonSerializer.Serialize(writer, step, type);
        writer.WriteEndArray();
    }

    private static JsonTypeInfo<InstallStep> TypeOf(JsonSerializerOptions options) => (JsonTypeInfo<InstallStep>)options.GetTypeInfo(typeof(InstallStep));

    /// <summary>The text of a list of steps under the options that it was last written with.</summary>
    private sealed class Text
    {
        private readonly Lock _gate = new();
        private (JsonSerializerOptions Options, byte[] Bytes)? _written;

        public byte[] Of(IReadOnlyList<InstallStep> steps, JsonSerializerOptions options)
        {
            lock (_gate)
            {
                if (_written is { } written && ReferenceEquals(written.Options, options))
                    return written.Bytes;
                using var stream = new MemoryStream();
                using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = options.Encoder }))
                    WriteEach(writer, steps, TypeOf(options));
                var bytes = stream.ToArray();
                _written = (options, bytes);
                return bytes;
            }
        }
    }
}
