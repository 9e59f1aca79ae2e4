using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Matrix;

/// <summary>The JSON shapes of data/, made at compile time so that they survive trimming.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SourceRow))]
[JsonSerializable(typeof(ToolkitRow))]
[JsonSerializable(typeof(InstallerRow))]
[JsonSerializable(typeof(RedistRow))]
[JsonSerializable(typeof(DriverRequirementRow))]
[JsonSerializable(typeof(DriverCudaRow))]
[JsonSerializable(typeof(DriverReportRow))]
[JsonSerializable(typeof(DriverReleaseRow))]
[JsonSerializable(typeof(ForwardCompatRow))]
[JsonSerializable(typeof(ArchitectureRow))]
[JsonSerializable(typeof(CudnnRow))]
[JsonSerializable(typeof(CudnnFileRow))]
[JsonSerializable(typeof(CudnnSupportRow))]
[JsonSerializable(typeof(GpuRow))]
[JsonSerializable(typeof(PciGpuRow))]
[JsonSerializable(typeof(HostCompilerRow))]
[JsonSerializable(typeof(JetsonRow))]
[JsonSerializable(typeof(BuildRow))]
[JsonSerializable(typeof(BuildFileRow))]
[JsonSerializable(typeof(ArchListRow))]
[JsonSerializable(typeof(RequirementRow))]
[JsonSerializable(typeof(CompanionRow))]
[JsonSerializable(typeof(DefaultBuildRow))]
[JsonSerializable(typeof(InstallCommandRow))]
[JsonSerializable(typeof(TorchReleaseRow))]
[JsonSerializable(typeof(NvccNumberRow))]
[JsonSerializable(typeof(DriverBranchRow))]
[JsonSerializable(typeof(CoverageRow))]
[JsonSerializable(typeof(CompanionRuleRow))]
[JsonSerializable(typeof(InstallFormRow))]
[JsonSerializable(typeof(InstallPlaceRow))]
[JsonSerializable(typeof(ToolkitLayoutRow))]
[JsonSerializable(typeof(RedistPartRow))]
[JsonSerializable(typeof(InstallerComponentRow))]
[JsonSerializable(typeof(PackageNameRow))]
[JsonSerializable(typeof(RepositoryRow))]
[JsonSerializable(typeof(MirrorRow))]
[JsonSerializable(typeof(StepNoteRow))]
[JsonSerializable(typeof(WheelRow))]
[JsonSerializable(typeof(WheelPartRow))]
[JsonSerializable(typeof(WheelLayoutRow))]
[JsonSerializable(typeof(AdvisoryRow))]
internal sealed partial class MatrixJson : JsonSerializerContext
{
    private static MatrixJson? readable;

    /// <summary>As written to disk: characters outside ASCII and signs such as '+' stay readable.</summary>
    internal static MatrixJson Readable => readable ??= new MatrixJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
