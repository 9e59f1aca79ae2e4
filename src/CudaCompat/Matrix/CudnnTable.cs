using System.Collections.Concurrent;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>Whether a cuDNN serves a GPU, as far as its support matrix says.</summary>
internal enum CudnnService
{
    /// <summary>A row lists the GPU's architecture.</summary>
    Served,

    /// <summary>The release has a row and it does not list the GPU, or the GPU is older than anything listed.</summary>
    NotServed,

    /// <summary>The release has no row of its own and the GPU is newer than the nearest earlier row, while a later row lists it or there is none: nobody says.</summary>
    Unknown,
}

/// <summary>cuDNN releases, the CUDA versions they are for, and what their support matrices say of drivers and GPUs.</summary>
internal sealed class CudnnTable
{
    private readonly CudnnRow[] _releases;
    private List<DottedVersion>? _versions;
    private readonly ConcurrentDictionary<(CudaVersion, OperatingSystemFamily, CpuArchitecture), CudnnRow[]> _byPlatform = new();
    private readonly ConcurrentDictionary<(ulong Release, CudaVersion Cuda, bool Inferred), SupportRows> _known = new();
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

    /// <summary>Every version that can be recommended, once, oldest first: a label "and later" was printed before the later ones were, so it is taken at its word but never advised.</summary>
    public List<DottedVersion> Versions => _versions ??= [.. _releases.Where(r => !r.Cuda.IsOpenEnded).Select(r => r.Version).Distinct().Order()];

    /// <summary>The name under which NVIDIA's manifests hold the archives of a platform.</summary>
    public static string PlatformOf(OperatingSystemFamily os, CpuArchitecture arch) => (os, arch) switch
    {
        (OperatingSystemFamily.Windows, CpuArchitecture.X64) => "windows-x86_64",
        (OperatingSystemFamily.Windows, _) => "windows-arm64",
        (_, CpuArchitecture.X64) => "linux-x86_64",
        _ => "linux-sbsa",
    };

    /// <summary>The releases for a CUDA version that have a file for a platform, or of which only the label is known; newest first.</summary>
    public CudnnRow[] ForPlatform(CudaVersion cuda, OperatingSystemFamily os, CpuArchitecture arch) => _byPlatform.GetOrAdd((cuda, os, arch), static (key, releases) =>
    {
        var (cuda, os, arch) = key;
        var platform = PlatformOf(os, arch);
        return [.. releases.Where(r => r.Cuda.Contains(cuda) && (r.Platforms is null || r.Platforms.Contains(platform)))];
    }, _releases);

    /// <summary>True where any known release has these numbers, the fourth being optional.</summary>
    public bool Knows(DottedVersion version) => Find(version).Count > 0;

    /// <summary>The releases with these numbers, the last ones being optional on either side: one per CUDA range.</summary>
    public List<CudnnRow> Find(DottedVersion version)
    {
        var found = new List<CudnnRow>(2);
        // Sorted newest first; whatever shares the first number lies together.
        for (var i = FirstOfMajor(version.Major); i < _releases.Length && _releases[i].Version.Major == version.Major; i++)
        {
            var release = _releases[i].Version;
            if (release.StartsWith(version) || version.StartsWith(release))
                found.Add(_releases[i]);
        }

        return found;
    }

    /// <summary>The support rows of a release for a CUDA version: its own, or those of the nearest earlier release of its major and CUDA variant.</summary>
    public SupportRows Support(DottedVersion cudnn, CudaVersion cuda)
    {
        if (!_support.TryGetValue((cudnn.Major, cuda.Major), out var rows))
            return SupportRows.None;
        // The release of the row: compared by its own parts, so that 9.10.2.21 is 9.10.2.
        int low = 0, high = rows.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rows[middle].Cudnn <= cudnn)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == 0)
            return SupportRows.None;
        var release = rows[low - 1].Cudnn;
        return _known.GetOrAdd((release.Key, cuda.MajorMinor, !cudnn.StartsWith(release)), static (key, rows) =>
        {
            var found = RowsOf(rows, key.Release, key.Cuda);
            var later = Array.FindAll(rows, r => r.Cudnn.Key > key.Release && HasGpus(r));
            // A row that lists no GPU (the matrices of 7.6.3 to 7.6.5) takes the list of the nearest earlier release that has one.
            if (found.Any(HasGpus) || rows.LastOrDefault(r => r.Cudnn.Key <= key.Release && HasGpus(r)) is not { } listed)
                return new SupportRows(found, found, key.Inferred, later);
            return new SupportRows(found, RowsOf(rows, listed.Cudnn.Key, key.Cuda), true, later);
        }, rows);
    }

    private static CudnnSupportRow[] RowsOf(CudnnSupportRow[] rows, ulong release, CudaVersion cuda)
    {
        var own = rows.Where(r => r.Cudnn.Key == release).ToArray();
        var exact = own.Where(r => r.Cuda.Contains(cuda)).ToArray();
        return exact.Length > 0 ? exact : own;
    }

    private static bool HasGpus(CudnnSupportRow row) => row.Capabilities is not null || row.CapabilitiesFrom is not null;

    private int FirstOfMajor(int major)
    {
        int low = 0, high = _releases.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_releases[middle].Version.Major > major)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Rows of one release.</summary>
    /// <param name="rows">Null where no matrix covers the release.</param>
    /// <param name="gpuRows">The rows that list the GPUs: the same, or those of an earlier release.</param>
    /// <param name="inferred">True where the GPUs are an earlier release's.</param>
    /// <param name="later">The rows of later releases: a GPU that none of them lists either was not served before.</param>
    internal sealed class SupportRows(CudnnSupportRow[]? rows, CudnnSupportRow[]? gpuRows, bool inferred, CudnnSupportRow[] later)
    {
        public static readonly SupportRows None = new(null, null, false, []);

        // What Serves has answered, by the number of the architecture: the answer and one, 0 where it was not asked.
        private readonly byte[] _answers = new byte[64];

        public CudnnSupportRow[]? Rows => rows;

        public bool Inferred => inferred;

        public CudnnService Serves(ComputeCapability gpu, ArchitectureTable architectures)
        {
            var index = architectures.IndexOf(gpu);
            if (index < 0)
                return Look(gpu, architectures);
            if (_answers[index] == 0)
                _answers[index] = (byte)(Look(gpu, architectures) + 1);
            return (CudnnService)(_answers[index] - 1);
        }

        private CudnnService Look(ComputeCapability gpu, ArchitectureTable architectures)
        {
            if (gpuRows is null || !gpuRows.Any(HasGpus))
                return CudnnService.Unknown;
            foreach (var row in gpuRows)
            {
                if (Lists(row, gpu, architectures))
                    return CudnnService.Served;
            }

            // The matrices are those of servers and desktops: they leave systems on a chip out without meaning anything by it.
            if (architectures.Find(gpu) is { Tegra: true })
                return CudnnService.Unknown;
            return Inferred && gpuRows.All(r => Newest(r, architectures) is { } newest && gpu > newest) && (later.Length == 0 || later.Any(r => Lists(r, gpu, architectures))) ? CudnnService.Unknown : CudnnService.NotServed;
        }

        /// <summary>The lowest driver for a GPU (or, without one and for one of which the rows say nothing, for any) on a system; null where no row states one.</summary>
        public (DriverVersion Minimum, CudnnSupportRow Row)? Floor(OperatingSystemFamily driverOs, ComputeCapability? gpu, ArchitectureTable architectures)
        {
            (DriverVersion Minimum, CudnnSupportRow Row)? lowest = null;
            if (gpu is { } asked && Serves(asked, architectures) == CudnnService.Unknown)
                gpu = null;
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
                return architectures.Find(gpu) is null || architectures.Rows.Any(a => Meant(a, row, from) && architectures.Runs(a.ComputeCapability, gpu));
            foreach (var listed in row.Capabilities ?? [])
            {
                if (architectures.Runs(listed, gpu))
                    return true;
            }

            return false;
        }

        // "3.5 and later" was printed when later ended with what the CUDA of the row can target.
        private static bool Meant(ArchitectureRow architecture, CudnnSupportRow row, ComputeCapability from) =>
            architecture.ComputeCapability.Suffix is null && architecture.ComputeCapability >= from && architecture.FirstToolkit is { } first
            && Array.Exists(row.Cuda, cuda => first <= cuda);

        private static ComputeCapability? Newest(CudnnSupportRow row, ArchitectureTable architectures)
        {
            if (row.Capabilities is { Length: > 0 } list)
                return list.Max();
            return row.CapabilitiesFrom is { } from
                ? architectures.Rows.Where(a => Meant(a, row, from)).Select(a => (ComputeCapability?)a.ComputeCapability).Max()
                : null;
        }
    }
}
