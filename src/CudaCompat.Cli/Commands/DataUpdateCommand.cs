using System.CommandLine;
using System.Text;
using CudaCompat.Execution.Updates;
using CudaCompat.Matrix;

namespace CudaCompat.Cli.Commands;

/// <summary><c>cudacompat data check</c> and <c>data update</c>: newer data without a newer program. Never by itself: only these two ask, and only the place that they are told.</summary>
internal static class DataUpdateCommand
{
    private const string KeyPrefix = "data-keys/", FeedName = "data-feed";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Command Check() => Make("check", "Says whether newer data is published, and whether it would be taken; takes nothing.", async (store, place, keys, tool, cancellation) =>
    {
        var index = await store.CheckAsync(place, keys, tool, TimeProvider.System, cancellation).ConfigureAwait(false);
        var here = store.Newest(out _).DataVersion;
        await Console.Out.WriteLineAsync(here == index.Version ? $"Data {here} is the newest." : $"Data {index.Version} of {index.Built:yyyy-MM-dd} is there, signed and valid until {index.Expires:yyyy-MM-dd}; here is {here}. cudacompat data update takes it.").ConfigureAwait(false);
    });

    public static Command Update() => Make("update", "Takes newer data: signed, checked, and put in place as a whole.", async (store, place, keys, tool, cancellation) =>
    {
        var before = store.Newest(out _).DataVersion;
        var index = await store.TakeAsync(place, keys, tool, TimeProvider.System, cancellation).ConfigureAwait(false);
        var now = store.Newest(out var passedOver).DataVersion;
        await Console.Out.WriteLineAsync(passedOver ?? (now == before ? $"Data {now} is the newest." : $"Data {before} → {index.Version}.")).ConfigureAwait(false);
    });

    private static Command Make(string name, string says, Func<DataStore, DataPlace, IReadOnlyList<string>, Version, CancellationToken, Task> run)
    {
        var from = new Option<string?>("--from") { Description = "Where it is published: the address or path of index.json, or of its folder (a stick).", HelpName = "URL|PATH" };
        var key = new Option<string?>("--key") { Description = "The public key (PEM) of a place of your own, in place of the keys that the program carries.", HelpName = "FILE" };
        var offline = new Option<bool>("--offline") { Description = "Ask no network: --from names a path." };
        var command = new Command(name, says) { from, key, offline };
        command.SetAction(async (parse, cancellation) =>
        {
            var where = parse.GetValue(from) ?? CompatibilityMatrix.Embedded.Install.Places.FirstOrDefault(p => p.Name == FeedName)?.Url
                ?? throw new UsageException("--from: this build knows no place where data is published; name one (an https address, or the path of a folder with index.json).");
            var place = new DataPlace(where, Limit);
            if (parse.GetValue(offline) && place.IsRemote)
                throw new UsageException($"--offline: {where} is an address; name a path with --from.");
            var store = DataStore.OfUser ?? throw new UsageException("this user has no home folder in which newer data could be kept.");
            try
            {
                await run(store, place, parse.GetValue(key) is { } file ? [Key(file)] : Carried(), typeof(DataUpdateCommand).Assembly.GetName().Version!, cancellation).ConfigureAwait(false);
                return ExitCode.Done;
            }
            catch (DataUpdateException e)
            {
                await Console.Error.WriteLineAsync("cudacompat: " + e.Message).ConfigureAwait(false);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    /// <summary>The public keys that this program carries: the one in use, and the one to follow it.</summary>
    internal static IReadOnlyList<string> Carried()
    {
        var assembly = typeof(DataUpdateCommand).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(KeyPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(n =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!, Encoding.ASCII);
            return reader.ReadToEnd();
        })];
    }

    private static string Key(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            using var key = System.Security.Cryptography.ECDsa.Create();
            key.ImportFromPem(text);
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new UsageException($"--key: {file} is no public key in PEM: {e.Message}");
        }
    }
}
