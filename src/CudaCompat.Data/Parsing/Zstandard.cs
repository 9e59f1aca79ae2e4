using CudaCompat.Data.Refresh;
using SharpCompress.Compressors.ZStandard;

namespace CudaCompat.Data.Parsing;

/// <summary>Unpacks a document that is packed with zstd.</summary>
internal static class Zstandard
{
    private static readonly byte[] Magic = [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>True where a path says that the document is packed.</summary>
    public static bool Is(string path) => path.EndsWith(".zst", StringComparison.Ordinal);

    /// <summary>What must hold before anything is unpacked.</summary>
    public static void Check(SourceFile file)
    {
        if (!file.Bytes.AsSpan().StartsWith(Magic))
            throw file.Error("byte 0", file.Bytes.AsSpan().TrimStart((byte)' ').StartsWith("<"u8) ? "a web page answered in place of the file." : "not packed with zstd.");
    }

    /// <summary>The document itself.</summary>
    public static byte[] Unpack(SourceFile file, long maximumBytes)
    {
        Check(file);
        using var unpacked = new MemoryStream();
        try
        {
            using var stream = new DecompressionStream(new MemoryStream(file.Bytes));
            var buffer = new byte[81920];
            for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
            {
                if (unpacked.Length + read > maximumBytes)
                    throw file.Error("zstd", $"unpacks to more than {maximumBytes >> 20} MB, the most that this source may have.");
                unpacked.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is not SourceFormatException)
        {
            throw file.Error("zstd", "cannot be unpacked: " + e.Message, e);
        }

        return unpacked.ToArray();
    }
}
