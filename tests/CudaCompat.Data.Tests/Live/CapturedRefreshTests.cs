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

    [CapturesFact]
    public void Refresh_EveryCaptureServed_ChangesNothingAndTheSecondTimeDownloadsNothing()
    {
        CapturedUpstream.Serve(Upstream);
        var before = WithoutHistory();
        var watch = Stopwatch.StartNew();
        var (code, output, error) = RefreshAll();
        told.WriteLine($"first run: {watch.Elapsed.TotalSeconds:0.0} s, {Upstream.Log.Count} requests\n{output}{error}");
        code.Should().Be(5, "the files that the captures lack count as vanished");
        output.Should().NotContain("new in ").And.NotContain("changed:").And.NotContain("CONFLICT").And.NotContain("failed");
        WithoutHistory().Except(before).Select(f => f.Key).Should().BeEmpty("no file of data/ may differ");
        var facts = FactStore.Load(Data).BuildFiles;
        var sources = facts.Rows.ToDictionary(facts.KeyOf, r => r.Sources);
        using var vanished = JsonDocument.Parse(Read("history/vanished.json"));
        vanished.RootElement.GetProperty("rows").EnumerateArray().Should().OnlyContain(v => Behind.Contains(v.GetProperty("source").GetString()) && !sources[v.GetProperty("key").GetString()!].Any(IsServed));

        Upstream.Log.Clear();
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
        var differences = new List<string>();
        foreach (var (subject, rows) in taken)
        {
            var now = FactStore.Load(Data)[subject].Json().ToDictionary(r => r.Key, r => r.Row);
            foreach (var (key, row) in rows)
            {
                if (!now.TryGetValue(key, out var fresh))
                    differences.Add($"{subject}: {key}: missing ({row["sources"]!.ToJsonString()})");
                else
                    differences.AddRange(row.Select(f => f.Key).Union(fresh.Select(f => f.Key)).Where(f => !Words.Contains(f) && !JsonNode.DeepEquals(row[f], fresh[f])).Select(f => $"{subject}: {key}: {f} {row[f]?.ToJsonString()} -> {fresh[f]?.ToJsonString()}"));
            }
        }

        told.WriteLine($"{taken.Sum(t => t.Value.Count)} rows taken out");
        File.WriteAllLines(Path.Combine(Path.GetTempPath(), "live-differences.txt"), differences);
        differences.Should().BeEmpty();
    }

    private (int Code, string Output, string Error) RefreshAll() => Refresh(string.Join(' ', CapturedUpstream.Sources), [.. Behind.SelectMany(b => new[] { "--accept-loss", b })]);

    private Dictionary<string, string> WithoutHistory() => Snapshot().Where(f => !f.Key.StartsWith("history", StringComparison.Ordinal)).ToDictionary();

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
