namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>GPU names as sources spell them.</summary>
internal static class GpuNameTable
{
    private const string Brand = "NVIDIA ";

    /// <summary>A name without NVIDIA in front: what makes two spellings one name.</summary>
    public static string Key(string name) => name.StartsWith(Brand, StringComparison.OrdinalIgnoreCase) ? name[Brand.Length..] : name;
}
