using System.CommandLine;
using CudaCompat.Data.Fetching;
using CudaCompat.Data.Refresh;
using CudaCompat.Data.Writing;

namespace CudaCompat.Data.Commands;

/// <summary>The command <c>refresh</c>: from the live web, or from a recording of it.</summary>
internal static class RefreshCommand
{
    private const int DefaultPause = 250;

    public static Command Make(TextWriter output, TextWriter error)
    {
        var from = new Option<DirectoryInfo?>("--from") { Description = "A recording; without it the live web is asked." };
        var to = new Option<DirectoryInfo?>("--out") { Description = "The data folder; by default data/ of the repository." };
        var only = new Option<string[]>("--only") { Description = "Only this live source; may be given several times." };
        var acceptLoss = new Option<string[]>("--accept-loss") { Description = "Believe this source although it lists less than before." };
        var offline = new Option<bool>("--offline") { Description = "Ask the cache only." };
        var record = new Option<DirectoryInfo?>("--record") { Description = "Keep what was fetched in this folder, in the shape that --from reads." };
        var report = new Option<FileInfo?>("--report") { Description = "Also write the report to this file (Markdown)." };
        var cache = new Option<DirectoryInfo?>("--cache") { Description = "The folder of cached documents; by default one of this user." };
        var baseMap = new Option<FileInfo?>("--base-map") { Description = "Other addresses for hosts, one pair a line." };
        var pause = new Option<int>("--pause") { Description = "Milliseconds between two requests to one host.", DefaultValueFactory = _ => DefaultPause };
        var command = new Command("refresh", "Refreshes the data folder from the live web, each source for itself.")
        {
            from, to, only, acceptLoss, offline, record, report, cache, baseMap, pause,
        };
        command.SetAction((result, cancellation) => Task.FromResult(DataConsole.Guarded(error, () =>
        {
            var folder = result.GetValue(to)?.FullName ?? DataFolder.OfRepository();
            var source = result.GetValue(from)?.FullName;
            if (source is not null && !Recording.Is(source))
                throw new SourceFormatException(source, "folder", "it is no recording.");
            var request = new LiveRequest(source, folder, result.GetValue(only) ?? [], result.GetValue(acceptLoss) ?? [], result.GetValue(offline), result.GetValue(record)?.FullName,
                result.GetValue(report)?.FullName, result.GetValue(cache)?.FullName, result.GetValue(baseMap)?.FullName, Math.Max(0, result.GetValue(pause)));
            return LiveCommand.RunAsync(request, output, error, cancellation).GetAwaiter().GetResult();
        })));
        return command;
    }
}
