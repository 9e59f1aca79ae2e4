using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Data.Fetching;

/// <summary>What is known of a cached document.</summary>
/// <param name="Sha256">Of the body: a body that was cut while it was written is not believed.</param>
/// <param name="Date">The UTC date of the last time upstream confirmed it.</param>
/// <param name="Missing">What upstream said instead, where there is no such document; then the body is empty.</param>
internal sealed record CacheEntry(string Url, string? Accept, string? ETag, string? LastModified, string Sha256, string Date, string? Missing = null);

/// <summary>Documents on disk, one body and one description each, by the hash of address and media type.</summary>
internal sealed class DocumentCache(string folder)
{
    /// <summary>The folder of this user.</summary>
    public static string OfUser => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cudacompat", "upstream");

    /// <summary>The entry and its body; null where there is none that is whole.</summary>
    public (CacheEntry Entry, byte[] Body)? Find(DocumentRequest request)
    {
        var path = PathOf(request);
        try
        {
            var entry = JsonSerializer.Deserialize(File.ReadAllBytes(path + ".json"), CacheJson.Default.CacheEntry);
            var body = File.ReadAllBytes(path + ".body");
            return entry is not null && entry.Url == request.Url && entry.Sha256 == Hash(body) ? (entry, body) : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a document.</summary>
    public void Keep(DocumentRequest request, byte[] body, string? etag, string? lastModified, string date, string? missing = null)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(request);
        Write(path + ".body", body);
        Write(path + ".json", JsonSerializer.SerializeToUtf8Bytes(new CacheEntry(request.Url, request.Accept, etag, lastModified, Hash(body), date, missing), CacheJson.Default.CacheEntry));
    }

    private static void Write(string path, byte[] bytes)
    {
        var fresh = path + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(fresh, bytes);
        File.Move(fresh, path, overwrite: true);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string PathOf(DocumentRequest request) => Path.Combine(folder, Hash(Encoding.UTF8.GetBytes(request.Url + "\n" + request.Accept)));
}

/// <summary>The JSON shape of the cache.</summary>
[JsonSerializable(typeof(CacheEntry))]
internal sealed partial class CacheJson : JsonSerializerContext;
