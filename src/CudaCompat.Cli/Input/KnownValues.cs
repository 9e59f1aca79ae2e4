using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Cli.Input;

/// <summary>Values of options that the data knows, for the shells' completion. Without blanks, since a shell would take a name apart.</summary>
internal static class KnownValues
{
    /// <summary>GPU names, with underscores for blanks, which are read as well.</summary>
    public static IEnumerable<string> Gpus() => CompatibilityMatrix.Embedded.Data.Gpus
        .Select(gpu => gpu.Name.Replace("NVIDIA ", "", StringComparison.Ordinal).Replace("GeForce ", "", StringComparison.Ordinal))
        .Where(name => name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-'))
        .Select(name => name.Replace(' ', '_')).Distinct(StringComparer.Ordinal);

    /// <summary>Released versions of torch.</summary>
    public static IEnumerable<string> Torches() => Builds().Select(build => build.Version.WithoutLabel).Where(version => !version.IsPrerelease).Select(version => version.ToString()).Distinct(StringComparer.Ordinal);

    /// <summary>Tags of builds of torch.</summary>
    public static IEnumerable<string> Tags() => Builds().Select(build => build.Tag.ToString()).Distinct(StringComparer.Ordinal);

    /// <summary>Released toolkits.</summary>
    public static IEnumerable<string> Toolkits() => CompatibilityMatrix.Embedded.Toolkits.Select(toolkit => toolkit.ToString());

    /// <summary>Keys of <c>data where</c>.</summary>
    public static IEnumerable<string> Keys() =>
        [.. Torches().Select(torch => "torch:" + torch), .. Toolkits().Select(toolkit => "toolkit:" + toolkit), .. Gpus().Select(gpu => "gpu:" + gpu)];

    private static PlatformBuilds Builds() => CompatibilityMatrix.Embedded.Builds.For(Packaging.Pip, OperatingSystemFamily.Linux, CpuArchitecture.X64);
}
