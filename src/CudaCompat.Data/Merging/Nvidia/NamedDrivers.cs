using CudaCompat.Data.Refresh;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Data.Merging.Nvidia;

/// <summary>Drivers that other tables name: known to exist, without a file. Follows from all of those.</summary>
internal static class NamedDrivers
{
    /// <summary>Adds them to <paramref name="facts"/>.</summary>
    public static void Derive(FactStore facts)
    {
        var known = facts.Drivers.Rows.Select(r => (r.Os, r.Version)).ToHashSet();
        foreach (var row in facts.DriverRequirements.Rows)
            Add(facts, known, row.Minimum, row.Os, row.Sources, row.Evidence);
        foreach (var row in facts.DriverReports.Rows.Where(r => !r.Tegra && r.Os is not null))
            Add(facts, known, row.Driver, OperatingSystemNames.Instance.TryParse(row.Os, out var os) ? os : throw new FormatException(row.Os), row.Sources, row.Evidence);
        foreach (var row in facts.Architectures.Rows)
        {
            if (row.FirstDriverLinux is { } linux && !row.Tegra)
                Add(facts, known, linux, OperatingSystemFamily.Linux, row.Sources, null);
            if (row.FirstDriverWindows is { } windows)
                Add(facts, known, windows, OperatingSystemFamily.Windows, row.Sources, null);
        }

        foreach (var row in facts.PciGpus.Rows.Where(r => r.FirstDriver is not null))
            Add(facts, known, row.FirstDriver!.Value, OperatingSystemFamily.Linux, row.Sources, null);
    }

    private static void Add(FactStore facts, HashSet<(OperatingSystemFamily, DriverVersion)> known, DriverVersion driver, OperatingSystemFamily os, string[] sources, string? evidence)
    {
        if (driver.Parts > 1 && known.Add((os, driver)))
            facts.Drivers.Add(new DriverReleaseRow(driver, os, null, null, null, null, null, null, sources, evidence));
    }
}
