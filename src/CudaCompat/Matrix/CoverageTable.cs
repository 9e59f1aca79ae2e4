using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>
/// What may be denied: the ranges of which a source lists everything. A thing that no row names does not exist only where one of them covers it; elsewhere it is not in the data.
/// </summary>
internal sealed class CoverageTable
{
    /// <summary>The place of the default package index.</summary>
    public const string DefaultIndex = "default";

    /// <summary>The place of PyTorch's own wheel index.</summary>
    public const string WheelIndex = "index";

    private readonly Lazy<ILookup<string, CoverageRow>> _complete;

    public CoverageTable(MatrixData data) => _complete = new(() => data.Coverage.Where(r => r.Complete).ToLookup(r => r.Subject, StringComparer.Ordinal));

    /// <summary>The row under which a build of <paramref name="package"/> that no row names may be denied, the newest; null where no source lists everything.</summary>
    /// <param name="place">Pip: <see cref="WheelIndex"/> for a build with a tag, <see cref="DefaultIndex"/> for one without.</param>
    public CoverageRow? Build(string package, PackageVersion version, Packaging packaging, OperatingSystemFamily os, CpuArchitecture arch, string? place) =>
        Find(package, version, packaging, os, arch, place);

    /// <summary>The row under which a version of <paramref name="package"/> that no row names may be denied altogether.</summary>
    public CoverageRow? Release(string package, PackageVersion version) => Find(package + "-release", version);

    /// <summary>The row under which a toolkit that no row names may be denied.</summary>
    public CoverageRow? Toolkit(CudaVersion version) => Find("toolkit", PackageVersion.Parse(version.ToString()));

    /// <summary>The row under which a cuDNN that no row names may be denied.</summary>
    public CoverageRow? Cudnn(DottedVersion version) => Find("cudnn", PackageVersion.Parse(version.ToString()));

    /// <summary>The newest complete row of a subject that holds for what is given; a null argument asks nothing of the row.</summary>
    public CoverageRow? Find(string subject, PackageVersion version, Packaging? packaging = null, OperatingSystemFamily? os = null, CpuArchitecture? arch = null, string? place = null)
    {
        var system = os is OperatingSystemFamily.Wsl ? OperatingSystemFamily.Linux : os;
        return _complete.Value[subject]
            .Where(r => Holds(r.Packaging, packaging) && Holds(r.Os, system) && Holds(r.Arch, arch) && (r.Place is null || r.Place == place))
            .Where(r => (r.From is not { } from || from.CompareTo(version) <= 0) && (r.To is not { } to || version.CompareTo(to) <= 0))
            .MaxBy(r => r.AsOf, StringComparer.Ordinal);
    }

    private static bool Holds<T>(T? ofRow, T? asked)
        where T : struct => ofRow is not { } row || asked is not { } wanted || EqualityComparer<T>.Default.Equals(row, wanted);
}
