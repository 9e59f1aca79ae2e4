using System.Globalization;
using CudaCompat.Data.Live;

namespace CudaCompat.Data.Report;

/// <summary>What a live refresh found, as Markdown, which a terminal shows well enough: failures, then the news of each source, then the plans that change.</summary>
internal static class NewsReport
{
    private const int Shown = 40;

    /// <summary>The report.</summary>
    public static string Of(LiveResult result, string oldVersion, (IReadOnlyList<PlanDifference> Differences, int Machines)? plans)
    {
        // What vanished or conflicts is written down in the history; the facts, and so their version, stay.
        var title = !result.HasNews ? $"# Nothing new; data {oldVersion}" : oldVersion == result.DataVersion ? $"# Data {oldVersion}: the facts stay, their history changed" : $"# Data {oldVersion} → {result.DataVersion}";
        var lines = new List<string> { title, "" };
        foreach (var failed in result.Outcomes.Where(o => o.Failure is not null))
            lines.Add($"- **{failed.Source.Id} failed; its last good rows stay**: {failed.Failure}");
        if (result.HasFailures)
            lines.Add("");
        foreach (var outcome in result.Outcomes.Where(o => o.HasNews || o.Notes.Count > 0))
            AddSource(lines, outcome);
        if (plans is var (differences, machines))
            AddPlans(lines, differences, machines);
        return string.Join('\n', lines).TrimEnd() + "\n";
    }

    private static void AddSource(List<string> lines, SourceOutcome outcome)
    {
        lines.Add($"## {outcome.Source.Id} ({outcome.Source.Title})");
        lines.Add("");
        foreach (var subject in outcome.Changes.Where(c => c.IsNew).GroupBy(c => c.Subject).OrderBy(g => Rank(g.Key)))
            AddList(lines, $"new in {subject.Key}", subject.Select(c => c.Key));
        AddList(lines, "changed", outcome.Changes.SelectMany(c => c.Fields.Where(f => !f.Kept).Select(f => $"{c.Subject}, {c.Key}: {f.Field} {f.Old ?? "unknown"} → {f.New}")));
        AddList(lines, "CONFLICT, the data keeps what it had", outcome.Conflicts.Select(c => $"{c.Subject}, {c.Key}: {Alarm(c.Field)}{c.Field} {c.Kept}, upstream says {c.Stated}"));
        AddList(lines, "vanished upstream, kept and marked", outcome.Vanished.Select(v => $"{v.Subject}, {v.Key}: last seen {v.LastSeen}"));
        AddList(lines, "listed again", outcome.Returned.Select(v => $"{v.Subject}, {v.Key}"));
        AddList(lines, "remarks", outcome.Notes.Distinct(StringComparer.Ordinal));
        lines.Add("");
    }

    // A checksum that changes is no news but an alarm.
    private static string Alarm(string field) => field is "sha256" or "checksum" ? "ALARM: " : "";

    // Releases first, then builds, then their files.
    private static int Rank(string subject) => subject switch { "toolkits" or "cudnn" or "torch-releases" => 0, "builds" or "driver-requirements" => 1, "build-files" or "redist-components" or "cudnn-files" => 3, _ => 2 };

    private static void AddPlans(List<string> lines, IReadOnlyList<PlanDifference> differences, int machines)
    {
        lines.Add("## Plans");
        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{differences.Count} of {machines} machines get another plan."));
        lines.Add("");
        foreach (var difference in differences)
        {
            lines.Add($"- {difference.Machine}");
            lines.Add($"  - before: {difference.Before}");
            lines.Add($"  - now: {difference.After}");
        }
    }

    private static void AddList(List<string> lines, string title, IEnumerable<string> items)
    {
        var all = items.ToList();
        if (all.Count == 0)
            return;
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"- {title}: {all.Count}"));
        lines.AddRange(all.Take(Shown).Select(i => "  - " + i));
        if (all.Count > Shown)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  - … and {all.Count - Shown} more"));
    }
}
