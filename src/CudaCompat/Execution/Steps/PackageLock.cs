using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CudaCompat.Execution.Downloads;
using CudaCompat.Execution.Journals;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Steps;

/// <summary>One package of a lock: its file, where it is, what it must be.</summary>
internal sealed record LockedPackage(string Name, string Version, string FileName, string Url, string Sha256);

/// <summary>
/// Everything that pip would install, dependencies and all, by name, version and hash: resolved by pip itself from the index's metadata,
/// fetched by our own downloader, kept in the journal as pylock.toml (PEP 751).
/// </summary>
internal static class PackageLock
{
    public const string FileName = "pylock.toml";

    /// <summary>The lock as our own list, beside pylock.toml.</summary>
    public const string ListName = "lock.json";

    public static byte[] Write(IReadOnlyList<LockedPackage> packages) =>
        JsonSerializer.SerializeToUtf8Bytes(packages.Select(p => p with { Url = WithoutSecrets(p.Url) }).ToArray(), PackageLockJson.Default.LockedPackageArray);

    /// <summary>Reads a list; every field is checked, since it may come with a bundle.</summary>
    /// <exception cref="PlanDocumentException">It is none.</exception>
    public static IReadOnlyList<LockedPackage> ReadList(byte[] json)
    {
        try
        {
            var packages = JsonSerializer.Deserialize(json, PackageLockJson.Default.LockedPackageArray) ?? [];
            return packages.All(p => p is not null && Requirement.IsName(p.Name ?? "") && PlanDocumentCheck.IsFileName(p.FileName) && p.FileName.EndsWith(".whl", StringComparison.Ordinal)
                    && PlanDocumentCheck.IsAddress(p.Url) && p.Sha256 is not null && PlanDocumentCheck.IsChecksum(new Checksum("sha256", p.Sha256)) && Requirement.OfWheel(p.FileName)?.Name == p.Name)
                ? packages
                : throw new PlanDocumentException("$", $"{ListName} has a package that is none.");
        }
        catch (JsonException e)
        {
            throw new PlanDocumentException("$", $"{ListName} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What pip would install; null where this pip cannot tell, or the index has no hash of a file (the reason is told).</summary>
    public static async Task<IReadOnlyList<LockedPackage>?> ResolveAsync(string python, IReadOnlyList<string> sources, TorchStep step, IReadOnlyList<string> requirements, IReadOnlyDictionary<string, string?> environment, StepContext context)
    {
        var report = context.Journal.NewPath("report") + ".json";
        var request = new ProcessRequest(python, ["-m", "pip", "install", "--dry-run", "--quiet", "--report", report, .. sources, .. requirements])
        {
            Environment = environment,
            TimeLimit = TimeSpan.FromHours(1),
            WorkingFolder = context.Journal.Folder,
        };
        var result = await context.RunAsync(request).ConfigureAwait(false);
        if (!result.Succeeded || !File.Exists(report))
        {
            if (result.Tail.Any(l => l.Contains("no such option", StringComparison.Ordinal)))
            {
                context.Note("this pip is too old to say beforehand what it would install; only the packages of the plan are checked by their hashes.");
                return null;
            }

            throw FailedProgram.Of(request, result, "look at the last lines, or choose another mirror.");
        }

        var packages = Read(await File.ReadAllBytesAsync(report, context.Cancellation).ConfigureAwait(false), step, out var reason);
        if (packages is null)
            context.Note($"the closure cannot be locked: {reason}; only the packages of the plan are checked by their hashes.");
        return packages;
    }

    /// <summary>The packages of pip's report; null where one cannot be locked.</summary>
    /// <exception cref="StepFailedException">The index has another file than the plan knows.</exception>
    internal static IReadOnlyList<LockedPackage>? Read(byte[] report, TorchStep step, out string? reason)
    {
        var packages = new List<LockedPackage>();
        using var document = JsonDocument.Parse(report);
        foreach (var item in document.RootElement.GetProperty("install").EnumerateArray())
        {
            var metadata = item.GetProperty("metadata");
            var name = Requirement.Normal(metadata.GetProperty("name").GetString()!);
            var version = metadata.GetProperty("version").GetString()!;
            var download = item.GetProperty("download_info");
            var url = WithSecrets(download.GetProperty("url").GetString()!, step);
            var sha = download.TryGetProperty("archive_info", out var archive) && archive.TryGetProperty("hashes", out var hashes) && hashes.TryGetProperty("sha256", out var hash) ? hash.GetString() : null;
            var file = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? Uri.UnescapeDataString(uri.AbsolutePath.Split('/')[^1]) : "";
            if (!PlanDocumentCheck.IsAddress(url) || !PlanDocumentCheck.IsFileName(file) || sha is null || !PlanDocumentCheck.IsChecksum(new Checksum("sha256", sha)))
            {
                reason = $"the index gives no hash of {name} {version}";
                return null;
            }

            if (!file.EndsWith(".whl", StringComparison.Ordinal))
                throw new StepFailedException($"{name} {version} would come as {file}, which is no wheel.", "choose another mirror; nothing is built from source.");
            if (step.Files.FirstOrDefault(f => f.Name == file)?.Sha256 is { } known && !known.Equals(sha, StringComparison.OrdinalIgnoreCase))
                throw new StepFailedException($"the index has a {file} with another hash than the plan.", "choose another mirror; this file is not the one that was published.");
            packages.Add(new LockedPackage(name, version, file, url, sha.ToLowerInvariant()));
        }

        reason = null;
        return packages;
    }

    /// <summary>Brings the files of a lock, several at once, into a folder under their own names; a run that goes on brings none twice.</summary>
    public static async Task<string> FetchAsync(IReadOnlyList<LockedPackage> packages, StepContext context)
    {
        using var gate = new SemaphoreSlim(Math.Clamp(context.Options.ParallelDownloads, 1, 16));
        var files = await Task.WhenAll(packages.Select(async p =>
        {
            await gate.WaitAsync(context.Cancellation).ConfigureAwait(false);
            try
            {
                return await context.Downloader.FetchAsync(new DownloadRequest(p.FileName, [p.Url], new Checksum("sha256", p.Sha256), null), context.Cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
        var folder = context.Journal.NewPath("wheels");
        DurableFiles.CreatePrivateFolder(folder);
        foreach (var (package, file) in packages.Zip(files))
            DurableFiles.Link(file.Path, Path.Combine(folder, package.FileName));
        return folder;
    }

    /// <summary>A requirements file in which every line has its hash.</summary>
    public static string Requirements(IReadOnlyList<LockedPackage> packages) =>
        string.Concat(packages.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}=={p.Version} --hash=sha256:{p.Sha256}\n"));

    /// <summary>The lock as PEP 751 writes it; passwords of mirrors stay out.</summary>
    public static string Toml(IReadOnlyList<LockedPackage> packages)
    {
        var text = new StringBuilder("lock-version = \"1.0\"\ncreated-by = \"cudacompat\"\n");
        foreach (var p in packages.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[[packages]]\nname = {Quote(p.Name)}\nversion = {Quote(p.Version)}\n");
            text.Append(CultureInfo.InvariantCulture, $"wheels = [{{ name = {Quote(p.FileName)}, url = {Quote(WithoutSecrets(p.Url))}, hashes = {{ sha256 = {Quote(p.Sha256)} }} }}]\n");
        }

        return text.ToString();
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string WithoutSecrets(string url) => new UriBuilder(url) { UserName = "", Password = "" }.Uri.AbsoluteUri;

    // pip leaves user and password out of its report.
    private static string WithSecrets(string url, TorchStep step)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || step.IndexUrl is null)
            return url;
        var index = new[] { step.IndexUrl }.Concat(step.Mirrors).Concat(step.ExtraIndexUrls).Select(i => new Uri(i)).FirstOrDefault(i => i.UserInfo.Length > 0 && i.Authority == uri.Authority);
        return index is null ? url : uri.AbsoluteUri.Replace("://", $"://{index.UserInfo}@", StringComparison.Ordinal);
    }
}

[JsonSerializable(typeof(LockedPackage[]))]
internal sealed partial class PackageLockJson : JsonSerializerContext;
