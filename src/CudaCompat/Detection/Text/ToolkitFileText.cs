using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What version.json or version.txt of a toolkit says.</summary>
/// <param name="Toolkit">The toolkit as printed; the third number may be a date (11.8.20220929).</param>
/// <param name="Nvcc">The compiler component.</param>
/// <param name="BundledDriver">The driver that came with the installer; says nothing about the driver that runs.</param>
internal sealed record ToolkitFileFacts(string Toolkit, string? Nvcc, string? BundledDriver)
{
    /// <summary>The toolkit as a version; X.Y where the third number is a date.</summary>
    public CudaVersion? Version => CudaVersion.TryParse(Toolkit, out var whole) ? whole
        : Toolkit.Split('.') is [var major, var minor, ..] && CudaVersion.TryParse($"{major}.{minor}", out var release) ? release
        : null;
}

/// <summary>Reads version.json (CUDA 11.1 and later, whole or a fragment of it) and version.txt (before).</summary>
internal static partial class ToolkitFileText
{
    public static ToolkitFileFacts? ParseJson(string text)
    {
        var flat = PastedText.Flatten(PastedText.Lines(text));
        return Component(flat, "cuda") is { } toolkit ? new ToolkitFileFacts(toolkit, Component(flat, "cuda_nvcc"), Component(flat, "nvidia_driver")) : null;
    }

    /// <summary>The "CUDA Version" line; "CUDA Patch Version" lines name cuBLAS patches and count for nothing.</summary>
    public static ToolkitFileFacts? ParseText(string text) =>
        VersionLine().Match(PastedText.Flatten(PastedText.Lines(text))) is { Success: true } line ? new ToolkitFileFacts(line.Groups["v"].Value, null, null) : null;

    private static string? Component(string flat, string name)
    {
        foreach (Match component in Entry().Matches(flat))
        {
            if (component.Groups["name"].Value == name)
                return component.Groups["v"].Value;
        }

        return null;
    }

    [GeneratedRegex(@"""(?<name>[a-z_0-9]{1,64})"" ?: ?\{ ?(?:""name"" ?: ?""[^""]{0,80}"" ?, ?)?""version"" ?: ?""(?<v>[0-9.]{3,24})""", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\bCUDA Version:? (?<v>\d+\.\d+(?:\.\d+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();
}
