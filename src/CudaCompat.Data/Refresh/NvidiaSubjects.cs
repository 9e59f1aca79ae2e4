namespace CudaCompat.Data.Refresh;

/// <summary>The subjects that NVIDIA's documents give: one line a module.</summary>
internal static class NvidiaSubjects
{
    public static IReadOnlyList<ISubject> All { get; } =
    [
    ];
}
