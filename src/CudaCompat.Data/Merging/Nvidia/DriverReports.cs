using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>What drivers were seen to print. Tegra drivers are a series of their own and are marked.</summary>
internal sealed class DriverReports : ISubject
{
    private const string Tegra = "linux-tegra", Linux = "linux", Windows = "windows";

    /// <inheritdoc/>
    public string Name => "driver reports";

    /// <inheritdoc/>
    public void Read(SourceFolder sources, FactStore facts)
    {
        var listed = facts.Drivers.Rows.Where(r => r.Os == OperatingSystemFamily.Linux).Select(r => r.Version).ToHashSet();
        var newest = listed.Max();
        foreach (var row in sources.Table("nvidia/driver_reports_cuda.tsv", "", "driver", "cuda_version_printed", "os", "evidence"))
        {
            var driver = row.Required<DriverVersion>("driver");
            var evidence = row.Required("evidence");
            var (os, note) = SystemOf(driver, row.Text("os"), listed, newest);
            facts.DriverReports.Add(new DriverReportRow(driver, os, row.Required<CudaVersion>("cuda_version_printed"), row["os"] == Tegra, Evidence.Sources(sources, row, evidence), Evidence.Text(evidence), note));
            row.Use();
        }
    }

    /// <summary>
    /// Which system's numbering a report is of. Inside WSL and containers nvidia-smi runs on Linux but prints the Windows number, so a number that
    /// is on no Linux list, though the list is newer, is a Windows number. Windows numbers have two parts. A bare branch says nothing.
    /// </summary>
    internal static (string? Os, string? Note) SystemOf(DriverVersion driver, string? stated, IReadOnlySet<DriverVersion> listed, DriverVersion newest)
    {
        if (stated == Tegra)
            return (Linux, null);
        if (stated == Windows || driver.Parts == 1)
            return (stated, null);
        if (listed.Contains(driver))
            return (Linux, stated is null ? "system inferred: the number is on the Linux list" : null);
        return driver > newest || driver.Parts > 2
            ? (stated, null)
            : (Windows, $"system {(stated is null ? "inferred" : "stated as linux (WSL or a container)")}: the number is on no Linux list");
    }
}
