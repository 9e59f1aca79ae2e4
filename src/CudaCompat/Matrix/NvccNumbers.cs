using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The numbers that nvcc prints, and the toolkit releases that they stand for.</summary>
internal sealed class NvccNumbers(MatrixData data)
{
    private readonly Lazy<ILookup<DottedVersion, NvccNumberRow>> _byNumber = new(() => data.NvccNumbers.OrderByDescending(r => r.Toolkit).ToLookup(r => r.Printed));

    /// <summary>The releases whose nvcc prints this number, newest first; empty for a number that no source names.</summary>
    public IEnumerable<NvccNumberRow> Find(DottedVersion printed) => _byNumber.Value[printed];
}
