namespace CudaCompat.Matrix;

/// <summary>The matrix in the assembly's resources, read once on first use.</summary>
internal static class EmbeddedMatrix
{
    private static readonly Lazy<CompatibilityMatrix> Loaded = new(() => new CompatibilityMatrix(MatrixData.Read(Open), null));

    public static CompatibilityMatrix Instance => Loaded.Value;

    /// <summary>The bytes of a data file that the library carries.</summary>
    /// <exception cref="DataFormatException">The library does not carry it.</exception>
    public static byte[] Open(string name) => TryOpen(name) ?? throw new DataFormatException($"{name}: not in this build of the library.");

    /// <summary>The bytes of a data file, or null where the library does not carry it.</summary>
    public static byte[]? TryOpen(string name)
    {
        using var stream = typeof(EmbeddedMatrix).Assembly.GetManifestResourceStream("data/" + name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
