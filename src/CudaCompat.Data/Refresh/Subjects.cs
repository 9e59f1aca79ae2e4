using CudaCompat.Data.Said;

namespace CudaCompat.Data.Refresh;

/// <summary>Every subject of the data, in the order in which they run.</summary>
internal static class Subjects
{
    public static IReadOnlyList<ISubject> All { get; } = [.. NvidiaSubjects.All, .. PyTorchSubjects.All, new SaidRows(), .. NvidiaSubjects.Derived];
}
