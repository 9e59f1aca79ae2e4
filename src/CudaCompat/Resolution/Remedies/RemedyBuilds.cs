using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Remedies;

/// <summary>Finds builds and orders versions by their distance from the one that did not work.</summary>
internal static class RemedyBuilds
{
    public static TorchBuild? Find(MachineFacts machine, StackDocument stack)
    {
        if (stack.Torch is not { } torch)
            return null;
        var packaging = stack.Packaging ?? Packaging.Pip;
        return stack.CudaTag is { } tag
            ? machine.Matrix.Builds.Find(torch, tag, packaging, machine.BuildOs, machine.Arch)
            : machine.Matrix.Builds.For(packaging, machine.BuildOs, machine.Arch).Default(torch);
    }

    /// <summary>The other values of a sorted list, the nearest to <paramref name="from"/> first; of two at the same distance the newer.</summary>
    public static IEnumerable<T> ByNearness<T>(List<T> sorted, T from)
        where T : IComparable<T>
    {
        var place = sorted.BinarySearch(from);
        var above = place < 0 ? ~place : place + 1;
        var below = (place < 0 ? ~place : place) - 1;
        while (above < sorted.Count || below >= 0)
        {
            if (above < sorted.Count)
                yield return sorted[above++];
            if (below >= 0)
                yield return sorted[below--];
        }
    }
}
