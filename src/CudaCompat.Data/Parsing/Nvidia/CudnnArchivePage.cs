using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;
using CudaCompat.Versions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A label of the cuDNN archive.</summary>
/// <param name="Version">8.9.7, 5.1, 1.</param>
/// <param name="Candidate">"RC2" where the label names a release candidate.</param>
/// <param name="Label">"for CUDA 12.x" as printed.</param>
/// <param name="Cuda">What the label means, null where it names no CUDA.</param>
/// <param name="Date">yyyy-MM-dd, null where the label has none.</param>
internal sealed record CudnnLabel(int Line, DottedVersion Version, string? Candidate, string Label, CudaRange? Cuda, string? Date);

/// <summary>
/// The labels of NVIDIA's cuDNN archive, one a line: "Download cuDNN v8.9.7 (December 5th, 2023), for CUDA 12.x". "12.x" is every 12.y,
/// "11.1" is 11.1 alone, "11.0,11.1 and 11.2" and "9.1 &amp; 9.2" are those, "7.0 and later." is 7.0 on. Months are full, short or
/// misspelt ("Feburary", "Sept"), days with or without ending, a space after the comma may lack.
/// </summary>
internal static partial class CudnnArchivePage
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Reads the labels.</summary>
    public static IReadOnlyList<CudnnLabel> Parse(string name, string text)
    {
        var labels = new List<CudnnLabel>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            if (line.Length > 0)
                labels.Add(Label(name, number, line));
        }

        return labels.Count > 0 ? labels : throw new SourceFormatException(name, "text", "no label.");
    }

    /// <summary>What "for CUDA …" means, or null.</summary>
    public static CudaRange? Meaning(string label)
    {
        const string prefix = "for CUDA ";
        if (!label.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var text = label[prefix.Length..].TrimEnd('.', ' ');
        text = text.EndsWith(" and later", StringComparison.Ordinal)
            ? text[..^" and later".Length] + "+"
            : text.Replace(" and ", ",", StringComparison.Ordinal).Replace(" & ", ",", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return CudaRange.TryParse(text, out var range) ? range : null;
    }

    private static CudnnLabel Label(string name, int number, string line)
    {
        var match = Form().Match(line);
        if (!match.Success || !DottedVersion.TryParse(match.Groups["version"].Value, out var version))
            throw new SourceFormatException(name, TextLines.Place(number), $"'{line}' is no label.");
        var candidate = match.Groups["candidate"] is { Success: true } rc ? rc.Value : null;
        var label = match.Groups["label"] is { Success: true } l ? l.Value : "";
        var meaning = Meaning(label);
        if (label.Length > 0 && meaning is null)
            throw new SourceFormatException(name, TextLines.Place(number), $"'{label}' names no CUDA version.");
        return new CudnnLabel(number, version, candidate, label, meaning, match.Groups["month"].Success ? Date(name, number, match) : null);
    }

    private static string Date(string name, int number, Match match)
    {
        var month = Array.IndexOf(Months, match.Groups["month"].Value[..3].ToLowerInvariant()) + 1;
        var day = int.Parse(match.Groups["day"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return month > 0 && day is > 0 and < 32
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups["year"].Value}-{month:00}-{day:00}")
            : throw new SourceFormatException(name, TextLines.Place(number), $"'{match.Value}' has no date.");
    }

    [GeneratedRegex(@"^Download cuDNN v(?<version>\d+(?:\.\d+)*)(?: (?<candidate>RC\d+))? (?:\((?<month>[A-Z][a-z]{2,}) (?<day>\d{1,2})(?:st|nd|rd|th)?, ?(?<year>\d{4})\), (?<label>for CUDA .+)|\(cuDNN [^)]*\))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
