using System.Globalization;
using CudaCompat.Data.Said;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Report;

/// <summary>The age of what each source says, by the file of data/ that it speaks of: live sources that were never read first, then the oldest.</summary>
internal static class StatusReport
{
    /// <summary>Writes one line a subject and source.</summary>
    public static void Write(IReadOnlyList<LiveSource> sources, IReadOnlyList<SaidFile> files, DateOnly today, TextWriter output)
    {
        var live = sources.ToDictionary(s => s.Id, StringComparer.Ordinal);
        foreach (var source in sources.Where(s => files.All(f => f.Name != SaidFile.NameOf(s.Id))))
            output.WriteLine($"never read  {source.Id}: {source.Title}");
        var days = files.SelectMany(f => f.Sources).ToDictionary(s => s.Id, s => s.Retrieved, StringComparer.Ordinal);
        var ages = files.SelectMany(f => f.Rows).SelectMany(r => r.Value.GetProperty("sources").EnumerateArray().Select(s => (Subject: r.Key, Source: s.GetString()!)))
            .GroupBy(r => (r.Subject, Group: Group(r.Source)))
            .Select(g => (g.Key.Subject, g.Key.Group, Rows: g.Count(), Day: g.Select(r => days.GetValueOrDefault(r.Source)).Max(StringComparer.Ordinal)))
            .Select(r => (r.Subject, r.Group, r.Rows, r.Day, Age: Age(r.Day, today)));
        foreach (var row in ages.OrderByDescending(r => r.Age ?? int.MaxValue).ThenBy(r => r.Subject, StringComparer.Ordinal).ThenBy(r => r.Group, StringComparer.Ordinal))
        {
            var state = row.Age is null ? "undated" : live.TryGetValue(row.Group, out var source) && row.Age > source.Days ? "STALE" : live.ContainsKey(row.Group) ? "fresh" : "kept";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state,-10}  {row.Subject}: {row.Group}, {row.Rows} rows{(row.Age is { } age ? $", {age} days old (read {row.Day})" : "")}"));
        }
    }

    // Documents that were captured are many: the two folders above them say what they are.
    private static string Group(string source) => string.Join('/', source.Split('/').Take(2));

    private static int? Age(string? day, DateOnly today) =>
        DateOnly.TryParseExact(day?.Length == 7 ? day + "-01" : day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? today.DayNumber - read.DayNumber : null;
}
