using CudaCompat.Versions;

namespace CudaCompat.Data.Refresh;

/// <summary>Sorts texts that are a CUDA version or a whole major: 11.0, 11.0.2, … 11.8, then 11.x.</summary>
internal static class CudaOrder
{
    /// <summary>The sort key of "12.8", "12.8.1" or "12.x".</summary>
    public static (int Major, int Whole, CudaVersion Version) Of(string cuda)
    {
        if (CudaVersion.TryParse(cuda, out var version))
            return (version.Major, 0, version);
        return cuda.EndsWith(".x", StringComparison.Ordinal) && int.TryParse(cuda.AsSpan(0, cuda.Length - 2), out var major)
            ? (major, 1, default)
            : throw new FormatException($"'{cuda}' is neither a CUDA version nor a major such as 12.x.");
    }
}
