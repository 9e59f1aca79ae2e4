using CudaCompat.Data.Parsing;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>data/curated/odd-driver-reports.tsv: what drivers were seen to print against all that is known beside; not taken for the steps.</summary>
internal sealed class OddReports
{
    private const string FileName = "odd-driver-reports.tsv";
    private readonly Dictionary<(DriverVersion Driver, CudaVersion Cuda), string> _reasons = [];

    /// <summary>Reads the file of a folder of curated rows; empty without one.</summary>
    public static OddReports Load(string? curated)
    {
        var odd = new OddReports();
        if (curated is null)
            return odd;
        foreach (var (_, cells) in TsvTable.Parse(FileName, File.ReadAllText(Path.Combine(curated, FileName)), ["driver", "printed", "reason", "evidence"]))
            odd._reasons.Add((DriverVersion.Parse(cells[0]), CudaVersion.Parse(cells[1])), cells[2]);
        return odd;
    }

    /// <summary>Why this report is odd; null where it is not.</summary>
    public string? Reason(DriverVersion driver, CudaVersion cuda) => _reasons.GetValueOrDefault((driver, cuda));

    /// <summary>True where some report of the driver is odd.</summary>
    public bool Names(DriverVersion driver) => _reasons.Keys.Any(k => k.Driver == driver);
}
