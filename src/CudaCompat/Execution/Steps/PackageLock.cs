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
        JsonSerializer.SerializeToUtf8Bytes(packages.Select(p => p with { Url = p.PublicUrl }).ToArray(), PackageLockJson.Default.LockedPackageArray);

    /// <summary>Writes what is locked beside the journal, with what steps before this one locked.</summary>
    public static void Keep(IReadOnlyList<LockedPackage> packages, string folder)
    {
        var file = Path.Combine(folder, ListName);
        IReadOnlyList<LockedPackage> all = File.Exists(file) ? [.. ReadList(File.ReadAllBytes(file)).Where(p => !packages.Any(n => n.Name == p.Name)), .. packages] : packages;
        DurableFiles.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(LockedPackage.Toml(all)));
        DurableFiles.Write(file, Write(all));
    }

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

    /// <summary>Brings the files of a lock into the cache, several at once, in the lock's order; a run that goes on brings none twice.</summary>
    public static async Task<IReadOnlyList<DownloadedFile>> FetchAsync(IReadOnlyList<LockedPackage> packages, Downloader downloader, int parallel, CancellationToken cancellation)
    {
        using var gate = new SemaphoreSlim(Math.Clamp(parallel, 1, 16));
        return await Task.WhenAll(packages.Select(async p =>
        {
            await gate.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await downloader.FetchAsync(new DownloadRequest(p.FileName, [p.Url], new Checksum("sha256", p.Sha256), null), cancellation).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Brings the files of a lock into a folder of the journal, under their own names: what pip and uv install from without a network.</summary>
    public static async Task<string> FetchAsync(IReadOnlyList<LockedPackage> packages, StepContext context)
    {
        var folder = context.Journal.NewPath("wheels");
        DurableFiles.CreatePrivateFolder(folder);
        foreach (var (package, file) in packages.Zip(await FetchAsync(packages, context.Downloader, context.Options.ParallelDownloads, context.Cancellation).ConfigureAwait(false)))
            DurableFiles.Link(file.Path, Path.Combine(folder, package.FileName));
        return folder;
    }

    /// <summary>A requirements file in which every line has its hash.</summary>
    public static string Requirements(IReadOnlyList<LockedPackage> packages) =>
        string.Concat(packages.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Requirement + "\n"));

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
