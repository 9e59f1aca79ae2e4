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

    public static IEnumerable<PackageVersion> ByNearness(List<PackageVersion> sorted, PackageVersion from) => ByNearness(sorted, from, v => (v.Release.Major, v.Release.Minor, v.Release.Patch));

    public static IEnumerable<DottedVersion> ByNearness(List<DottedVersion> sorted, DottedVersion from) => ByNearness(sorted, from, v => (v.Major, v.Minor, v.Patch));

    public static IEnumerable<CudaVersion> ByNearness(List<CudaVersion> sorted, CudaVersion from) => ByNearness(sorted, from, v => (v.Major, v.Minor, v.Patch ?? 0));

    public static IEnumerable<CudaTag> ByNearness(List<CudaTag> sorted, CudaTag from) => ByNearness(sorted, from, v => (v.Cuda?.Major ?? 0, v.Cuda?.Minor ?? 0, 0));

    public static IEnumerable<PythonVersion> ByNearness(List<PythonVersion> sorted, PythonVersion from) => ByNearness(sorted, from, v => (v.Major, v.Minor, 0));

    /// <summary>The other values of a sorted list, the nearest to <paramref name="from"/> first: the same X.Y before another Y, that before another X; of two at the same distance the newer.</summary>
    private static IEnumerable<T> ByNearness<T>(List<T> sorted, T from, Func<T, (int Major, int Minor, int Patch)> numbers)
        where T : IComparable<T>
    {
        var place = sorted.BinarySearch(from);
        var above = place < 0 ? ~place : place + 1;
        var below = (place < 0 ? ~place : place) - 1;
        while (above < sorted.Count || below >= 0)
        {
            if (below < 0 || above < sorted.Count && Distance(sorted[above]).CompareTo(Distance(sorted[below])) <= 0)
                yield return sorted[above++];
            else
                yield return sorted[below--];
        }

        (int, int, int) Distance(T version)
        {
            var (one, other) = (numbers(version), numbers(from));
            return (Math.Abs(one.Major - other.Major), Math.Abs(one.Minor - other.Minor), Math.Abs(one.Patch - other.Patch));
        }
    }
}
