using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// A driver that reports more than it can: nvidia-smi then prints what a forward-compatibility library (the package cuda-compat, a container) brings. NVIDIA
/// supports that on GPUs of data centres; on others every call of CUDA fails with error 804.
/// </summary>
internal static class ForwardLibraryRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.UsesCuda)
            found.Add(Of(question.Machine));
    }

    /// <summary>True where another driver, beside the library that stays, still prints more than it can itself.</summary>
    public static bool OutgrowsIt(MachineFacts machine, DriverVersion driver) =>
        Of(machine) is { Printed: var printed } && machine.Drivers.Reported(driver) is { } own && own.Cuda < printed;

    /// <summary>The library where one is loaded; null where none is, or where it cannot be told.</summary>
    public static ForwardLibraryLoaded? Of(MachineFacts machine)
    {
        if (machine.Document is not { OperatingSystem: OperatingSystemFamily.Linux, Driver: { } driver, MaxCuda: { } max } || machine.Tegra
            || driver > machine.Drivers.Newest || max.MajorMinor > machine.Drivers.NewestCuda
            || machine.Drivers.Reported(machine.Drivers.HighestOfSeries(driver)) is not { } own || own.Cuda >= max.MajorMinor)
            return null;
        var other = machine.Gpus?.FirstOrDefault(g => (g.ForwardCompat ?? machine.Matrix.Gpus.Find(g.Name)?.ForwardCompat) == false);
        return new ForwardLibraryLoaded
        {
            Subject = $"driver {driver}",
            Severity = other is null ? Severity.Info : Severity.Error,
            Driver = driver,
            Own = own.Cuda,
            Printed = max.MajorMinor,
            Gpu = other,
            Sources = own.Sources,
        };
    }
}

internal sealed record ForwardLibraryLoaded : Cause
{
    public override string Rule => "forward-compat-unavailable";

    public required DriverVersion Driver { get; init; }

    public required CudaVersion Own { get; init; }

    public required CudaVersion Printed { get; init; }

    /// <summary>The GPU that the library does not serve; null where each is of a data centre, or not known.</summary>
    public required GpuFacts? Gpu { get; init; }

    public override string English() => $"Driver {Driver} runs CUDA {Own} by itself, so CUDA {Printed} comes from a forward-compatibility library (cuda-compat) that is loaded"
        + (Gpu is { } gpu ? $"; it is for GPUs of data centres, and on {gpu.Display} CUDA fails with error 804. Take the package cuda-compat off the loader's path, or install a newer driver." : ".");
}
