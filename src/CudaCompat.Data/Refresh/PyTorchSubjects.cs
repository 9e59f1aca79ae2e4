using CudaCompat.Data.Merging.PyTorch;

namespace CudaCompat.Data.Refresh;

/// <summary>The subjects that PyTorch's documents give: one line a module.</summary>
internal static class PyTorchSubjects
{
    public static IReadOnlyList<ISubject> All { get; } =
    [
        new PyTorchSubject(),
    ];
}
