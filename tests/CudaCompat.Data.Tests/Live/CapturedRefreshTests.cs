using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Live;

/// <summary>The captured documents, served under their true addresses, give what the replay from disk gave.</summary>
public class CapturedRefreshTests(Xunit.Abstractions.ITestOutputHelper told) : LiveTest
{
    // The captures of these are older than what else is known of them, or a cut of the whole: what they lack is lost on paper, and only that.
    private static readonly string[] Behind = ["wheels-torch", "wheels-torchvision", "wheels-torchaudio", "conda-linux"];

    // Words about a fact, and how surely it is known, differ by who told it.
    private static readonly string[] Words = ["sources", "evidence", "note", "label", "known", "pythonsKnown"];

    private static readonly string[] Listed = ["build-files", "builds", "redist-components", "cudnn-files", "forward-compat", "toolkit-installers", "driver-requirements"];

    // Tables that were harvested from the served documents.
    private static readonly string[] Derived = ["nvidia/redist_components", "nvidia/forward_compat", "nvidia/cudnn", "nvidia/cuda_installers", "nvidia/driver_min", "pytorch/wheels", "pytorch/conda_builds"];

    // What a reader of one page cannot tell, because the replay had it from somewhere else.
    private static readonly (string Why, Func<string, string, JsonObject, JsonObject?, bool> Holds)[] Explanations =
    [
        ("the live index keeps its own address, the captured page links to a copy on another host", (s, f, r, n) => s == "build-files" && f == "url" && FileName(r) == FileName(n!)),
        ("the page has no hash of this file; a lock file had", (s, f, r, n) => s == "build-files" && f == "sha256" && n!["sha256"] is null && r["sources"]!.ToJsonString().Contains("pytorch/wheels", StringComparison.Ordinal)),
        ("md5sum.txt has no sizes", (s, f, r, n) => s == "toolkit-installers" && f == "size" && n!["size"] is null),
        ("the old archive's label narrows the CUDA versions of a package that its manifest calls by the major", (s, f, r, _) => s == "cudnn-files" && f == "missing" && r["sources"]!.ToJsonString().Contains("nvidia/cudnn\"", StringComparison.Ordinal)),
        ("inferred from a sibling, no page lists it", (s, f, r, _) => s == "builds" && f == "missing" && r["known"]!.ToString() == "inferred"),
        ("the default build of a companion follows from commands", (s, f, r, n) => s == "builds" && f == "default" && r["package"]!.ToString() != "torch"),
        ("the Pythons of a pure wheel are those of its torch", (s, f, r, n) => s == "builds" && f == "pythons" && r["tag"] is null && n!["pythons"]!.AsArray().Count == 0),
        ("the word that selects a CPU build of a companion is its torch's", (s, f, r, n) => s == "builds" && f == "requires" && r["package"]!.ToString() != "torch"),
    ];

    [CapturesFact]
    public void Refresh_EveryCaptureServed_ChangesNothingAndTheSecondTimeDownloadsNothing()
    {
        CapturedUpstream.Serve(Upstream);
        var before = WithoutHistory();
        var (recording, other) = (Path.Combine(Folder, "recording"), Path.Combine(Folder, "other"));
        CopyData(other);
        var watch = Stopwatch.StartNew();
        var (code, output, error) = RefreshAll("--record", recording);
        told.WriteLine($"first run: {watch.Elapsed.TotalSeconds:0.0} s, {Upstream.Log.Count} requests\n{output}{error}");
        code.Should().Be(5, "the files that the captures lack count as vanished");
        output.Should().NotContain("new in ").And.NotContain("changed:").And.NotContain("CONFLICT").And.NotContain("failed");
        WithoutHistory().Except(before).Select(f => f.Key).Should().BeEmpty("no file of data/ may differ");
        var facts = FactStore.Load(Data).BuildFiles;
        var sources = facts.Rows.ToDictionary(facts.KeyOf, r => r.Sources);
        using var vanished = JsonDocument.Parse(Read("history/vanished.json"));
        vanished.RootElement.GetProperty("rows").EnumerateArray().Should().OnlyContain(v => Behind.Contains(v.GetProperty("source").GetString()) && !sources[v.GetProperty("key").GetString()!].Any(IsServed));

        Upstream.Log.Clear();
        Run(["refresh", "--from", recording, "--out", other, .. Only]).Code.Should().Be(5);
        Upstream.Log.Should().BeEmpty("a replay asks nobody");
        Snapshot(other).Should().Equal(Snapshot(), "a recording gives what the live run gave");
        watch.Restart();
        var (again, said, _) = RefreshAll();
        told.WriteLine($"second run: {watch.Elapsed.TotalSeconds:0.0} s");
        again.Should().Be(0, said);
        Upstream.Log.Should().OnlyContain(r => r.Status == 304 || r.Status == 404, "what is unchanged is not sent again");
    }

    [CapturesFact]
    public void Refresh_RowsOfTheCapturesTakenOut_BringsThemBackAsTheReplayGaveThem()
    {
        CapturedUpstream.Serve(Upstream);
        var taken = TakeOut();
        var (code, output, error) = RefreshAll();
        told.WriteLine(output + error);
        code.Should().Be(5);
        var differences = new List<(string Subject, string Key, string Field, JsonObject Row, JsonObject? Fresh)>();
        foreach (var (subject, rows) in taken)
        {
            var now = FactStore.Load(Data)[subject].Json().ToDictionary(r => r.Key, r => r.Row);
            foreach (var (key, row) in rows)
            {
                if (!now.TryGetValue(key, out var fresh))
                    differences.Add((subject, key, "missing", row, null));
                else
                    differences.AddRange(row.Select(f => f.Key).Union(fresh.Select(f => f.Key)).Where(f => !Words.Contains(f) && !JsonNode.DeepEquals(row[f], fresh[f])).Select(f => (subject, key, f, row, (JsonObject?)fresh)));
            }
        }

        var unexplained = differences.Where(d => !Explanations.Any(e => e.Holds(d.Subject, d.Field, d.Row, d.Fresh))).Select(d => $"{d.Subject}: {d.Key}: {d.Field} {d.Row[d.Field]?.ToJsonString()} -> {d.Fresh?[d.Field]?.ToJsonString()}").ToList();
        told.WriteLine($"{taken.Sum(t => t.Value.Count)} rows taken out, {differences.Count} fields differ");
        foreach (var (why, holds) in Explanations)
            told.WriteLine($"{differences.Count(d => holds(d.Subject, d.Field, d.Row, d.Fresh))}: {why}");
        unexplained.Should().BeEmpty();
        taken.Sum(t => t.Value.Count).Should().BeGreaterThan(10_000);
        differences.Count(d => d.Field != "url").Should().BeLessThan(100);
    }

    private static IEnumerable<string> Only => [.. CapturedUpstream.Sources.SelectMany(s => new[] { "--only", s }), .. Accepted];

    private static IEnumerable<string> Accepted => Behind.SelectMany(b => new[] { "--accept-loss", b });

    private (int Code, string Output, string Error) RefreshAll(params string[] more) => Refresh(string.Join(' ', CapturedUpstream.Sources), [.. Accepted, .. more]);

    private Dictionary<string, string> WithoutHistory() => Snapshot().Where(f => !f.Key.StartsWith("history", StringComparison.Ordinal)).ToDictionary();

    private static string FileName(JsonObject row) => row["url"]!.ToString() is var url ? url[(url.LastIndexOf('/') + 1)..].Replace("%2B", "+", StringComparison.Ordinal) : "";

    private static bool IsServed(string source) => CapturedUpstream.SourceIds.Any(s => source.StartsWith(s, StringComparison.Ordinal));

    // What the listings and tables give, and no other document: whole rows, which only their readers can bring back.
    private static bool IsTakenOut(string subject, JsonObject row) => Listed.Contains(subject) && row["sources"]!.AsArray().Select(s => s!.ToString()) is var sources && sources.Any(IsServed) && sources.All(s => subject == "builds" ? s.Contains("/whl-index.", StringComparison.Ordinal) || s.Contains("repodata", StringComparison.Ordinal) : IsServed(s) || Derived.Contains(s));

    private Dictionary<string, Dictionary<string, JsonObject>> TakeOut()
    {
        var taken = new Dictionary<string, Dictionary<string, JsonObject>>();
        foreach (var set in FactStore.Load(Data).Sets.Where(s => s.Count > 0))
        {
            var rows = set.Json().ToList();
            var gone = rows.Where(r => IsTakenOut(set.Subject, r.Row)).ToList();
            if (gone.Count == 0)
                continue;
            taken.Add(set.Subject, gone.ToDictionary(r => r.Key, r => r.Row));
            var stay = rows.Except(gone).Select(r => r.Row.ToJsonString());
            File.WriteAllText(Path.Combine(Data, set.Subject + ".json"), $$"""{"subject": "{{set.Subject}}", "rows": [{{string.Join(",\n", stay)}}]}""");
        }

        return taken;
    }
}
