using CudaCompat.Matrix.Rows;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>What the drivers of one operating system run: Linux and Windows number their drivers apart, so there is one table each.</summary>
internal sealed class DriverTable
{
    private readonly DriverCudaRow[] _reports;
    private readonly Dictionary<int, DriverRequirementRow> _minorFloors = [];
    private readonly Dictionary<CudaVersion, DriverRequirementRow> _corresponding = [];
    private readonly int[] _branches;

    public DriverTable(OperatingSystemFamily os, MatrixData data)
    {
        Os = os;
        _reports = [.. data.DriverCuda.Where(r => r.Os == os).OrderBy(r => r.From)];
        _branches = [.. data.Drivers.Where(d => d.Os == OperatingSystemFamily.Linux).Select(d => d.Version.Branch).Distinct().Order()];
        foreach (var row in data.DriverRequirements.Where(r => r.Os == os && r.Used))
        {
            if (row.Cuda.EndsWith(".x", StringComparison.Ordinal))
            {
                if (row.Kind == "minor-version-minimum")
                    _minorFloors[int.Parse(row.Cuda.AsSpan(0, row.Cuda.Length - 2), System.Globalization.CultureInfo.InvariantCulture)] = row;
            }
            else if (CudaVersion.TryParse(row.Cuda, out var cuda))
            {
                KeepLowest(cuda, row);
                KeepLowest(cuda.MajorMinor, row);
            }
        }

        Known =
        [
            .. data.Drivers.Where(d => d.Os == os).Select(d => d.Version)
                .Concat(_reports.Select(r => r.From))
                .Concat(_corresponding.Values.Select(r => r.Minimum))
                .Concat(_minorFloors.Values.Select(r => r.Minimum))
                .GroupBy(d => d.Key).Select(g => g.First()).Order(),
        ];
    }

    public OperatingSystemFamily Os { get; }

    /// <summary>Every driver number that any source names, oldest first.</summary>
    public DriverVersion[] Known { get; }

    public DriverVersion Newest => Known[^1];

    /// <summary>The highest CUDA version that any known driver reports.</summary>
    public CudaVersion NewestCuda => _reports[^1].Cuda;

    /// <summary>The highest CUDA version that <paramref name="driver"/> runs, and the row that says so; null for drivers older than the table.</summary>
    public DriverCudaRow? Reported(DriverVersion driver)
    {
        int low = 0, high = _reports.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_reports[middle].From <= driver)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? null : _reports[low - 1];
    }

    /// <summary>The lowest driver that reports <paramref name="cuda"/> or more; null where none does yet.</summary>
    public DriverCudaRow? LowestReporting(CudaVersion cuda)
    {
        foreach (var row in _reports)
        {
            if (row.Cuda >= cuda.MajorMinor)
                return row;
        }

        return null;
    }

    /// <summary>
    /// The branch of a driver. On Linux it is the first number; Windows goes on counting inside a branch (474.44 is of R470, 581.42 of R580), so
    /// there it is the newest Linux branch that is not above the number.
    /// </summary>
    public int BranchOf(DriverVersion driver)
    {
        var place = Array.BinarySearch(_branches, driver.Branch);
        return place >= 0 || ~place == 0 ? driver.Branch : _branches[~place - 1];
    }

    /// <summary>The floor of minor-version compatibility of a CUDA major; null below 11, which has none.</summary>
    public DriverRequirementRow? MinorFloor(int major) => _minorFloors.GetValueOrDefault(major);

    /// <summary>The lowest driver stated for a toolkit release X.Y.Z or, for X.Y, for the lowest of its releases.</summary>
    public DriverRequirementRow? Corresponding(CudaVersion cuda) => _corresponding.GetValueOrDefault(cuda);

    /// <summary>The oldest known release that is not older than <paramref name="driver"/>: a branch (580) becomes the first release of it; the driver itself where none is known.</summary>
    public DriverVersion LowestKnown(DriverVersion driver)
    {
        if (driver.Parts > 1)
            return driver;
        foreach (var known in Known)
        {
            if (known.Parts > 1 && known >= driver)
                return known;
        }

        return driver;
    }

    /// <summary>The newest known release of the series <paramref name="driver"/>, or the driver itself where it is no series.</summary>
    public DriverVersion HighestOfSeries(DriverVersion driver)
    {
        for (var i = Known.Length - 1; i >= 0; i--)
        {
            if (Known[i].StartsWith(driver))
                return Known[i];
        }

        return driver;
    }

    private void KeepLowest(CudaVersion cuda, DriverRequirementRow row)
    {
        if (row.Kind is "minor-version-minimum")
            return;
        if (!_corresponding.TryGetValue(cuda, out var old) || row.Minimum < old.Minimum)
            _corresponding[cuda] = row;
    }
}
