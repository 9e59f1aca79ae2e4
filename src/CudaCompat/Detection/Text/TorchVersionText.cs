using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What torch/version.py says.</summary>
/// <param name="Version">The version, with its label.</param>
/// <param name="Cuda">The CUDA that it was built with; null where there is none or none is named.</param>
/// <param name="IsCpu">True where the file says that there is none, and no ROCm either.</param>
internal sealed record TorchVersionFacts(PackageVersion Version, CudaVersion? Cuda, bool IsCpu);

/// <summary>Reads version.py of torch, torchvision and torchaudio as text; nothing is imported.</summary>
internal static partial class TorchVersionText
{
    public static TorchVersionFacts? Parse(string text)
    {
        var bounded = text.Length > 65536 ? text[..65536] : text;
        if (VersionLine().Match(bounded) is not { Success: true } line || !PackageVersion.TryParse(line.Groups["v"].Value, out var version))
            return null;
        CudaVersion? cuda = CudaLine().Match(bounded) is { Success: true } named && CudaVersion.TryParse(named.Groups["v"].Value, out var built) ? built : null;
        return new TorchVersionFacts(version, cuda, cuda is null && NoCudaLine().IsMatch(bounded) && !HipLine().IsMatch(bounded));
    }

    [GeneratedRegex(@"^__version__\s*(?::[^=\n]{1,40})?=\s*['""](?<v>[^'""\n]{1,64})['""]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^cuda\s*(?::[^=\n]{1,40})?=\s*['""](?<v>[0-9.]{3,12})['""]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CudaLine();

    [GeneratedRegex(@"^cuda\s*(?::[^=\n]{1,40})?=\s*None\b", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NoCudaLine();

    [GeneratedRegex(@"^hip\s*(?::[^=\n]{1,40})?=\s*['""]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex HipLine();
}
