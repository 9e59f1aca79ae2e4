using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The numbers that nvcc prints, and the toolkit releases that they stand for.</summary>
internal sealed class NvccNumbers
{
    private readonly Lazy<ILookup<DottedVersion, NvccNumberRow>> _byNumber;
    private readonly Lazy<ILookup<CudaVersion, NvccNumberRow>> _byToolkit;

    public NvccNumbers(MatrixData data)
    {
        _byNumber = new(() => data.NvccNumbers.OrderByDescending(r => r.Toolkit).ToLookup(r => r.Printed));
        _byToolkit = new(() => data.NvccNumbers.OrderByDescending(r => r.Printed).ToLookup(r => r.Toolkit));
    }

    /// <summary>The releases whose nvcc prints this number, newest first; empty for a number that no source names.</summary>
    public IEnumerable<NvccNumberRow> Find(DottedVersion printed) => _byNumber.Value[printed];

    /// <summary>The numbers that nvcc of a release prints.</summary>
    public IEnumerable<NvccNumberRow> Of(CudaVersion toolkit) => _byToolkit.Value[toolkit];
}
