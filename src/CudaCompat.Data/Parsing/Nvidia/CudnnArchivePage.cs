using System.Text.RegularExpressions;
using CudaCompat.Data.Live;
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
    /// <summary>Reads the labels.</summary>
    /// <param name="work">Told of each label that cannot be read.</param>
    public static IReadOnlyList<CudnnLabel> Parse(LiveWork work, string text)
    {
        var labels = new List<CudnnLabel>();
        foreach (var (number, line) in TextLines.Of(text).Where(l => l.Text.Length > 0))
        {
            if (Label(number, line) is { } label)
                labels.Add(label);
            else
                work.LeaveUnreadable(line, "a label of no known form");
        }

        return labels;
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

    private static CudnnLabel? Label(int number, string line)
    {
        var match = Form().Match(line);
        if (!match.Success || !DottedVersion.TryParse(match.Groups["version"].Value, out var version))
            return null;
        var candidate = match.Groups["candidate"] is { Success: true } rc ? rc.Value : null;
        var label = match.Groups["label"] is { Success: true } l ? l.Value : "";
        var (meaning, date) = (Meaning(label), match.Groups["month"].Success ? Months.Date(match) : null);
        return label.Length > 0 && (meaning is null || date is null) ? null : new CudnnLabel(number, version, candidate, label, meaning, date);
    }

    [GeneratedRegex(@"^Download cuDNN v(?<version>\d+(?:\.\d+)*)(?: (?<candidate>RC\d+))? (?:\((?<month>[A-Z][a-z]{2,}) (?<day>\d{1,2})(?:st|nd|rd|th)?, ?(?<year>\d{4})\), (?<label>for CUDA .+)|\(cuDNN [^)]*\))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
