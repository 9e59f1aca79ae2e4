using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Versions.Spelling;

/// <summary>The driver of a machine document.</summary>
internal sealed class SpelledDriver() : SpelledVersion<DriverVersion>(FieldSpelling.Driver);

/// <summary>maxCuda of a machine document.</summary>
internal sealed class SpelledMaxCuda() : SpelledVersion<CudaVersion>(FieldSpelling.MaxCuda);

/// <summary>The Python of a machine or a request.</summary>
internal sealed class SpelledPython() : SpelledVersion<PythonVersion>(FieldSpelling.Python);

/// <summary>glibc of a machine document.</summary>
internal sealed class SpelledGlibc() : SpelledVersion<DottedVersion>(FieldSpelling.Glibc);

/// <summary>gcc of a machine document.</summary>
internal sealed class SpelledGcc() : SpelledVersion<DottedVersion>(FieldSpelling.Gcc);

/// <summary>clang of a machine document.</summary>
internal sealed class SpelledClang() : SpelledVersion<DottedVersion>(FieldSpelling.Clang);

/// <summary>MSVC of a machine document.</summary>
internal sealed class SpelledMsvc() : SpelledVersion<DottedVersion>(FieldSpelling.Msvc);

/// <summary>A GPU's compute capability.</summary>
internal sealed class SpelledCapability() : SpelledVersion<ComputeCapability>(FieldSpelling.ComputeCapability);

/// <summary>torchvision of a stack.</summary>
internal sealed class SpelledTorchvision() : SpelledVersion<PackageVersion>(FieldSpelling.Torchvision);

/// <summary>torchaudio of a stack.</summary>
internal sealed class SpelledTorchaudio() : SpelledVersion<PackageVersion>(FieldSpelling.Torchaudio);

/// <summary>cuDNN of a stack.</summary>
internal sealed class SpelledCudnn() : SpelledVersion<DottedVersion>(FieldSpelling.Cudnn);

/// <summary>The tag of a stack.</summary>
internal sealed class SpelledCudaTag() : SpelledVersion<CudaTag>(FieldSpelling.CudaTag);

/// <summary>The toolkit of a stack; a major alone stands for its newest release.</summary>
internal sealed class SpelledToolkit() : SpelledConverter<CudaVersion>(FieldSpelling.Toolkit)
{
    /// <summary>The version that a text of the strict form is.</summary>
    public static CudaVersion Of(string text) => CudaVersion.TryParse(text, out var version) ? version : CudaVersion.OfMajor(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    protected override CudaVersion? Value(string text) => Of(text);
}

/// <summary>torch of a stack: a version or, as what is said of several, a range or the name of no version.</summary>
internal sealed class SpelledTorch : JsonConverter<PackageVersion?>
{
    /// <summary>What a text says of torch.</summary>
    /// <exception cref="VersionFormatException">The text has no meaning here.</exception>
    public static PackageVersion? Of(string text, ReadingNotes? notes)
    {
        if (SpelledSpec.IsRange(text) && notes is not null && VersionSpec.TryParse(SpelledSpec.WithoutName(text), out var range) && range.Exact is null)
        {
            notes.TorchRange = range;
            return null;
        }

        return FieldSpelling.Torch.Parse<PackageVersion>(text, notes);
    }

    public override PackageVersion? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"expected a string, found {reader.TokenType}.");
        try
        {
            return Of(reader.GetString()!, ReadingNotes.Current);
        }
        catch (VersionFormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, PackageVersion? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());
}
