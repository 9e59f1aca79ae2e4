using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Text;

/// <summary>Reads the version out of cudnn_version.h (cuDNN 8 and later) or cudnn.h (before), whole or as grep shows it.</summary>
internal static partial class CudnnHeaderText
{
    public static DottedVersion? Parse(string text)
    {
        string? major = null, minor = null, patch = null, number = null;
        foreach (Match define in Define().Matches(text.Length > PastedText.MaximumLength ? text[..PastedText.MaximumLength] : text))
        {
            var value = define.Groups["v"].Value;
            switch (define.Groups["name"].Value)
            {
                case "MAJOR":
                    major ??= value;
                    break;
                case "MINOR":
                    minor ??= value;
                    break;
                case "PATCHLEVEL":
                    patch ??= value;
                    break;
                default:
                    number ??= value;
                    break;
            }
        }

        if (major is not null && minor is not null)
            return DottedVersion.TryParse($"{major}.{minor}.{patch ?? "0"}", out var version) ? version : null;
        return number is not null ? OfNumber(int.Parse(number, CultureInfo.InvariantCulture)) : null;
    }

    /// <summary>The number that cudnnGetVersion gives: 8907 is 8.9.7, 90100 is 9.1.0 (the weights changed with 9).</summary>
    internal static DottedVersion? OfNumber(int number)
    {
        var weight = number >= 90000 ? 10000 : 1000;
        return number < 1000 ? null : DottedVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{number / weight}.{number % weight / 100}.{number % 100}"));
    }

    [GeneratedRegex(@"\bCUDNN_(?<name>MAJOR|MINOR|PATCHLEVEL|VERSION)[ \t]+(?<v>\d{1,6})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Define();
}
