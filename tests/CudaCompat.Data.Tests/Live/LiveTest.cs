using System.Text.Json.Nodes;
using CudaCompat.Data.Commands;
using CudaCompat.Data.Sources;

namespace CudaCompat.Data.Tests.Live;

/// <summary>A data folder (a copy of the committed one) and a local upstream for one test.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The test runner calls DisposeAsync.")]
public abstract class LiveTest : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal LocalUpstream Upstream { get; private set; } = null!;

    internal string Data => Path.Combine(_folder.Path, "data");

    internal string Folder => _folder.Path;

    public async Task InitializeAsync()
    {
        Upstream = await LocalUpstream.StartAsync();
        CopyData(Data);
    }

    public async Task DisposeAsync()
    {
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Copies the committed data and what its sources say; the curated rows are the repository's.</summary>
    internal static void CopyData(string to)
    {
        var committed = Path.Combine(Captures.Repository, "data");
        foreach (var file in Directory.EnumerateFiles(committed).Concat(Directory.EnumerateFiles(Path.Combine(committed, "said"), "*", SearchOption.AllDirectories)))
        {
            var place = Path.Combine(to, Path.GetRelativePath(committed, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }

    /// <summary>Changes what all sources say in the rows of a subject, null for a row that nobody says, and builds the data of it.</summary>
    internal void EditSaid(string subject, Func<JsonObject, JsonObject?> edit)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Data, "said"), "*.json", SearchOption.AllDirectories))
        {
            var root = JsonNode.Parse(File.ReadAllText(file))!;
            if (root["rows"]![subject] is not JsonArray rows)
                continue;
            root["rows"]![subject] = new JsonArray([.. rows.Select(r => edit((JsonObject)r!.DeepClone())).Where(r => r is not null)]);
            File.WriteAllText(file, root.ToJsonString());
        }

        Run(["build", "--data", Data]).Code.Should().Be(0);
    }

    /// <summary>What a source said when it was read.</summary>
    internal string Said(string source) => Read($"said/{source}.json");

    internal (int Code, string Output, string Error) Refresh(string source, params string[] more) => Run([.. Arguments(source), .. more]);

    internal string[] Arguments(string source) =>
        ["refresh", "--out", Data, "--cache", Path.Combine(Folder, "cache"), "--base-map", BaseMap(), "--pause", "0", .. source.Split(' ').SelectMany(s => new[] { "--only", s })];

    internal static (int Code, string Output, string Error) Run(string[] args, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (DataConsole.Run(args, output, TextWriter.Synchronized(error), cancellation), output.ToString(), error.ToString());
    }

    /// <summary>Every file of the data folder, by the hash of its bytes: what differs is told by name, not by megabytes.</summary>
    internal Dictionary<string, string> Snapshot(string? folder = null) => Directory.EnumerateFiles(folder ?? Data, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder ?? Data, f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));

    internal string Read(string name) => File.ReadAllText(Path.Combine(Data, name));

    private string BaseMap()
    {
        var hosts = LiveSources.Hosts(LiveSources.Load(Path.Combine(Captures.Repository, "data", "curated")));
        return _folder.Write("base-map.txt", string.Concat(hosts.Select(h => $"https://{h} {Upstream.Address}/{h}\n")));
    }
}
