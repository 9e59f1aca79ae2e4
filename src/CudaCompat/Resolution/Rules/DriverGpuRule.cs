using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Does the driver drive the card: its branch not too old to know it, not too new to have dropped it, its kernel module the right one?</summary>
internal static class DriverGpuRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (!candidate.UsesCuda)
            return;
        foreach (var gpu in question.Machine.Gpus ?? [])
            found.AddAll(All(question.Machine, gpu));
    }

    /// <summary>Every reason why the driver does not drive the card.</summary>
    public static IEnumerable<Cause> All(MachineFacts machine, GpuFacts gpu)
    {
        if (OfBranch(machine, gpu) is { } branch)
            yield return branch;
        if (OfModule(machine, gpu) is { } module)
            yield return module;
    }

    /// <summary>What stops everything that uses CUDA, whatever is chosen: for each GPU the reasons why its driver does not drive it.</summary>
    public static IEnumerable<Cause> Stopping(MachineFacts machine) =>
        (machine.Gpus ?? []).SelectMany(gpu => All(machine, gpu)).Where(cause => cause.Severity == Severity.Error);

    private static OpenKernelModule? OfModule(MachineFacts machine, GpuFacts gpu) =>
        gpu.Architecture is { Tegra: false } architecture && machine.Document is { KernelModule: KernelModuleFlavour.Open, OperatingSystem: OperatingSystemFamily.Linux } && IsBeforeTuring(machine, gpu)
            ? new OpenKernelModule { Subject = gpu.Display, Gpu = gpu, FirstDriven = machine.Matrix.Architectures.OldestWithOpenModule, Sources = architecture.Sources }
            : null;

    private static DriverDropsGpu? OfBranch(MachineFacts machine, GpuFacts gpu)
    {
        if (gpu.Architecture is not { Tegra: false } architecture)
            return null;
        if (machine.DriverIsStandIn || machine.Driver is not { } driver)
            return null;
        var branch = machine.Drivers.BranchOf(driver);
        if (architecture.LastDriverBranch is { } last && branch > last)
            return new DriverDropsGpu { Subject = gpu.Display, Gpu = gpu, Driver = driver, LastBranch = last, Sources = architecture.Sources };
        if (architecture.FirstDriverBranch is { } first && branch < first)
            return new DriverDropsGpu { Subject = gpu.Display, Gpu = gpu, Driver = driver, FirstBranch = first, FirstDriver = FirstDriver(machine, gpu), Sources = architecture.Sources };
        if (machine.Document.GpusListedByDriver || FirstDriver(machine, gpu) is not { } firstDriver || machine.DriverMeets(firstDriver))
            return null;
        return branch == machine.Drivers.BranchOf(firstDriver)
            ? new DriverDropsGpu { Subject = gpu.Display, Gpu = gpu, Driver = driver, FirstBranch = branch, FirstDriver = firstDriver, Severity = Severity.Warning, Sources = architecture.Sources }
            : null;
    }

    /// <summary>The first release in which the card was seen; null where unknown.</summary>
    public static DriverVersion? FirstDriver(MachineFacts machine, GpuFacts gpu) =>
        machine.Drivers.Os == OperatingSystemFamily.Windows ? gpu.Architecture?.FirstDriverWindows : gpu.Architecture?.FirstDriverLinux;

    private static bool IsBeforeTuring(MachineFacts machine, GpuFacts gpu) =>
        gpu.Capability is { } capability && machine.Matrix.Architectures.OldestWithOpenModule is { } oldest && capability < oldest;
}

/// <summary>The branch dropped the card, or does not know it yet.</summary>
internal sealed record DriverDropsGpu : Cause
{
    public override string Rule => "driver-drops-gpu";

    public required GpuFacts Gpu { get; init; }

    public required DriverVersion Driver { get; init; }

    public int? LastBranch { get; init; }

    public int? FirstBranch { get; init; }

    public DriverVersion? FirstDriver { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() => Severity == Severity.Warning
        ? $"{Gpu.Display} first appears in driver {FirstDriver}; {Driver} is an earlier release of the same branch and may not know it."
        : LastBranch is { } last
            ? $"Driver {Driver} does not drive {Gpu.Display}: branch {last} was the last for this architecture."
            : $"Driver {Driver} is older than {Gpu.Display}: branch {FirstBranch} is the first that knows this architecture" + (FirstDriver is { } f ? $" (first seen in {f})." : ".");
}

internal sealed record OpenKernelModule : Cause
{
    public override string Rule => "open-kernel-module";

    public required GpuFacts Gpu { get; init; }

    public required ComputeCapability? FirstDriven { get; init; }

    public override int GpuIndex => Gpu.Index;

    public override string English() =>
        $"The open kernel module is loaded, and it does not drive {Gpu.Display}: it begins with compute capability {FirstDriven}. The proprietary module of the same driver does.";
}
