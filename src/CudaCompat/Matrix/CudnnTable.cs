using CudaCompat.Matrix.Rows;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>Whether a cuDNN serves a GPU, as far as its support matrix says.</summary>
internal enum CudnnService
{
    /// <summary>A row lists the GPU's architecture.</summary>
    Served,

    /// <summary>The release has a row and it does not list the GPU, or the GPU is older than anything listed.</summary>
    NotServed,

    /// <summary>The release has no row of its own and the GPU is newer than the nearest earlier row: nobody says.</summary>
    Unknown,
}

/// <summary>cuDNN releases, the CUDA versions they are for, and what their support matrices say of drivers and GPUs.</summary>
internal sealed class CudnnTable
{
    private readonly CudnnRow[] _releases;
    private readonly Dictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture), CudnnRow[]> _byPlatform = [];
    private readonly Dictionary<(int CudnnMajor, int Variant), CudnnSupportRow[]> _support;

    public CudnnTable(MatrixData data)
    {
        _releases = [.. data.Cudnn.OrderByDescending(r => r.Version)];
        _support = data.CudnnSupport
            .GroupBy(r => (r.Cudnn.Major, r.Variant))
            .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Cudnn).ToArray());
    }

    /// <summary>All releases, newest first; a release for two CUDA ranges stands twice.</summary>
    public IReadOnlyList<CudnnRow> Releases => _releases;

    /// <summary>The releases for a CUDA version that have a file for a platform, or of which only the label is known; newest first.</summary>
    public CudnnRow[] ForPlatform(CudaVersion cuda, OperatingSystemFamily os, CpuArchitecture arch)
    {
        lock (_byPlatform)
        {
            if (!_byPlatform.TryGetValue((cuda, os, arch), out var rows))
            {
                var platform = (os, arch) switch
                {
                    (OperatingSystemFamily.Windows, CpuArchitecture.X64) => "windows-x86_64",
                    (OperatingSystemFamily.Windows, _) => "windows-arm64",
                    (_, CpuArchitecture.X64) => "linux-x86_64",
                    _ => "linux-sbsa",
                };
                rows = [.. _releases.Where(r => r.Cuda.Contains(cuda) && (r.Platforms is null || r.Platforms.Contains(platform)))];
                _byPlatform[(cuda, os, arch)] = rows;
            }

            return rows;
        }
    }

    /// <summary>True where any known release has these numbers, the fourth being optional.</summary>
    public bool Knows(DottedVersion version) => _releases.Any(r => r.Version.StartsWith(version) || version.StartsWith(r.Version));

    /// <summary>The releases with these numbers: one per CUDA range.</summary>
    public IEnumerable<CudnnRow> Find(DottedVersion version) => _releases.Where(r => r.Version.StartsWith(version) || version.StartsWith(r.Version));

    /// <summary>The support rows of a release for a CUDA version: its own, or those of the nearest earlier release of its major and CUDA variant.</summary>
    public SupportRows Support(DottedVersion cudnn, CudaVersion cuda)
    {
        if (!_support.TryGetValue((cudnn.Major, cuda.Major), out var rows))
            return default;
        // The release of the row: compared by its own parts, so that 9.10.2.21 is 9.10.2.
        DottedVersion? nearest = null;
        foreach (var row in rows)
        {
            if (row.Cudnn <= cudnn)
                nearest = row.Cudnn;
        }

        if (nearest is not { } release)
            return default;
        var found = RowsOf(rows, release, cuda);
        // A row that lists no GPU (the matrices of 7.6.3 to 7.6.5) takes the list of the nearest earlier release that has one.
        if (found.Any(HasGpus) || rows.LastOrDefault(r => r.Cudnn <= release && HasGpus(r)) is not { } listed)
            return new SupportRows(found, found, !cudnn.StartsWith(release));
        return new SupportRows(found, RowsOf(rows, listed.Cudnn, cuda), true);
    }

    private static CudnnSupportRow[] RowsOf(CudnnSupportRow[] rows, DottedVersion release, CudaVersion cuda)
    {
        var own = rows.Where(r => r.Cudnn == release).ToArray();
        var exact = own.Where(r => r.Cuda.Contains(cuda.MajorMinor)).ToArray();
        return exact.Length > 0 ? exact : own;
    }

    private static bool HasGpus(CudnnSupportRow row) => row.Capabilities is not null || row.CapabilitiesFrom is not null;

    /// <summary>Rows of one release.</summary>
    /// <param name="Rows">Null where no matrix covers the release.</param>
    /// <param name="GpuRows">The rows that list the GPUs: the same, or those of an earlier release.</param>
    /// <param name="Inferred">True where the GPUs are an earlier release's.</param>
    internal readonly record struct SupportRows(CudnnSupportRow[]? Rows, CudnnSupportRow[]? GpuRows, bool Inferred)
    {
        public CudnnService Serves(ComputeCapability gpu, ArchitectureTable architectures)
        {
            if (GpuRows is null || !GpuRows.Any(HasGpus))
                return CudnnService.Unknown;
            foreach (var row in GpuRows)
            {
                if (Lists(row, gpu, architectures))
                    return CudnnService.Served;
            }

            // The matrices are those of servers and desktops: they leave systems on a chip out without meaning anything by it.
            if (architectures.Find(gpu) is { Tegra: true })
                return CudnnService.Unknown;
            return Inferred && GpuRows.All(r => Newest(r) is { } newest && gpu > newest) ? CudnnService.Unknown : CudnnService.NotServed;
        }

        /// <summary>The lowest driver for a GPU (or, without one, for any) on a system; null where no row states one.</summary>
        public (DriverVersion Minimum, CudnnSupportRow Row)? Floor(OperatingSystemFamily driverOs, ComputeCapability? gpu, ArchitectureTable architectures)
        {
            (DriverVersion Minimum, CudnnSupportRow Row)? lowest = null;
            foreach (var row in Rows ?? [])
            {
                if (gpu is { } capability && HasGpus(row) && !Lists(row, capability, architectures))
                    continue;
                var minimum = driverOs == OperatingSystemFamily.Windows ? row.MinDriverWindows : row.MinDriverLinux;
                if (minimum is { } driver && (lowest is null || driver < lowest.Value.Minimum))
                    lowest = (driver, row);
            }

            return lowest;
        }

        private static bool Lists(CudnnSupportRow row, ComputeCapability gpu, ArchitectureTable architectures)
        {
            if (row.CapabilitiesFrom is { } from && gpu >= from)
                return true;
            foreach (var listed in row.Capabilities ?? [])
            {
                if (architectures.Runs(listed, gpu))
                    return true;
            }

            return false;
        }

        private static ComputeCapability? Newest(CudnnSupportRow row) => row.Capabilities is { Length: > 0 } list ? list.Max() : null;
    }
}
