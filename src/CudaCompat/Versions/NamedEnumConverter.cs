using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions;

/// <summary>Reads and writes an enumeration by the names that documents use, exactly and in no other spelling.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal abstract class NamedEnumConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private readonly (T Value, string Name)[] _names;

    private protected NamedEnumConverter(params (T Value, string Name)[] names) => _names = names;

    /// <summary>The accepted names, in order.</summary>
    public IEnumerable<string> Names => _names.Select(n => n.Name);

    /// <summary>The document name of <paramref name="value"/>.</summary>
    public string NameOf(T value)
    {
        foreach (var (candidate, name) in _names)
        {
            if (EqualityComparer<T>.Default.Equals(candidate, value))
                return name;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "not a named value.");
    }

    /// <summary>The value named <paramref name="name"/>; false where there is none.</summary>
    public bool TryParse(string? name, out T value)
    {
        foreach (var (candidate, candidateName) in _names)
        {
            if (candidateName == name)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var (candidate, name) in _names)
            {
                if (reader.ValueTextEquals(name))
                    return candidate;
            }
        }

        throw new JsonException($"expected one of {string.Join(", ", Names)}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));
}
