using System.Text.RegularExpressions;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What nvcc --version prints.</summary>
/// <param name="Release">The toolkit's X.Y.</param>
/// <param name="NvccVersion">The compiler component's own version, which from CUDA 11 on is not the toolkit's patch.</param>
/// <param name="Build">The build line's name, since 11.0.</param>
/// <param name="OperatingSystem">Windows where the build date spells its time zone out, as only Windows builds do.</param>
internal sealed record NvccFacts(CudaVersion Release, DottedVersion NvccVersion, string? Build, OperatingSystemFamily? OperatingSystem)
{
    /// <summary>The toolkit's version as far as nvcc knows it: before 11.0 the third number is the toolkit's own.</summary>
    public CudaVersion Toolkit => Release.Major < FirstWithComponents && NvccVersion.Parts == 3 && NvccVersion.Major == Release.Major && NvccVersion.Minor == Release.Minor
        ? new CudaVersion(Release.Major, Release.Minor, NvccVersion.Patch is var patch and <= 9999 ? patch : null)
        : Release;

    // Since CUDA 11 the components of a toolkit count for themselves (NVIDIA's release notes, "CUDA Toolkit Major Components").
    private const int FirstWithComponents = 11;
}

/// <summary>Reads nvcc --version.</summary>
internal static partial class NvccText
{
    public static NvccFacts? Parse(string text)
    {
        if (!text.Contains("release", StringComparison.Ordinal))
            return null;
        var flat = PastedText.Flatten(PastedText.Lines(text));
        if (Release().Match(flat) is not { Success: true } release
            || !CudaVersion.TryParse(release.Groups["release"].Value, out var version)
            || !DottedVersion.TryParse(release.Groups["nvcc"].Value, out var nvcc))
            return null;
        var build = Build().Match(flat, release.Index);
        return new NvccFacts(
            version,
            nvcc,
            build.Success ? build.Groups["build"].Value : null,
            WindowsDate().IsMatch(flat) ? OperatingSystemFamily.Windows : null);
    }

    [GeneratedRegex(@"release (?<release>\d{1,3}\.\d{1,2}), ?V(?<nvcc>\d+\.\d+\.\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Release();

    [GeneratedRegex(@"Build (?<build>cuda_[A-Za-z0-9._/-]{3,80})", RegexOptions.CultureInvariant)]
    private static partial Regex Build();

    [GeneratedRegex(@"Built on [A-Za-z]{3}_[A-Za-z0-9_:]{10,40}_(?:Standard|Daylight)_Time_\d{4}", RegexOptions.CultureInvariant)]
    private static partial Regex WindowsDate();
}
