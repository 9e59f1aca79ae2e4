using CudaCompat.Matrix;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Alternatives;

/// <summary>
/// The drivers at which a verdict can change: floors of CUDA versions, first and last branches of architectures, floors of cuDNN. Between
/// two of them every driver answers alike, so trying these finds the lowest that works.
/// </summary>
internal static class DriverCandidates
{
    /// <summary>Real releases, oldest first, one for each point of change on the machine's system.</summary>
    public static IReadOnlyList<DriverVersion> For(MachineFacts machine) => machine.Drivers.TurningPoints ??= Find(machine);

    /// <summary>Those newer than the machine's driver, oldest first, then the others: nobody goes back to an older driver where a newer one does.</summary>
    public static IEnumerable<DriverVersion> NewerFirst(MachineFacts machine)
    {
        var all = For(machine);
        return machine.Document.Driver is { } installed ? all.Where(d => d > installed).Concat(all.Where(d => d <= installed)) : all;
    }

    private static DriverVersion[] Find(MachineFacts machine)
    {
        var table = machine.Drivers;
        // The oldest known release too: below the first floor nothing changes any more.
        var points = new SortedSet<DriverVersion> { table.Known[0] };
        foreach (var row in machine.Matrix.Data.DriverRequirements)
        {
            if (row.Os == table.Os && row.Used)
                points.Add(row.Minimum);
        }

        foreach (var row in machine.Matrix.Data.DriverCuda)
        {
            if (row.Os == table.Os)
                points.Add(row.From);
        }

        foreach (var architecture in machine.Matrix.Architectures.Rows)
        {
            if (architecture.FirstDriverBranch is { } first && FirstOfBranch(table, first) is { } driver)
                points.Add(driver);
        }

        foreach (var row in machine.Matrix.Data.CudnnSupport)
        {
            if ((table.Os == Machines.OperatingSystemFamily.Windows ? row.MinDriverWindows : row.MinDriverLinux) is { } floor)
                points.Add(floor);
        }

        return [.. points.Select(table.FirstRelease).OfType<DriverVersion>().Distinct().Order()];
    }

    private static DriverVersion? FirstOfBranch(DriverTable table, int branch)
    {
        for (var i = 0; i < table.Known.Length; i++)
        {
            if (table.BranchOf(table.Known[i]) >= branch && table.Known[i].Parts > 1)
                return table.Known[i];
        }

        return null;
    }
}
