using System.Globalization;
using System.Text.RegularExpressions;

namespace CudaCompat.Data.Parsing.Nvidia;

/// <summary>Dates as NVIDIA's pages write them: November 2026, Nov. 2026, November 3rd, 2026; months full, short or misspelt ("Feburary", "Sept").</summary>
internal static class Months
{
    private static readonly string[] Names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>yyyy-MM-dd, or yyyy-MM without a day, of the groups month, day and year; null where they are no date.</summary>
    public static string? Date(Match match)
    {
        var month = Array.IndexOf(Names, match.Groups["month"].Value[..3].ToLowerInvariant()) + 1;
        var day = match.Groups["day"] is { Success: true } d ? int.Parse(d.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return month == 0 || day > 31 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{match.Groups["year"].Value}-{month:00}{(day == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{day:00}"))}");
    }
}
