using CudaCompat.Matrix.Image;

namespace CudaCompat.Matrix;

/// <summary>The matrix in the assembly's resources: images, of which nothing is decoded before it is needed.</summary>
internal static class EmbeddedMatrix
{
    private static readonly Lazy<CompatibilityMatrix> Loaded = new(Load);

    public static CompatibilityMatrix Instance => Loaded.Value;

    /// <summary>A new matrix over the resources; all callers but benchmarks share <see cref="Instance"/>.</summary>
    internal static CompatibilityMatrix Load() => new(Open(MatrixImage.FileName), () => InstallData.Load(Open(InstallImage.FileName)), null);

    /// <summary>The releases known to be bad.</summary>
    internal static RowFile<Rows.AdvisoryRow> Advisories() => AdvisoryImage.Read(Open(AdvisoryImage.FileName));

    private static DataImage Open(string name) => DataImage.Of(name, typeof(EmbeddedMatrix).Assembly.GetManifestResourceStream("data/" + name)
        ?? throw new DataFormatException($"{name}: not in this build of the library."));
}
