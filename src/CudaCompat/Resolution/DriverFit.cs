using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>How a driver runs code of a CUDA version.</summary>
internal enum DriverFitMode
{
    /// <summary>Neither the driver nor its CUDA version is known.</summary>
    Unknown,

    /// <summary>The driver reports this CUDA version or a newer one.</summary>
    Full,

    /// <summary>By minor-version compatibility: same major, the driver not below the floor of the major.</summary>
    Minor,

    /// <summary>By the forward-compatibility package.</summary>
    Forward,

    /// <summary>Not at all.</summary>
    TooOld,
}

/// <summary>The driver rules of NVIDIA, in one place: backward, minor-version and forward compatibility.</summary>
/// <param name="Mode">How it runs.</param>
/// <param name="Minimum">The lowest driver that would do, where the data has one.</param>
/// <param name="Sources">Of the minimum.</param>
internal readonly record struct DriverFit(DriverFitMode Mode, DriverVersion? Minimum, IReadOnlyList<string> Sources)
{
    public static DriverFit Of(MachineFacts machine, CudaVersion cuda, Policy policy)
    {
        if (machine.ReportedCuda is { } reported && cuda.MajorMinor <= reported)
            return new DriverFit(DriverFitMode.Full, null, []);
        if (machine.Driver is null && machine.ReportedCuda is null)
            return new DriverFit(DriverFitMode.Unknown, null, []);
        if (machine.Tegra)
            return new DriverFit(machine.ReportedCuda is null ? DriverFitMode.Unknown : DriverFitMode.TooOld, null, []);
        var full = machine.Drivers.LowestReporting(cuda);
        var floor = machine.Drivers.MinorFloor(cuda.Major);
        if (policy != Policy.Strict && floor is not null && machine.DriverMeets(floor.Minimum))
            return new DriverFit(DriverFitMode.Minor, floor.Minimum, floor.Sources);
        if (policy == Policy.Forward && ForwardCompatibility.Serves(machine, cuda) is { } package)
            return new DriverFit(DriverFitMode.Forward, null, package.Sources);
        // Below both: the lower of the two is what is missing.
        if (policy != Policy.Strict && floor is not null && (full is null || floor.Minimum <= machine.Drivers.LowestKnown(full.From)))
            return new DriverFit(DriverFitMode.TooOld, floor.Minimum, floor.Sources);
        return new DriverFit(DriverFitMode.TooOld, full is null ? null : machine.Drivers.LowestKnown(full.From), full?.Sources ?? []);
    }
}

/// <summary>NVIDIA's package cuda-compat-X-Y: Linux only, data-centre GPUs only, and only on the branches its table names.</summary>
internal static class ForwardCompatibility
{
    public static ForwardCompatRow? Serves(MachineFacts machine, CudaVersion cuda)
    {
        if (machine.Document.OperatingSystem != OperatingSystemFamily.Linux || machine.DriverIsStandIn || machine.Driver is not { } driver)
            return null;
        if (machine.Gpus is not { Length: > 0 } gpus || gpus.Any(g => (g.ForwardCompat ?? machine.Matrix.Gpus.Find(g.Name)?.ForwardCompat) != true))
            return null;
        return machine.Matrix.Data.ForwardCompat.FirstOrDefault(r => r.Cuda == cuda.MajorMinor && r.Branch == machine.Drivers.BranchOf(driver) && r.Status == "compatible");
    }
}
