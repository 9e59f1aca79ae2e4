using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Execution.Downloads;

/// <summary>
/// Finished files by their content, unfinished ones with what is needed to go on. Several runs may share it: whoever fetches a file holds
/// its lock; the others wait and then find it.
/// </summary>
internal sealed class DownloadCache(string folder)
{
    /// <summary>What the server said about the partial file.</summary>
    internal sealed record Origin(string Url, string? ETag, DateTimeOffset? LastModified);

    public string Folder => folder;

    /// <summary>The name of a file in the cache: by its hash; by its first URL and size where no source has a hash.</summary>
    /// <exception cref="StepFailedException">The checksum is none: as a name it could lead out of the cache.</exception>
    public static string KeyOf(DownloadRequest request) => request.Checksum is { } sum
        ? Planning.PlanDocumentCheck.IsChecksum(sum) ? $"{sum.Kind}-{sum.Value.ToLowerInvariant()}" : throw new StepFailedException("the checksum is none.", "correct the plan.")
        : "url-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Urls[0]}|{request.Size}")));

    public string FileOf(string key) => Path.Combine(folder, "files", key);

    public string PartialOf(string key) => Path.Combine(folder, "partial", key);

    /// <summary>Waits until no other run works on this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="waits">Called once where it has to wait.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IDisposable> LockAsync(string name, Action waits, CancellationToken cancellation)
    {
        var locks = Path.Combine(folder, "locks");
        Directory.CreateDirectory(locks);
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        Directory.CreateDirectory(Path.Combine(folder, "partial"));
        var told = false;
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(locks, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(Path.Combine(locks, name)))
            {
                if (!told)
                    waits();
                told = true;
                await Task.Delay(100, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What is known of the partial file; null where nothing is.</summary>
    public Origin? ReadOrigin(string key)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PartialOf(key) + ".json"), DownloadCacheJson.Default.Origin);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void WriteOrigin(string key, Origin origin) =>
        File.WriteAllBytes(PartialOf(key) + ".json", JsonSerializer.SerializeToUtf8Bytes(origin, DownloadCacheJson.Default.Origin));

    public void DiscardPartial(string key)
    {
        File.Delete(PartialOf(key));
        File.Delete(PartialOf(key) + ".json");
    }

    /// <summary>Removes every file that no run is using; the bytes that came free, and how many files stay.</summary>
    public (long Freed, int Kept) Clean()
    {
        long freed = 0;
        var kept = 0;
        foreach (var file in new[] { "files", "partial" }.Select(f => Path.Combine(folder, f)).Where(Directory.Exists).SelectMany(Directory.GetFiles))
        {
            var key = Path.GetFileName(file);
            if (key.EndsWith(".json", StringComparison.Ordinal))
                key = key[..^5];
            try
            {
                Directory.CreateDirectory(Path.Combine(folder, "locks"));
                using var held = new FileStream(Path.Combine(folder, "locks", key), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                var size = new FileInfo(file).Length;
                File.Delete(file);
                freed += size;
            }
            catch (IOException)
            {
                kept++;
            }
        }

        foreach (var program in new[] { "pip", "pip-uv" }.Select(n => Path.Combine(folder, n)).Where(Directory.Exists))
        {
            freed += Directory.EnumerateFiles(program, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
            Directory.Delete(program, recursive: true);
        }

        return (freed, kept);
    }

    /// <summary>Makes the complete partial file a finished one.</summary>
    public void Finish(string key)
    {
        using (var stream = new FileStream(PartialOf(key), FileMode.Open, FileAccess.ReadWrite))
            stream.Flush(flushToDisk: true);
        File.Move(PartialOf(key), FileOf(key), overwrite: true);
        File.Delete(PartialOf(key) + ".json");
    }
}

[JsonSerializable(typeof(DownloadCache.Origin))]
internal sealed partial class DownloadCacheJson : JsonSerializerContext;
