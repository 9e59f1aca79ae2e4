using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CudaCompat.Execution.Updates;

/// <summary>Newer data is not taken; the message says why and what to do.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "No public member takes data; the tool does, and tells it.")]
internal sealed class DataUpdateException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A file of a published set of data.</summary>
internal sealed record DataIndexFile(string Name, long Size, string Sha256);

/// <summary>
/// index.json: a published set of data. index.json.sig beside it is its signature: ECDSA on P-256 over SHA-256 of its bytes, as DER, made by one of the keys that the program
/// carries; nothing of the index is believed before that holds.
/// </summary>
/// <param name="Schema">Of this document; another is not read.</param>
/// <param name="Version">As <see cref="Matrix.CompatibilityMatrix.DataVersion"/>.</param>
/// <param name="Built">The UTC time at which it was signed: what is older than what is here is not taken.</param>
/// <param name="Expires">From then on it is not taken: somebody may hold newer ones back.</param>
/// <param name="OldestTool">The oldest program that reads these files.</param>
internal sealed record DataIndex(int Schema, string Version, DateTimeOffset Built, DateTimeOffset Expires, string OldestTool, IReadOnlyList<DataIndexFile> Files)
{
    /// <summary>The schema that this program reads.</summary>
    public const int KnownSchema = 1;

    /// <summary>The most bytes that the index and its signature may have.</summary>
    public const int MaximumSize = 64 << 10;

    /// <summary>The names of the documents.</summary>
    public const string FileName = "index.json", SignatureName = FileName + ".sig";

    /// <summary>The files that a set has, no more and no less.</summary>
    public static readonly IReadOnlyList<string> Names = ["install.bin", "matrix.bin"];

    private const long LargestFile = 64 << 20;

    /// <summary>Reads a signed index and checks all that it says of itself.</summary>
    /// <param name="keys">Public keys as PEM.</param>
    /// <exception cref="DataUpdateException">It is not signed by one of them, or not to be taken by this program today.</exception>
    public static DataIndex Verify(ReadOnlySpan<byte> index, ReadOnlySpan<byte> signature, IEnumerable<string> keys, Version tool, DateTimeOffset now)
    {
        if (!IsSigned(index, signature, keys))
            throw new DataUpdateException("the index is not signed by a key of this program: it was changed on the way, or comes from somebody else. Nothing is taken.");
        var read = Read(index);
        if (now >= read.Expires)
            throw new DataUpdateException($"the index expired on {read.Expires:yyyy-MM-dd}: whoever serves it may be holding newer data back. Nothing is taken; try another place, or later.");
        if (read.Built > now.AddDays(1))
            throw new DataUpdateException($"the index says that it was made on {read.Built:yyyy-MM-dd}, which is still to come. Look whether this machine's clock is right.");
        if (!System.Version.TryParse(read.OldestTool, out var oldest) || oldest > tool)
            throw new DataUpdateException($"this data needs cudacompat {read.OldestTool} or newer; this is {tool.ToString(3)}. Install a newer program first.");
        return read;
    }

    private static DataIndex Read(ReadOnlySpan<byte> index)
    {
        try
        {
            // Only the schema is looked at before it is known: another one may have any shape.
            using var document = JsonDocument.Parse(index.ToArray());
            if (document.RootElement.GetProperty("schema").GetInt32() is not KnownSchema and var schema)
                throw new DataUpdateException($"the index has schema {schema}; this program reads {KnownSchema}. Install a newer program first.");
            var read = JsonSerializer.Deserialize(index, DataIndexJson.Default.DataIndex)!;
            if (!read.Files.Select(f => f.Name).Order(StringComparer.Ordinal).SequenceEqual(Names) || read.Files.Any(f => f.Size is <= 0 or > LargestFile || f.Sha256.Length != 64))
                throw new DataUpdateException($"the index does not name {string.Join(" and ", Names)} with their sizes and hashes.");
            return read;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataUpdateException($"the index cannot be read: {e.Message}", e);
        }
    }

    private static bool IsSigned(ReadOnlySpan<byte> index, ReadOnlySpan<byte> signature, IEnumerable<string> keys)
    {
        foreach (var pem in keys)
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            if (key.KeySize == 256 && key.VerifyData(index, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))
                return true;
        }

        return false;
    }
}

/// <summary>The JSON shape of the index.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DataIndex))]
internal sealed partial class DataIndexJson : JsonSerializerContext;
