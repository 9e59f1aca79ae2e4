namespace CudaCompat.Execution.Archives;

/// <summary>What an archive may hold before it counts as a bomb.</summary>
internal sealed record ArchiveLimits
{
    public int Entries { get; init; } = 200_000;

    /// <summary>Bytes once unpacked.</summary>
    public long Bytes { get; init; } = 64L << 30;

    /// <summary>Unpacked bytes for each packed one; asked only beyond <see cref="RatioFrom"/>, since small text packs well.</summary>
    public int Ratio { get; init; } = 200;

    public long RatioFrom { get; init; } = 64L << 20;

    public int NameLength { get; init; } = 1024;

    /// <summary>Why so many bytes out of so many are too many; null where they are not.</summary>
    public string? Refuse(long unpacked, long packed)
    {
        if (unpacked > Bytes)
            return $"it holds more than {Bytes} bytes";
        return unpacked > RatioFrom && unpacked / Math.Max(packed, 1) > Ratio
            ? $"it holds more than {Ratio} times its own size, as bombs do"
            : null;
    }
}
