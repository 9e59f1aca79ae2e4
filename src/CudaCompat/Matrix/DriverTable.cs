using CudaCompat.Machines;
using CudaCompat.Matrix.Image;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix;

/// <summary>What the drivers of one operating system run: Linux and Windows number their drivers apart, so there is one table each.</summary>
internal sealed class DriverTable
{
    private readonly DriverCudaRow[] _reports;
    private readonly Dictionary<int, DriverRequirementRow> _minorFloors = [];
    private readonly Dictionary<CudaVersion, DriverRequirementRow> _corresponding = [];
    private readonly int[] _branches;

    public DriverTable(OperatingSystemFamily os, MatrixData data, DriverList known, int[] linuxBranches)
    {
        Os = os;
        Known = known;
        _branches = linuxBranches;
        _reports = [.. data.DriverCuda.Where(r => r.Os == os).OrderBy(r => r.From)];
        foreach (var row in data.DriverRequirements)
        {
            if (row.Os != os || !row.Used)
                continue;
            if (IsMinorFloor(row))
            {
                _minorFloors[int.Parse(row.Cuda.AsSpan(0, row.Cuda.Length - 2), System.Globalization.CultureInfo.InvariantCulture)] = row;
            }
            else if (IsCorresponding(row) && CudaVersion.TryParse(row.Cuda, out var cuda))
            {
                KeepLowest(cuda, row);
                KeepLowest(cuda.MajorMinor, row);
            }
        }
    }

    public OperatingSystemFamily Os { get; }

    /// <summary>Every driver number that any source names, oldest first.</summary>
    public DriverList Known { get; }

    /// <summary>The releases at which an answer can change, once they have been asked for.</summary>
    internal IReadOnlyList<DriverVersion>? TurningPoints { get; set; }

    public DriverVersion Newest => Known[Known.Length - 1];

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
        // The reported version never falls with newer drivers.
        int low = 0, high = _reports.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_reports[middle].Cuda >= cuda.MajorMinor)
                high = middle;
            else
                low = middle + 1;
        }

        return low == _reports.Length ? null : _reports[low];
    }

    /// <summary>True where a source names this very release, or one of the series that it stands for.</summary>
    public bool Knows(DriverVersion driver)
    {
        var place = FirstNotOlder(driver.Key);
        return place < Known.Length && Known[place].StartsWith(driver);
    }

    /// <summary>True where a source names a release whose first number is this one.</summary>
    public bool KnowsBranch(int number)
    {
        var place = FirstNotOlder(DriverVersion.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}")).Key);
        return place < Known.Length && Known[place].Branch == number;
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
        return FirstRelease(driver) ?? driver;
    }

    /// <summary>The oldest known release that is not older than <paramref name="driver"/>, be that a release or a branch; null where none is known.</summary>
    public DriverVersion? FirstRelease(DriverVersion driver)
    {
        for (var i = FirstNotOlder(driver.Key); i < Known.Length; i++)
        {
            if (Known[i].Parts > 1)
                return Known[i];
        }

        return null;
    }

    /// <summary>The newest known release of the series <paramref name="driver"/>, or the driver itself where it is no series.</summary>
    public DriverVersion HighestOfSeries(DriverVersion driver)
    {
        // The numbers of a series lie together: behind its own and before the next number of as many parts.
        var end = driver.Parts == 0 ? ulong.MaxValue : driver.Key | (driver.Parts == 4 ? 0 : ulong.MaxValue >> (16 * driver.Parts));
        var place = end == ulong.MaxValue ? Known.Length : FirstNotOlder(end + 1);
        for (var i = place - 1; i >= 0 && Known[i].Key >= driver.Key; i--)
        {
            if (Known[i].StartsWith(driver))
                return Known[i];
        }

        return driver;
    }

    /// <summary>True for the floor of minor-version compatibility of a major.</summary>
    internal static bool IsMinorFloor(DriverRequirementRow row) => row.Kind == "minor-version-minimum" && row.Cuda.EndsWith(".x", StringComparison.Ordinal);

    /// <summary>True for the driver stated for a toolkit release.</summary>
    internal static bool IsCorresponding(DriverRequirementRow row) => row.Kind != "minor-version-minimum" && !row.Cuda.EndsWith(".x", StringComparison.Ordinal);

    private int FirstNotOlder(ulong key)
    {
        int low = 0, high = Known.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Known[middle].Key < key)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void KeepLowest(CudaVersion cuda, DriverRequirementRow row)
    {
        if (!_corresponding.TryGetValue(cuda, out var old) || row.Minimum < old.Minimum)
            _corresponding[cuda] = row;
    }
}
