using System.Text.Json.Serialization;
using CudaCompat.Versions;

namespace CudaCompat.Verification;

/// <summary>How a check ended.</summary>
[JsonConverter(typeof(VerificationStatusNames))]
public enum VerificationStatus
{
    /// <summary>It is there and as it should be.</summary>
    Passed,

    /// <summary>It is there and is not as it should be, or it should be there and is not.</summary>
    Failed,

    /// <summary>It is not there, and nothing says that it should be.</summary>
    NotThere,
}

/// <summary>The document names of <see cref="VerificationStatus"/>.</summary>
public sealed class VerificationStatusNames() : NamedEnumConverter<VerificationStatus>(
    (VerificationStatus.Passed, "passed"), (VerificationStatus.Failed, "failed"), (VerificationStatus.NotThere, "not-there"))
{
    internal static readonly VerificationStatusNames Instance = new();
}

/// <summary>One check of a stack.</summary>
/// <param name="Name">nvcc | cudnn | torch | torchvision | torchaudio | kernel | compile.</param>
/// <param name="Subject">What was looked at: a path, a package, a GPU.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Expected">What the plan or the caller expects, null where nothing is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Cause">On failure: the likely cause.</param>
/// <param name="Next">On failure: what to do next.</param>
public sealed record VerificationCheck(
    string Name, string Subject, VerificationStatus Status, string? Expected, string? Found, string Message, string? Cause = null, string? Next = null);

/// <summary>What a verification found.</summary>
/// <param name="Checks">Each check, a kernel check for each GPU.</param>
public sealed record VerificationReport(IReadOnlyList<VerificationCheck> Checks)
{
    /// <summary>True where no check failed. What is neither there nor expected does not count.</summary>
    public bool Succeeded => Checks.All(c => c.Status != VerificationStatus.Failed);

    /// <summary>True where at least one check passed and none failed: something was really proved.</summary>
    public bool Proved => Succeeded && Checks.Any(c => c.Status == VerificationStatus.Passed);

    /// <summary>The report as UTF-8 JSON.</summary>
    public byte[] ToJson() => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(this, VerificationJson.Readable.VerificationReport);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerificationReport))]
[JsonSerializable(typeof(ProbeAnswer))]
internal sealed partial class VerificationJson : JsonSerializerContext
{
    private static VerificationJson? readable;

    internal static VerificationJson Readable => readable ??= new VerificationJson(new System.Text.Json.JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
