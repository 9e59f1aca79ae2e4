using System.Globalization;
using CudaCompat.Data.History;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Report;

/// <summary>The age of every live source, stale ones first.</summary>
internal static class StatusReport
{
    /// <summary>Writes one line a source.</summary>
    public static void Write(IReadOnlyList<LiveSource> sources, LearnedFacts learned, DateOnly today, TextWriter output)
    {
        var rows = sources.Select(s => (Source: s, Age: Age(learned, s, today))).OrderByDescending(r => r.Age is null).ThenByDescending(r => r.Age > r.Source.Days).ThenByDescending(r => r.Age).ThenBy(r => r.Source.Id, StringComparer.Ordinal);
        foreach (var (source, age) in rows)
        {
            var state = age is null ? "never read" : age > source.Days ? "STALE" : "fresh";
            var ages = age is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {age} days old (stale after {source.Days})");
            output.WriteLine($"{state,-10}  {source.Id}{ages}: {source.Title}");
        }
    }

    private static int? Age(LearnedFacts learned, LiveSource source, DateOnly today) =>
        learned.Read.TryGetValue(source.Id, out var check) && DateOnly.TryParseExact(check.Good, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var good) ? today.DayNumber - good.DayNumber : null;
}
