using System.Diagnostics;
using System.Text.Json.Nodes;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Tests.Live;

/// <summary>The captured documents, served under their true addresses, give what was harvested of them.</summary>
public class CapturedRefreshTests(Xunit.Abstractions.ITestOutputHelper told) : LiveTest
{
    // The captures of these are older than what else is known of them, or a cut of the whole: what they lack is lost on paper, and only that.
    private static readonly string[] Behind = ["wheels-torch", "wheels-torchvision", "wheels-torchaudio", "conda-linux"];

    // An excerpt of releases.json has two branches, and is told so.
    private const string Excerpt = "driver-releases names what could not be read";

    // Words about a fact, and how surely it is known, differ by who told it.
    private static readonly string[] Words = ["sources", "evidence", "note", "label", "known", "pythonsKnown"];

    private static readonly string[] Listed = ["build-files", "builds", "redist-components", "cudnn-files", "forward-compat", "toolkit-installers", "driver-requirements"];

    // Tables that were harvested from the served documents.
    private static readonly string[] Derived = ["nvidia/redist_components", "nvidia/forward_compat", "nvidia/cudnn", "nvidia/cuda_installers", "nvidia/driver_min", "pytorch/wheels", "pytorch/conda_builds"];

    // What a reader of one page cannot tell, because the harvest had it from somewhere else.
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
        var before = Facts();
        var (recording, other) = (Path.Combine(Folder, "recording"), Path.Combine(Folder, "other"));
        CopyData(other);
        var watch = Stopwatch.StartNew();
        var (code, output, error) = RefreshAll("--record", recording);
        told.WriteLine($"first run: {watch.Elapsed.TotalSeconds:0.0} s, {Upstream.Log.Count} requests\n{output}{error}");
        OnlyTheExcerptIsRed(code, output);
        output.Should().NotContain("new in ").And.NotContain("changed:").And.NotContain("CONFLICT");
        Facts().Except(before).Select(f => f.Key).Should().BeEmpty("no file of data/ may differ");
        var facts = FactStore.Load(Data).BuildFiles;
        var sources = facts.Rows.ToDictionary(facts.KeyOf, r => r.Sources);
        var gone = CapturedUpstream.Sources.Select(s => (Source: s, JsonNode.Parse(Said(s))!["live"]!["gone"]!.AsArray())).SelectMany(s => s.Item2.Select(g => (s.Source, Key: g!["key"]!.ToString()))).ToList();
        gone.Should().NotBeEmpty().And.OnlyContain(g => Behind.Contains(g.Source) && !sources[g.Key].Any(IsServed));

        Upstream.Log.Clear();
        Run(["refresh", "--from", recording, "--out", other, .. Only]).Code.Should().Be(1);
        Upstream.Log.Should().BeEmpty("a recording asks nobody");
        Snapshot(other).Should().Equal(Snapshot(), "a recording gives what the live run gave");
        watch.Restart();
        var (again, said, _) = RefreshAll();
        told.WriteLine($"second run: {watch.Elapsed.TotalSeconds:0.0} s");
        OnlyTheExcerptIsRed(again, said);
        said.Should().StartWith("# Nothing new");
        Upstream.Log.Should().OnlyContain(r => r.Status == 304 || r.Status == 404, "what is unchanged is not sent again");
    }

    [CapturesFact]
    public void Refresh_RowsOfTheCapturesTakenOut_BringsThemBackAsTheyWereHarvested()
    {
        CapturedUpstream.Serve(Upstream);
        var taken = TakeOut();
        var (code, output, error) = RefreshAll();
        told.WriteLine(output + error);
        OnlyTheExcerptIsRed(code, output);
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

    private static void OnlyTheExcerptIsRed(int code, string output)
    {
        code.Should().Be(1);
        output.Split('\n').Where(l => l.StartsWith("- **", StringComparison.Ordinal)).Should().ContainSingle().Which.Should().Contain(Excerpt);
    }

    private static IEnumerable<string> Only => [.. CapturedUpstream.Sources.SelectMany(s => new[] { "--only", s }), .. Accepted];

    private static IEnumerable<string> Accepted => Behind.SelectMany(b => new[] { "--accept-loss", b });

    private (int Code, string Output, string Error) RefreshAll(params string[] more) => Refresh(string.Join(' ', CapturedUpstream.Sources), [.. Accepted, .. more]);

    // The day on which a source was read is another one now; what it says is the same.
    private Dictionary<string, string> Facts() => Snapshot().Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal) && !f.Key.Contains("said", StringComparison.Ordinal) && f.Key is not ("sources.json" or "manifest.json")).ToDictionary();

    private static string FileName(JsonObject row) => row["url"]!.ToString() is var url ? url[(url.LastIndexOf('/') + 1)..].Replace("%2B", "+", StringComparison.Ordinal) : "";

    private static bool IsServed(string source) => CapturedUpstream.SourceIds.Any(s => source.StartsWith(s, StringComparison.Ordinal));

    // What the listings and tables give, and no other document: whole rows, which only their readers can bring back.
    private static bool IsTakenOut(string subject, JsonObject row) => Listed.Contains(subject) && row["sources"]?.AsArray().Select(s => s!.ToString()) is { } sources && sources.Any(IsServed) && sources.All(s => subject == "builds" ? s.Contains("/whl-index.", StringComparison.Ordinal) || s.Contains("repodata", StringComparison.Ordinal) : IsServed(s) || Derived.Contains(s));

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
            EditSaid(set.Subject, r => IsTakenOut(set.Subject, r) ? null : r);
        }

        return taken;
    }
}
