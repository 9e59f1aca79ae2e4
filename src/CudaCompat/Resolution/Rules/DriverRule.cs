using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Does the driver run code of this CUDA version?</summary>
internal static class DriverRule
{
    public static Cause? Of(MachineFacts machine, CudaVersion cuda, string subject, Policy policy, DriverFit fit)
    {
        if (fit.Mode != DriverFitMode.TooOld)
            return null;
        if (policy == Policy.Forward && machine.Document.OperatingSystem == OperatingSystemFamily.Linux)
            return new ForwardCompatUnavailable { Subject = subject, Cuda = cuda, Driver = machine.StatedDriver, ReportedCuda = machine.ReportedCuda, Minimum = fit.Minimum, Sources = fit.Sources };
        return TooOld(machine, cuda, subject, policy, fit);
    }

    public static DriverTooOld TooOld(MachineFacts machine, CudaVersion cuda, string subject, Policy policy, DriverFit fit) => new()
    {
        Subject = subject,
        Cuda = cuda,
        Driver = machine.StatedDriver,
        ReportedCuda = machine.ReportedCuda,
        Minimum = fit.Minimum,
        DriverOs = machine.Drivers.Os,
        Strict = policy == Policy.Strict,
        Sources = fit.Sources,
    };

    /// <summary>Nothing is known of the driver.</summary>
    public static Cause Unknown(MachineFacts machine, CudaVersion cuda, string subject)
    {
        var floor = machine.Drivers.MinorFloor(cuda.Major)?.Minimum ?? machine.Drivers.LowestReporting(cuda)?.From;
        return new DriverUnknown { Subject = subject, Severity = Severity.Info, Cuda = cuda, Minimum = floor, DriverOs = machine.Drivers.Os, Tegra = machine.Tegra };
    }
}

internal sealed record DriverTooOld : Cause
{
    public override string Rule => "driver-too-old";

    public required CudaVersion Cuda { get; init; }

    public required DriverVersion? Driver { get; init; }

    public required CudaVersion? ReportedCuda { get; init; }

    public required DriverVersion? Minimum { get; init; }

    public required OperatingSystemFamily DriverOs { get; init; }

    public bool Strict { get; init; }
}

internal sealed record DriverUnknown : Cause
{
    public override string Rule => "driver-unknown";

    public required CudaVersion? Cuda { get; init; }

    public required DriverVersion? Minimum { get; init; }

    public required OperatingSystemFamily DriverOs { get; init; }

    /// <summary>True on a module whose driver numbers are a series of their own.</summary>
    public bool Tegra { get; init; }
}

internal sealed record ForwardCompatUnavailable : Cause
{
    public override string Rule => "forward-compat-unavailable";

    public required CudaVersion Cuda { get; init; }

    public required DriverVersion? Driver { get; init; }

    public required CudaVersion? ReportedCuda { get; init; }

    public required DriverVersion? Minimum { get; init; }
}
