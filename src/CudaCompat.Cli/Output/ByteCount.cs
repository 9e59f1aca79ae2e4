namespace CudaCompat.Cli.Output;

/// <summary>Sizes as people read them, in powers of ten.</summary>
internal static class ByteCount
{
    /// <summary>1.9 GB, 64.7 MB, 20 kB.</summary>
    public static string Text(long bytes) => bytes >= 1_000_000_000 ? $"{bytes / 1e9:0.0} GB" : bytes >= 1_000_000 ? $"{bytes / 1e6:0.0} MB" : $"{(bytes + 999) / 1000} kB";
}
