using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>The ways in which tables write the CUDA versions of a cuDNN release.</summary>
internal static partial class CudnnRanges
{
    /// <summary>12.x of cuda12 or of a file name with _cuda12 or _cuda13.4: the archive serves the whole major.</summary>
    public static CudaRange? OfVariant(string text) => Variant().Match(text) is { Success: true } match ? CudaRange.Parse(match.Groups[1].Value + ".x") : null;

    /// <summary>The first major of a range: 12 of 12.x, of 12.0 and of 12.1,12.2.</summary>
    public static int MajorOf(CudaRange range) => DottedVersion.Parse(range.ToString().Split('.', ',', '+')[0]).Major;

    [GeneratedRegex(@"(?:^|_)cuda(\d+)(?:\.\d+)?(?:\z|-| )", RegexOptions.CultureInvariant)]
    private static partial Regex Variant();
}
