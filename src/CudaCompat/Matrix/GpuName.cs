using System.Text;

namespace CudaCompat.Matrix;

/// <summary>
/// A GPU name taken apart. Three keys, each looser than the one before: the letters and digits without NVIDIA's brands; the words without
/// form factors and memory sizes, in alphabetical order ("3090RTX" is "RTX 3090"); the words without the product line too ("5070Ti").
/// </summary>
internal readonly record struct GpuName(string Compact, string Words, string Model, bool Truncated, bool HasModel, bool Foreign)
{
    // Vendors and brands that say nothing about the chip.
    private static readonly string[] Brands = ["nvidia", "corporation", "geforce", "tesla", "graphics", "gpu", "r", "tm", "device"];

    // Form factors, coolers and designs: the same chip family under one name.
    private static readonly string[] Forms =
        ["laptop", "mobile", "notebook", "max", "q", "with", "design", "pcie", "sxm", "sxm2", "sxm3", "sxm4", "sxm5", "sxm6", "nvl", "hbm2", "hbm2e", "hbm3", "hbm3e", "super", "edition", "founders", "lhr", "oem", "rev", "dgx", "hgx", "mig"];

    private static readonly string[] Lines = ["rtx", "gtx", "gt", "gts", "quadro", "rt", "gx"];

    private static readonly string[] OtherVendors = ["amd", "radeon", "intel", "arc", "matrox", "ati", "iris", "uhd", "apple", "adreno", "mali"];

    public static GpuName Of(string name)
    {
        var text = name.Trim();
        var truncated = text.EndsWith("...", StringComparison.Ordinal) || text.EndsWith('…');
        var parts = SplitWords(text);
        var foreign = false;
        var compact = new StringBuilder();
        var words = new List<string>();
        var model = new List<string>();
        var hasModel = false;
        foreach (var part in parts)
        {
            foreign |= OtherVendors.Contains(part, StringComparer.Ordinal);
            if (Brands.Contains(part, StringComparer.Ordinal))
                continue;
            compact.Append(part);
            hasModel |= part.Any(char.IsAsciiDigit) || part.Length > 2;
            if (IsMemory(part))
                continue;
            var form = Forms.Contains(part, StringComparer.Ordinal);
            if (form && part != "super")
                continue;
            words.Add(part);
            if (!Lines.Contains(part, StringComparer.Ordinal))
                model.Add(part);
        }

        words.Sort(StringComparer.Ordinal);
        model.Sort(StringComparer.Ordinal);
        return new GpuName(compact.ToString(), string.Join(' ', words), string.Join(' ', model), truncated, hasModel && words.Count > 0 && model.Count > 0, foreign);
    }

    private static bool IsMemory(string part) =>
        part.Length > 2 && part.EndsWith("gb", StringComparison.Ordinal) && part.AsSpan(0, part.Length - 2).IndexOfAnyExceptInRange('0', '9') < 0;

    // Words are runs of letters and digits; a run such as "3090rtx", "2080ti" or "16gb" is one where a number and its letters belong together
    // (p100, k80, 940mx, 16gb) and two where a product line or a known suffix is glued to the number.
    private static List<string> SplitWords(string text)
    {
        var result = new List<string>();
        var i = 0;
        while (i < text.Length)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
                i++;
            AddRun(result, text[start..i].ToLowerInvariant());
        }

        return result;
    }

    private static void AddRun(List<string> result, string run)
    {
        foreach (var line in (ReadOnlySpan<string>)["geforce", "quadro", "rtx", "gtx", "gts", "titan"])
        {
            if (run.Length > line.Length && run.StartsWith(line, StringComparison.Ordinal) && (char.IsAsciiDigit(run[line.Length]) || line is "titan" or "geforce" or "quadro"))
            {
                result.Add(line);
                AddRun(result, run[line.Length..]);
                return;
            }

            if (run.Length > line.Length && run.EndsWith(line, StringComparison.Ordinal) && char.IsAsciiDigit(run[^(line.Length + 1)]))
            {
                AddRun(result, run[..^line.Length]);
                result.Add(line);
                return;
            }
        }

        foreach (var suffix in (ReadOnlySpan<string>)["tisuper", "super", "ti"])
        {
            if (run.Length > suffix.Length + 2 && run.EndsWith(suffix, StringComparison.Ordinal) && char.IsAsciiDigit(run[^(suffix.Length + 1)]))
            {
                result.Add(run[..^suffix.Length]);
                if (suffix == "tisuper")
                    result.AddRange(["ti", "super"]);
                else
                    result.Add(suffix);
                return;
            }
        }

        result.Add(run);
    }
}
