using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Versions.Spelling;

namespace CudaCompat.Machines;

/// <summary>The operating system of a machine document, which has to be there.</summary>
internal sealed class SpelledOperatingSystem : JsonConverter<OperatingSystemFamily>
{
    public override OperatingSystemFamily Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OperatingSystemNames.Instance.TryParse(SpelledText.Read(ref reader, FieldSpelling.OperatingSystem), out var system)
            ? system
            : throw new JsonException($"expected one of {string.Join(", ", OperatingSystemNames.Instance.Names)}.");

    public override void Write(Utf8JsonWriter writer, OperatingSystemFamily value, JsonSerializerOptions options) =>
        writer.WriteStringValue(OperatingSystemNames.Instance.NameOf(value));
}

/// <summary>The processor of a machine document.</summary>
internal sealed class SpelledArchitecture() : SpelledName<CpuArchitecture>(FieldSpelling.Architecture, CpuArchitectureNames.Instance);
