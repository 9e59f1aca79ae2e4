using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Matrix.Image;

/// <summary>Every driver number that any source names, per system and sorted, gathered when an image is written.</summary>
internal static class KnownDrivers
{
    private const string Table = "known-drivers ";
    private const string BranchIndex = "linux driver branches";

    public static void Write(ImageWriter image, MatrixData data)
    {
        foreach (var os in (OperatingSystemFamily[])[OperatingSystemFamily.Linux, OperatingSystemFamily.Windows])
            image.Table(Table + OperatingSystemNames.Instance.NameOf(os), Of(os, data), static (c, driver) => c.Version(driver));
        int[] branches = [.. data.Drivers.Where(d => d.Os == OperatingSystemFamily.Linux).Select(d => d.Version.Branch).Distinct().Order()];
        image.Index(BranchIndex, [KeyValuePair.Create("all", branches)]);
    }

    /// <summary>The branches of the Linux drivers, sorted.</summary>
    public static int[] LinuxBranches(DataImage image) => image.Index(BranchIndex)["all"].ToArray();

    /// <summary>The numbers of one system, oldest first.</summary>
    public static DriverList Read(DataImage image, OperatingSystemFamily os) =>
        new(image.Table(Table + OperatingSystemNames.Instance.NameOf(os), static (ref CellReader c) => new DriverList.Driver(c.Version<DriverVersion>())));

    // Where two sources spell a number in two ways, the list of releases decides, then the order of the tables.
    private static IEnumerable<DriverVersion> Of(OperatingSystemFamily os, MatrixData data)
    {
        var requirements = data.DriverRequirements.Where(r => r.Os == os && r.Used && (DriverTable.IsCorresponding(r) || DriverTable.IsMinorFloor(r))).ToArray();
        return data.Drivers.Where(d => d.Os == os).Select(d => d.Version)
            .Concat(data.DriverCuda.Where(r => r.Os == os).OrderBy(r => r.From).Select(r => r.From))
            .Concat(requirements.Where(DriverTable.IsCorresponding).Select(r => r.Minimum))
            .Concat(requirements.Where(DriverTable.IsMinorFloor).Select(r => r.Minimum))
            .GroupBy(d => d.Key).Select(g => g.First()).Order();
    }
}

/// <summary>Driver numbers, oldest first, each read when it is first looked at: a search looks at ten of seven hundred.</summary>
internal sealed class DriverList(RowTable<DriverList.Driver> drivers)
{
    public int Length => drivers.Count;

    public DriverVersion this[int index] => drivers[index].Version;

    /// <summary>One of them.</summary>
    internal sealed record Driver(DriverVersion Version);
}
