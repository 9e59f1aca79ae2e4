using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>A release with its date on the archive page or the history page.</summary>
/// <param name="Label">As printed: "13.4.0 Developer Preview", "10.1 Update 2".</param>
/// <param name="Date">yyyy-MM, or yyyy-MM-dd where the page gives the day; null where only the name is captured.</param>
internal sealed record ArchiveEntry(int Line, string Label, string? Date);

/// <summary>
/// The CUDA Toolkit archive page: its Markdown form, its text, its anchors, a table "label | month", and the history page with exact
/// days ("2025/01/23 12.8"). Lines of other forms are prose.
/// </summary>
internal static partial class ToolkitArchivePage
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Reads the page.</summary>
    public static IReadOnlyList<ArchiveEntry> Parse(string name, string text)
    {
        var entries = new List<ArchiveEntry>();
        foreach (var (number, line) in TextLines.Of(text))
        {
            if (Listed().Match(line) is { Success: true } listed)
                entries.Add(new ArchiveEntry(number, listed.Groups["label"].Value, Month(name, number, listed)));
            else if (Anchor().Match(line) is { Success: true } anchor)
                entries.Add(new ArchiveEntry(number, anchor.Groups["label"].Value, null));
            else if (Tabled().Match(line) is { Success: true } tabled)
                entries.Add(new ArchiveEntry(number, tabled.Groups["label"].Value, Month(name, number, tabled)));
            else
                entries.AddRange(Dated().Matches(line).Select(m => new ArchiveEntry(number, History(m), m.Groups["day"].Value.Replace('/', '-'))));
        }

        return entries.Count > 0 ? entries : throw new SourceFormatException(name, "text", "no release was found.");
    }

    private static string History(Match match) => match.Groups["update"] is { Success: true } update
        ? $"{match.Groups["minor"].Value} Update {update.Value}"
        : match.Groups["minor"].Value + " GA";

    private static string Month(string name, int line, Match match)
    {
        var month = Array.IndexOf(Months, match.Groups["month"].Value[..3].ToLowerInvariant()) + 1;
        return month > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{match.Groups["year"].Value}-{month:00}")
            : throw new SourceFormatException(name, TextLines.Place(line), $"'{match.Groups["month"].Value}' is no month.");
    }

    [GeneratedRegex(@"^\[?CUDA Toolkit (?<label>\d[\d.]*(?: Developer Preview)?)\]? ?(?:\(/[^)]*\) ?)?\((?<month>[A-Z][a-z]{2,}) (?<year>\d{4})\)", RegexOptions.CultureInvariant)]
    private static partial Regex Listed();

    [GeneratedRegex("^<a href=\"/[^\"]*\">CUDA Toolkit (?<label>[^<]+)</a>", RegexOptions.CultureInvariant)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"^(?<label>[A-Za-z0-9][^|]*?) \| (?<month>[A-Z][a-z]{2,}) (?<year>\d{4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tabled();

    [GeneratedRegex(@"(?<day>\d{4}/\d\d/\d\d) (?<minor>\d+\.\d+)(?:u(?<update>\d+))?(?:;|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Dated();
}
