using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>What was assumed of a machine, and what is missing: findings of severity info that change no verdict.</summary>
internal static class MachineRule
{
    public static IEnumerable<Cause> Of(MachineFacts machine, bool judgesTorch)
    {
        var document = machine.Document;
        foreach (var assumption in document.Assumptions)
            yield return new Assumed("machine-assumption") { Subject = "machine", Severity = Severity.Info, Text = assumption };
        foreach (var reading in GivenValues.Causes(document.Readings))
            yield return reading;
        if (document.Architecture is null)
            yield return new Assumed("machine-assumption") { Subject = "arch", Severity = Severity.Info, Text = $"The processor architecture is not known; {CpuArchitectureNames.Instance.NameOf(machine.Arch)} is assumed." };
        if (machine.Drivers is { } drivers && document.Driver is { } driver && !machine.Tegra)
        {
            if (driver > drivers.Newest && !drivers.Newest.StartsWith(driver))
                yield return new DriverNewerThanData { Subject = $"driver {driver}", Severity = Severity.Info, Driver = driver, Newest = drivers.Newest, Cuda = drivers.NewestCuda };
            else if (drivers.HighestOfSeries(driver) is var highest && highest.Parts > driver.Parts)
                yield return new DriverGivenShort { Subject = $"driver {driver}", Severity = Severity.Info, Driver = driver, CountsAs = highest };
        }

        if (document.MaxCuda is { } max && max.MajorMinor > machine.Drivers.NewestCuda && !machine.Tegra)
            yield return new MaxCudaNewerThanData { Subject = $"CUDA {max}", Severity = Severity.Info, MaxCuda = max, Newest = machine.Drivers.NewestCuda };
        if (document.OperatingSystem == OperatingSystemFamily.Wsl && document.Driver is { Parts: >= 3 } linuxNumber)
            yield return new WslLinuxDriver { Subject = $"driver {linuxNumber}", Severity = Severity.Warning, Driver = linuxNumber };
        foreach (var (fact, rule) in Missing(machine, judgesTorch))
            yield return new FactMissing(rule) { Subject = fact, Severity = Severity.Info, Fact = fact };
    }

    private static IEnumerable<(string Fact, string Rule)> Missing(MachineFacts machine, bool judgesTorch)
    {
        if (machine.BuildOs == OperatingSystemFamily.MacOS)
            yield break;
        if (machine.Gpus is null)
            yield return ("gpus", "gpu-unknown");
        if (!judgesTorch)
            yield break;
        if (machine.Python is null)
            yield return ("python", "python-unsupported");
        if (machine.Document.Glibc is null && machine.BuildOs == OperatingSystemFamily.Linux)
            yield return ("glibc", "glibc-too-old");
    }
}

/// <summary>Something that was taken for granted, in the words of whoever assumed it.</summary>
internal sealed record Assumed(string Id) : Cause
{
    public override string Rule => Id;

    public required string Text { get; init; }
}

/// <summary>A rule that could not be applied for want of a fact.</summary>
internal sealed record FactMissing(string Id) : Cause
{
    public override string Rule => Id;

    public required string Fact { get; init; }
}

internal sealed record DriverNewerThanData : Cause
{
    public override string Rule => "driver-unknown";

    public required DriverVersion Driver { get; init; }

    public required DriverVersion Newest { get; init; }

    public required CudaVersion Cuda { get; init; }
}

internal sealed record DriverGivenShort : Cause
{
    public override string Rule => "driver-unknown";

    public required DriverVersion Driver { get; init; }

    public required DriverVersion CountsAs { get; init; }
}

internal sealed record MaxCudaNewerThanData : Cause
{
    public override string Rule => "driver-unknown";

    public required CudaVersion MaxCuda { get; init; }

    public required CudaVersion Newest { get; init; }
}

internal sealed record WslLinuxDriver : Cause
{
    public override string Rule => "wsl-linux-driver";

    public required DriverVersion Driver { get; init; }
}

internal sealed record NoNvidiaGpu : Cause
{
    public override string Rule => "no-nvidia-gpu";
}

internal sealed record CpuOnlyBuild : Cause
{
    public override string Rule => "cpu-only-build";

    public required string Build { get; init; }

    /// <summary>True where the default index gave it, not the person.</summary>
    public required bool ByDefault { get; init; }

    public required OperatingSystemFamily Os { get; init; }

    public required CpuArchitecture Arch { get; init; }
}
