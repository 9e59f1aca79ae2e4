using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>Which toolkits can be had as packages of the default index: those with nvcc and everything that it does not work without.</summary>
internal static class WheelToolkits
{
    private const string Toolkit = "toolkit";

    /// <summary>The packages of a toolkit for a platform that are for one use (compiler, headers).</summary>
    public static WheelRow[] Parts(InstallData data, CudaVersion toolkit, string platform, string use)
    {
        var named = data.WheelParts.Where(p => p.Use == use).Select(p => p.Package).ToHashSet(StringComparer.Ordinal);
        return Array.FindAll(Of(data, toolkit), w => named.Contains(w.Package) && w.Platforms.Contains(platform));
    }

    /// <summary>True where the packages of a toolkit compile on a platform.</summary>
    public static bool IsWhole(InstallData data, CudaVersion toolkit, string platform) =>
        Parts(data, toolkit, platform, "compiler") is { Length: > 0 } parts
        && Array.Exists(parts, p => p.Compiler == true)
        && data.WheelParts.All(p => p.Use != "compiler" || Array.Exists(parts, w => w.Package == p.Package));

    /// <summary>The package that has ptxas alone in place of nvcc; null where there is none.</summary>
    public static WheelRow? WithoutCompiler(InstallData data, CudaVersion toolkit) => Array.Find(Of(data, toolkit), w => w.Compiler == false);

    /// <summary>The package of a cuDNN for a CUDA major; null where there is none for the platform.</summary>
    public static WheelRow? Cudnn(InstallData data, DottedVersion cudnn, CudaVersion cuda, string platform) =>
        Array.Find(data.WheelsOf("cudnn", cudnn), w => w.Package.EndsWith($"-cu{cuda.Major}", StringComparison.Ordinal) && w.Platforms.Contains(platform));

    /// <summary>The version of a package that a build of torch pins, by itself or through the release of cuda-toolkit that it asks for; null where none is known.</summary>
    public static (string Pin, string[] Sources)? PinOf(InstallData data, PackageVersion torch, CudaTag tag, string package)
    {
        var requirements = data.RequirementsOf(torch, tag);
        if (Array.Find(requirements, r => r.Requirement == package) is { } own)
            return (own.Version, own.Sources);
        if (Array.Find(requirements, r => r.Requirement == "cuda-toolkit") is not { } meta || !DottedVersion.TryParse(meta.Version, out var release))
            return null;
        // 13.0.3.0 and 13.0.3 are one release.
        var toolkit = DottedVersion.Parse(string.Join('.', release.ToString().Split('.').Take(3)));
        return Array.Find(data.WheelsOf(Toolkit, toolkit), w => w.Package == package) is { } part ? (part.Pin, [.. meta.Sources, .. part.Sources]) : null;
    }

    private static WheelRow[] Of(InstallData data, CudaVersion toolkit) => data.WheelsOf(Toolkit, DottedVersion.Parse(toolkit.ToString()));
}
