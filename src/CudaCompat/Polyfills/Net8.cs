#if !NET9_0_OR_GREATER
using System.IO.Compression;
using System.Text;

namespace CudaCompat;

/// <summary>What later .NET has and .NET 8 lacks, in the few forms that are used here.</summary>
internal static class Net8
{
    // On .NET 8 the name alone would be that of the span's Reverse, which turns the array itself round.
    public static IEnumerable<T> Reverse<T>(this T[] items) => Enumerable.Reverse(items);

    public static Task<Stream> OpenAsync(this ZipArchiveEntry entry, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(entry.Open());
    }

    extension(Convert)
    {
        public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length * 2, bytes.ToArray(), static (text, source) =>
        {
            const string Digits = "0123456789abcdef";
            for (var i = 0; i < source.Length; i++)
                (text[2 * i], text[2 * i + 1]) = (Digits[source[i] >> 4], Digits[source[i] & 15]);
        });
    }

    extension(ZipArchive)
    {
        public static Task<ZipArchive> CreateAsync(Stream stream, ZipArchiveMode mode, bool leaveOpen, Encoding? entryNameEncoding, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.FromResult(new ZipArchive(stream, mode, leaveOpen, entryNameEncoding));
        }
    }
}
#endif
