using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>Orders versions by their distance from the one that did not work: the same X.Y before another Y, that before another X; of two at the same distance the newer.</summary>
internal static class Nearness
{
    public static IEnumerable<PackageVersion> Order(List<PackageVersion> sorted, PackageVersion from) => Order(sorted, from, v => (v.Release.Major, v.Release.Minor, v.Release.Patch));

    public static IEnumerable<DottedVersion> Order(List<DottedVersion> sorted, DottedVersion from) => Order(sorted, from, v => (v.Major, v.Minor, v.Patch));

    public static IEnumerable<CudaVersion> Order(List<CudaVersion> sorted, CudaVersion from) => Order(sorted, from, v => (v.Major, v.Minor, v.Patch ?? 0));

    public static IEnumerable<CudaTag> Order(List<CudaTag> sorted, CudaTag from) => Order(sorted, from, v => (v.Cuda?.Major ?? 0, v.Cuda?.Minor ?? 0, 0));

    public static IEnumerable<PythonVersion> Order(List<PythonVersion> sorted, PythonVersion from) => Order(sorted, from, v => (v.Major, v.Minor, 0));

    private static IEnumerable<T> Order<T>(List<T> sorted, T from, Func<T, (int Major, int Minor, int Patch)> numbers)
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
