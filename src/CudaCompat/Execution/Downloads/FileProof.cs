using System.Security.Cryptography;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Execution.Downloads;

/// <summary>Checks that a file is the one wanted, by size and checksum, before a byte of it is used.</summary>
internal static class FileProof
{
    /// <summary>Why the file is not the one wanted; null where it is.</summary>
    public static string? Refuse(string path, DownloadRequest request)
    {
        var size = new FileInfo(path).Length;
        if (request.Size is { } wanted && size != wanted)
            return $"it has {size} bytes instead of {wanted}";
        if (request.Checksum is not { } sum)
            return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        var found = Convert.ToHexStringLower(sum.Kind == "md5" ? Md5(stream) : SHA256.HashData(stream));
        return found == sum.Value ? null : $"its {sum.Kind} is {found} instead of {sum.Value}";
    }

    /// <summary>How sure the check makes us.</summary>
    public static string Describe(Checksum? checksum) => checksum?.Kind switch
    {
        "sha256" => "sha256 checked",
        "md5" => "md5 checked (weak: it proves a whole transfer, not an honest one)",
        _ => "no checksum is known; only the size was checked",
    };

#pragma warning disable CA5351 // upstream publishes nothing better for its older files; the report calls it weak
    private static byte[] Md5(Stream stream) => MD5.HashData(stream);
#pragma warning restore CA5351
}
