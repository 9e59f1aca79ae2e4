using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Planning;

/// <summary>The JSON shape of a plan, made at compile time so that it survives trimming. Fields that are null are written as null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(InstallPlan))]
internal sealed partial class InstallPlanJson : JsonSerializerContext
{
    private static InstallPlanJson? readable;

    /// <summary>Signs such as '+' stay readable.</summary>
    internal static InstallPlanJson Readable => readable ??= new InstallPlanJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
