namespace CudaCompat.Data.Refresh;

/// <summary>Every fact found so far, one <see cref="RowSet{T}"/> a file of data/.</summary>
internal sealed partial class FactStore
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<IRowSet> Sets => [.. NvidiaSets, .. PyTorchSets];
}
