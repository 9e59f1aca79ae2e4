using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>The ways in which tables write the CUDA versions of a cuDNN release.</summary>
internal static partial class CudnnRanges
{
    /// <summary>"&gt;=11.0,&lt;12.0" → 11.x, "==10.2.*" → 10.2, "==11.0.*|==11.1.*" → 11.0,11.1, "&gt;=7.0" → 7.0+; null for another form.</summary>
    public static CudaRange? OfHarvest(string text)
    {
        if (Major().Match(text) is { Success: true } major)
            return CudaRange.Parse(major.Groups[1].Value + ".x");
        if (From().Match(text) is { Success: true } from)
            return CudaRange.Parse(from.Groups[1].Value + "+");
        return Exact().IsMatch(text) ? CudaRange.Parse(text.Replace("==", "", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal).Replace('|', ',')) : null;
    }

    /// <summary>12.x of cuda12 or of a file name with _cuda12 or _cuda13.4: the archive serves the whole major.</summary>
    public static CudaRange? OfVariant(string text) => Variant().Match(text) is { Success: true } match ? CudaRange.Parse(match.Groups[1].Value + ".x") : null;

    /// <summary>The first major of a range: 12 of 12.x, of 12.0 and of 12.1,12.2.</summary>
    public static int MajorOf(CudaRange range) => DottedVersion.Parse(range.ToString().Split('.', ',', '+')[0]).Major;

    [GeneratedRegex(@"^>=(\d+)\.0,<\d+\.0\z", RegexOptions.CultureInvariant)]
    private static partial Regex Major();

    [GeneratedRegex(@"^>=(\d+\.\d+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex From();

    [GeneratedRegex(@"^==\d+\.\d+\.\*(?:\|==\d+\.\d+\.\*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Exact();

    [GeneratedRegex(@"(?:^|_)cuda(\d+)(?:\.\d+)?(?:\z|-| )", RegexOptions.CultureInvariant)]
    private static partial Regex Variant();
}
