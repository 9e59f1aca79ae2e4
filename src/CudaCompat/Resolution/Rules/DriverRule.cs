using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>Does the driver run code of this CUDA version?</summary>
internal static class DriverRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Torch is null && candidate.Tag is null || candidate.Cuda is not { } cuda)
            return;
        var machine = question.Machine;
        var fit = machine.FitOf(cuda, question.Policy);
        if (fit.Mode == DriverFitMode.Unknown && !machine.NothingKnown && machine.Gpus is not { Length: 0 })
            found.Add(Unknown(machine, cuda, candidate.ToString()));
        else if (fit.Mode == DriverFitMode.TooOld)
            found.Add(TooOld(question, cuda, candidate.ToString(), fit));
    }

    private static Cause TooOld(Question question, CudaVersion cuda, string subject, DriverFit fit) =>
        question is { Policy: Policy.Forward, Machine.Document.OperatingSystem: OperatingSystemFamily.Linux }
            ? new ForwardCompatUnavailable { Subject = subject, Cuda = cuda, Gap = DriverGap.Of(question.Machine, fit.Minimum), Sources = fit.Sources }
            : new DriverTooOld { Subject = subject, Cuda = cuda, Gap = DriverGap.Of(question.Machine, fit.Minimum), Strict = question.Policy == Policy.Strict, Sources = fit.Sources };

    internal static DriverUnknown Unknown(MachineFacts machine, CudaVersion cuda, string subject)
    {
        var floor = machine.Drivers.MinorFloor(cuda.Major)?.Minimum ?? machine.Drivers.LowestReporting(cuda)?.From;
        return new DriverUnknown { Subject = subject, Severity = Severity.Info, Cuda = cuda, Minimum = floor, DriverOs = machine.Drivers.Os, Tegra = machine.Tegra };
    }
}

internal sealed record DriverTooOld : Cause
{
    public override string Rule => "driver-too-old";

    public required CudaVersion Cuda { get; init; }

    public required DriverGap Gap { get; init; }

    public bool Strict { get; init; }

    public override string English() => Gap.English(Subject, $"CUDA {Cuda}", Strict ? ", since the policy strict leaves minor-version compatibility out" : "");
}

internal sealed record DriverUnknown : Cause
{
    public override string Rule => "driver-unknown";

    public required CudaVersion Cuda { get; init; }

    public required DriverVersion? Minimum { get; init; }

    public required OperatingSystemFamily DriverOs { get; init; }

    /// <summary>True on a module whose driver numbers are a series of their own.</summary>
    public bool Tegra { get; init; }

    public override string English() => Tegra
        ? $"Which CUDA the driver of this module runs is not known. {Subject} needs one that runs CUDA {Cuda}."
        : $"The driver is not known. {Subject} needs " + (Minimum is { } m ? $"driver {m} or newer on {Words.Os(DriverOs)}." : $"one that runs CUDA {Cuda}.");
}

internal sealed record ForwardCompatUnavailable : Cause
{
    public override string Rule => "forward-compat-unavailable";

    public required CudaVersion Cuda { get; init; }

    public required DriverGap Gap { get; init; }

    public override string English() => Gap.English(Subject, $"CUDA {Cuda}")
        + " The forward-compatibility package does not help: it is for data-centre GPUs on the driver branches that NVIDIA lists.";
}
