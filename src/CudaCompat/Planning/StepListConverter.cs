using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CudaCompat.Planning;

/// <summary>
/// Reads and writes the steps of a plan. The downloads of a toolkit are the same in every plan and most of its text, so on one line (in
/// batches) their text is written once and copied from then on.
/// </summary>
internal sealed class StepListConverter : JsonConverter<IReadOnlyList<InstallStep>>
{
    private static readonly ConditionalWeakTable<InstallStep, Text> Shared = [];

    /// <summary>Says that a step will stand in many plans.</summary>
    public static void Share(InstallStep step) => Shared.AddOrUpdate(step, new Text());

    public override IReadOnlyList<InstallStep> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("expected a list of steps.");
        var type = TypeOf(options);
        var steps = new List<InstallStep>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            steps.Add(JsonSerializer.Deserialize(ref reader, type) ?? throw new JsonException("null is not a step."));
        return steps;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<InstallStep> value, JsonSerializerOptions options)
    {
        var type = TypeOf(options);
        writer.WriteStartArray();
        foreach (var step in value)
        {
            if (!options.WriteIndented && Shared.TryGetValue(step, out var text))
                writer.WriteRawValue(text.Of(step, type, options), skipInputValidation: true);
            else
                JsonSerializer.Serialize(writer, step, type);
        }

        writer.WriteEndArray();
    }

    private static JsonTypeInfo<InstallStep> TypeOf(JsonSerializerOptions options) => (JsonTypeInfo<InstallStep>)options.GetTypeInfo(typeof(InstallStep));

    /// <summary>The text of one step under the options that it was last written with.</summary>
    private sealed class Text
    {
        private (JsonSerializerOptions Options, byte[] Bytes)? _written;

        public byte[] Of(InstallStep step, JsonTypeInfo<InstallStep> type, JsonSerializerOptions options)
        {
            lock (this)
            {
                if (_written is not { } written || !ReferenceEquals(written.Options, options))
                    _written = written = (options, JsonSerializer.SerializeToUtf8Bytes(step, type));
                return written.Bytes;
            }
        }
    }
}
