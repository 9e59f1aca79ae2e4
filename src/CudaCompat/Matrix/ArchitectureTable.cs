using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>The device architectures, numbered so that a set of them is one 64-bit mask.</summary>
internal sealed class ArchitectureTable
{
    private readonly ArchitectureRow[] _rows;
    private readonly int[] _indexes = new int[1000]; // by major * 10 + minor: the number of the architecture and one, or 0
    private readonly ComputeCapability _oldestWithBranch;

    public ArchitectureTable(MatrixData data)
    {
        // Suffixed rows (9.0a) are targets of code, not devices.
        _rows = [.. data.Architectures.Where(r => r.ComputeCapability.Suffix is null).OrderBy(r => r.ComputeCapability)];
        if (_rows.Length > 64)
            throw new DataFormatException("architectures.json: more than 64 device architectures.");
        for (var i = 0; i < _rows.Length; i++)
            _indexes[Place(_rows[i].ComputeCapability)] = i + 1;
        for (var i = 0; i < _rows.Length; i++)
            DesktopMask |= _rows[i].Tegra ? 0 : 1UL << i;
        OldestWithOpenModule = _rows.Where(r => r.OpenKernelModule == true).Select(r => (ComputeCapability?)r.ComputeCapability).FirstOrDefault();
        _oldestWithBranch = _rows.First(r => r.FirstDriverBranch is not null).ComputeCapability;
    }

    public IReadOnlyList<ArchitectureRow> Rows => _rows;

    /// <summary>The oldest architecture that the open kernel module drives; null where the data does not say.</summary>
    public ComputeCapability? OldestWithOpenModule { get; }

    /// <summary>All but the systems on a chip.</summary>
    public ulong DesktopMask { get; }

    public ArchitectureRow? Find(ComputeCapability capability) => IndexOf(capability) is var i and >= 0 ? _rows[i] : null;

    /// <summary>The number of the architecture, or -1 where the data does not know it.</summary>
    public int IndexOf(ComputeCapability capability) => capability.Suffix is null ? _indexes[Place(capability)] - 1 : -1;

    /// <summary>The desktop architectures that drivers of a branch serve, as far as sources state first and last branch.</summary>
    public ulong ServedByBranch(int branch)
    {
        ulong mask = 0;
        for (var i = 0; i < _rows.Length; i++)
        {
            var row = _rows[i];
            if (!row.Tegra && FirstBranch(row) <= branch && (row.LastDriverBranch ?? int.MaxValue) >= branch)
                mask |= 1UL << i;
        }

        return mask;
    }

    /// <summary>True where native code for <paramref name="code"/> runs on a GPU of <paramref name="gpu"/>: same major, minor not newer; Tegra only its own.</summary>
    public bool Runs(ComputeCapability code, ComputeCapability gpu)
    {
        if (code.Major != gpu.Major)
            return false;
        if (code.Minor == gpu.Minor)
            return true;
        return code.Suffix != 'a' && code.Minor < gpu.Minor && !IsTegra(gpu) && !IsTegra(new ComputeCapability(code.Major, code.Minor));
    }

    /// <summary>The mask of known architectures on which native code of <paramref name="codes"/> runs.</summary>
    public ulong ServedNatively(IEnumerable<ComputeCapability> codes)
    {
        ulong mask = 0;
        foreach (var code in codes)
        {
            for (var i = 0; i < _rows.Length; i++)
            {
                if (Runs(code, _rows[i].ComputeCapability))
                    mask |= 1UL << i;
            }
        }

        return mask;
    }

    /// <summary>The mask of known architectures on which the native code of a build runs, and its libraries work.</summary>
    public ulong NativeMask(ArchListRow? code, CudaTag? tag) => code is null ? 0 : ServedNatively(code.Native) & ~NeedingLaterLibraries(tag?.Cuda);

    /// <summary>The architectures on which the libraries of <paramref name="cuda"/> do not work although older code would run.</summary>
    public ulong NeedingLaterLibraries(CudaVersion? cuda)
    {
        ulong mask = 0;
        for (var i = 0; i < _rows.Length; i++)
        {
            if (_rows[i].LibrariesFrom is { } from && cuda < from)
                mask |= 1UL << i;
        }

        return mask;
    }

    /// <summary>The number under which today's drivers know a GPU: 11.0 for a Thor that older software calls 10.1.</summary>
    public ComputeCapability Canonical(ComputeCapability gpu) => Find(gpu)?.SameAs ?? gpu;

    private static int Place(ComputeCapability capability) => capability.Major * 10 + capability.Minor;

    private bool IsTegra(ComputeCapability capability) => Find(capability) is { Tegra: true };

    // An architecture without a stated first branch counts as known to every branch where it is older than the first that has one, and as unknown else.
    private int FirstBranch(ArchitectureRow row) => row.FirstDriverBranch ?? (row.ComputeCapability < _oldestWithBranch ? 0 : int.MaxValue);
}
