using System.Globalization;
using CudaCompat.Data.Live;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Report;

/// <summary>
/// What a live refresh found, as Markdown, which a terminal shows well enough: failures, then the plans that change, in groups of machines, then the news of each source.
/// </summary>
internal static class NewsReport
{
    private const int Shown = 40;

    /// <summary>The report.</summary>
    public static string Of(LiveResult result, string oldVersion, PlanDifferences? plans)
    {
        var title = !result.HasNews ? $"# Nothing new; data {result.Data.DataVersion}" : $"# Data {oldVersion} → {result.Data.DataVersion}";
        var lines = new List<string> { title, "" };
        foreach (var failed in result.Outcomes.Where(o => o.Failure is not null))
            lines.Add($"- **{failed.Source.Id} failed; what it said before stays**: {failed.Failure}");
        foreach (var (source, what) in result.Outcomes.SelectMany(o => o.Work.Unread.Select(u => (o.Source.Id, u))))
            lines.Add($"- **{source} names what could not be read**: {what}");
        foreach (var alarm in result.Data.Facts.Alarms)
            lines.Add($"- **{alarm}**. Next: see which is right, and write that row into data/curated/facts/");
        if (lines.Count > 2)
            lines.Add("");
        if (plans is not null)
            AddPlans(lines, plans);
        foreach (var outcome in result.Outcomes.Where(o => o.HasNews || o.Work.Notes.Count > 0 || o.Work.Left.Count > 0))
            AddSource(lines, outcome);
        if (result.Derived.Count > 0 || result.Conflicts.Any())
        {
            lines.Add("## What follows");
            lines.Add("");
            AddChanges(lines, result.Derived);
            AddList(lines, "CONFLICT, the data keeps what it had", result.Conflicts.Select(c => c.ToString()));
        }

        return string.Join('\n', lines).TrimEnd() + "\n";
    }

    private static void AddSource(List<string> lines, SourceOutcome outcome)
    {
        lines.Add($"## {outcome.Source.Id} ({outcome.Source.Title})");
        lines.Add("");
        AddChanges(lines, outcome.Changes);
        AddList(lines, "vanished upstream, kept and marked", outcome.Vanished.Select(v => $"{v.Subject}, {v.Key}: last seen {v.LastSeen}"));
        AddList(lines, "listed again", outcome.Returned.Select(v => $"{v.Subject}, {v.Key}"));
        AddList(lines, "left out", outcome.Work.Left.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Value} {l.Key}")));
        AddList(lines, "remarks", outcome.Work.Notes.Distinct(StringComparer.Ordinal));
        lines.Add("");
    }

    private static void AddChanges(List<string> lines, IReadOnlyList<RowChange> changes)
    {
        foreach (var subject in changes.Where(c => c.IsNew).GroupBy(c => c.Subject).OrderBy(g => Rank(g.Key)))
            AddList(lines, $"new in {subject.Key}", subject.Select(c => c.Key));
        AddList(lines, "changed", changes.SelectMany(c => c.Fields.Select(f => $"{c.Subject}, {c.Key}: {f.Field} {f.Old ?? "unknown"} → {f.New}")));
    }

    // Releases first, then builds, then their files.
    private static int Rank(string subject) => subject switch { "toolkits" or "cudnn" or "torch-releases" => 0, "builds" or "driver-requirements" => 1, "build-files" or "redist-components" or "cudnn-files" => 3, _ => 2 };

    private static void AddPlans(List<string> lines, PlanDifferences plans)
    {
        lines.Add("## Plans");
        lines.Add("");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{plans.Changes.Sum(c => c.Machines.Count)} of {plans.Machines} machines get another plan."));
        lines.Add("");
        foreach (var change in plans.Changes)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"- {change.Machines.Count}: {change.What}\n  - {PlanDifferences.Group(change.Machines)}"));
        lines.Add("");
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
