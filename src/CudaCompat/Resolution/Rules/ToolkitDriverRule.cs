using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>The driver that a toolkit's programs need.</summary>
internal static class ToolkitDriverRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Toolkit is { } toolkit)
            found.Add(Of(question, toolkit, candidate.IsAboutToolkit(question) ? Severity.Error : Severity.Warning));
    }

    public static ToolkitDriverTooOld? Of(Question question, CudaVersion toolkit, Severity severity = Severity.Error)
    {
        var machine = question.Machine;
        var fit = machine.FitOf(toolkit, question.Policy);
        if (fit.Mode is DriverFitMode.Unknown or DriverFitMode.Minor or DriverFitMode.Forward || fit.Mode == DriverFitMode.Full && !NeedsLater(machine, toolkit, ref fit))
            return null;
        return new ToolkitDriverTooOld { Subject = $"toolkit {toolkit}", Severity = severity, Toolkit = toolkit, Gap = DriverGap.Of(machine, fit.Minimum), Sources = fit.Sources };
    }

    // The driver reports X.Y; an update of X.Y below CUDA 11 may still ask for a later release of the same branch than the first X.Y did.
    private static bool NeedsLater(MachineFacts machine, CudaVersion toolkit, ref DriverFit fit)
    {
        if (machine.DriverIsStandIn || machine.Drivers.Corresponding(toolkit) is not { } own || toolkit.Patch is null || machine.DriverMeets(own.Minimum)
            || machine.Drivers.Corresponding(toolkit.MajorMinor) is { } first && first.Minimum == own.Minimum
            || machine.Drivers.MinorFloor(toolkit.Major) is { } floor && machine.DriverMeets(floor.Minimum))
            return false;
        fit = fit with { Minimum = own.Minimum, Sources = own.Sources };
        return true;
    }
}

internal sealed record ToolkitDriverTooOld : Cause
{
    public override string Rule => "toolkit-driver-too-old";

    public required CudaVersion Toolkit { get; init; }

    public required DriverGap Gap { get; init; }

    public override Allowance Needs => Severity == Severity.Warning ? Allowance.ToolkitFault : Allowance.None;

    public override string English() => Gap.English($"CUDA toolkit {Toolkit}", $"CUDA {Toolkit.MajorMinor}");
}
