using CudaCompat.Data.Fetching;
using CudaCompat.Data.Live;
using CudaCompat.Data.Parsing;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Report;
using CudaCompat.Data.Sources;
using CudaCompat.Data.Writing;
using CudaCompat.Matrix;

namespace CudaCompat.Data.Commands;

/// <summary>What the live form of <c>refresh</c> is asked for.</summary>
/// <param name="From">A recording that stands for the live web, or null.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Only">Sources by id; empty for all.</param>
internal sealed record LiveRequest(string? From, string Data, IReadOnlyList<string> Only, IReadOnlyList<string> AcceptLoss, bool Offline, string? Record, string? Report, string? Cache, string? BaseMap, int Pause);

/// <summary>Refreshes data/ from the live web or a recording of it.</summary>
internal static class LiveCommand
{
    /// <summary>Something is new.</summary>
    public const int Changed = 5;

    private const string HostsName = "known-hosts.tsv";

    public static async Task<int> RunAsync(LiveRequest request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var curated = DataFolder.CuratedBeside(request.Data) ?? throw new DirectoryNotFoundException("there is no folder of curated rows.");
        var all = LiveSources.Load(curated);
        foreach (var unknown in request.Only.Concat(request.AcceptLoss).Where(o => all.All(s => s.Id != o)))
            throw new SourceFormatException("--only", unknown, $"no such source; there are {string.Join(", ", all.Select(s => s.Id))}.");
        List<LiveSource> sources = [.. all.Where(s => request.Only.Count == 0 || request.Only.Contains(s.Id))];
        using var upstream = request.From is null ? new Upstream(Options(request, all)) : null;
        var run = new LiveRefresh(request.Data, curated, s => upstream is null ? Recording.Open(request.From!, s.Id) : upstream, request.AcceptLoss.ToHashSet(StringComparer.Ordinal), KnownHosts(curated), error);
        var result = await run.RunAsync(sources, cancellation);
        if (request.Record is { } record)
            Recording.Write(record, result.Documents);
        cancellation.ThrowIfCancellationRequested();
        var oldVersion = DataManifest.Read(File.ReadAllBytes(Path.Combine(request.Data, ReportFiles.ManifestName))).DataVersion;
        var plans = result.HasNews ? Plans(request.Data, result, curated, error) : null;
        DataFolder.Replace(request.Data, result.Files);
        var report = NewsReport.Of(result, oldVersion, plans);
        output.Write(report);
        if (request.Report is { } file)
            File.WriteAllText(file, report);
        return result.IsRed ? DataConsole.Differs : result.HasNews ? Changed : DataConsole.Done;
    }

    private static UpstreamOptions Options(LiveRequest request, IReadOnlyList<LiveSource> all) => new()
    {
        Hosts = LiveSources.Hosts(all),
        CacheFolder = request.Cache ?? DocumentCache.OfUser,
        Bases = request.BaseMap is { } map ? BaseMap.Parse(map, File.ReadAllText(map)) : BaseMap.None,
        Offline = request.Offline,
        Pause = TimeSpan.FromMilliseconds(request.Pause),
        FirstDelay = TimeSpan.FromMilliseconds(request.Pause * 8),
    };

    /// <summary>The hosts that addresses of the data may name.</summary>
    public static IReadOnlySet<string> KnownHosts(string curated) =>
        TsvTable.Parse(HostsName, File.ReadAllText(Path.Combine(curated, HostsName)), ["host"]).Select(r => r.Cells[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // The new data is read back from disk by the library itself before it replaces the old.
    private static PlanDifferences? Plans(string data, LiveResult result, string curated, TextWriter error)
    {
        var scratch = Directory.CreateTempSubdirectory("cudacompat-refresh-").FullName;
        try
        {
            var (before, after) = (Path.Combine(scratch, "before"), Path.Combine(scratch, "after"));
            CopyInto(before, data);
            CopyInto(Path.Combine(before, Path.GetFileName(curated)), curated);
            CopyInto(Path.Combine(after, Path.GetFileName(curated)), curated);
            foreach (var (name, bytes) in result.Data.Files)
                File.WriteAllBytes(Path.Combine(after, name), bytes);
            return PlanDifferences.Between(before, after, curated);
        }
        catch (DataFormatException e)
        {
            error.WriteLine($"the plans of before and now cannot be compared: {e.Message}");
            return null;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    // A plan reads the curated rows beside the data, which a data folder of one's own has not.
    private static void CopyInto(string to, string from)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
