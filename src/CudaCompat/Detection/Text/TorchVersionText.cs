using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>What torch/version.py says.</summary>
internal sealed record TorchVersionFacts(PackageVersion Version, CudaVersion? Cuda);

/// <summary>Reads version.py of torch, torchvision and torchaudio as text; nothing is imported.</summary>
internal static partial class TorchVersionText
{
    public static TorchVersionFacts? Parse(string text)
    {
        var bounded = text.Length > 65536 ? text[..65536] : text;
        if (VersionLine().Match(bounded) is not { Success: true } line || !PackageVersion.TryParse(line.Groups["v"].Value, out var version))
            return null;
        return new TorchVersionFacts(version, CudaLine().Match(bounded) is { Success: true } cuda && CudaVersion.TryParse(cuda.Groups["v"].Value, out var built) ? built : null);
    }

    [GeneratedRegex(@"^__version__\s*(?::[^=\n]{1,40})?=\s*['""](?<v>[^'""\n]{1,64})['""]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^cuda\s*(?::[^=\n]{1,40})?=\s*['""](?<v>[0-9.]{3,12})['""]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CudaLine();
}
