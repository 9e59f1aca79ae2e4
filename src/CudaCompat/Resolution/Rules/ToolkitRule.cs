using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>A toolkit against driver, cards, torch and host compilers. Without compiling, all but the driver are warnings beside a torch.</summary>
internal static class ToolkitRule
{
    public static Cause? Exists(MachineFacts machine, CudaVersion toolkit)
    {
        var matrix = machine.Matrix;
        if (toolkit.Patch is null ? matrix.NewestPatch(toolkit) is not null : matrix.FindToolkit(toolkit) is not null)
            return null;
        if (toolkit > matrix.NewestToolkit)
            return new NewerThanData { Subject = $"toolkit {toolkit}", Component = "toolkit", NewestKnown = matrix.NewestToolkit.ToString(), Undecided = true, Severity = Severity.Info };
        return new NoSuchToolkit { Subject = $"toolkit {toolkit}", Asked = toolkit.ToString(), Nearest = matrix.NewestPatch(toolkit) };
    }

    /// <summary>The driver that a toolkit's programs need.</summary>
    public static Cause? OfDriver(MachineFacts machine, CudaVersion toolkit, Policy policy)
    {
        var fit = DriverFit.Of(machine, toolkit, policy);
        if (fit.Mode is DriverFitMode.Unknown or DriverFitMode.Minor or DriverFitMode.Forward)
            return null;
        if (fit.Mode == DriverFitMode.Full)
        {
            // The driver reports X.Y; an update of X.Y below CUDA 11 may still ask for a later release of the same branch than the first X.Y did.
            if (machine.DriverIsStandIn || machine.Drivers.Corresponding(toolkit) is not { } own || toolkit.Patch is null || machine.DriverMeets(own.Minimum)
                || machine.Drivers.Corresponding(toolkit.MajorMinor) is { } first && first.Minimum == own.Minimum
                || machine.Drivers.MinorFloor(toolkit.Major) is { } floor && machine.DriverMeets(floor.Minimum))
                return null;
            fit = fit with { Minimum = own.Minimum, Sources = own.Sources };
        }

        return new ToolkitDriverTooOld
        {
            Subject = $"toolkit {toolkit}",
            Toolkit = toolkit,
            Driver = machine.StatedDriver,
            ReportedCuda = machine.ReportedCuda,
            Minimum = fit.Minimum,
            DriverOs = machine.Drivers.Os,
            Sources = fit.Sources,
        };
    }

    /// <summary>Whether nvcc can target the card.</summary>
    public static Cause? OfGpu(CudaVersion toolkit, GpuFacts gpu, Severity severity)
    {
        if (gpu.Architecture is not { } architecture)
            return null;
        var tooOld = architecture.FirstToolkit is { } first && toolkit.MajorMinor < first;
        var tooNew = architecture.LastToolkit is { } last && toolkit.MajorMinor > last;
        return tooOld || tooNew
            ? new ToolkitGpuUnsupported { Subject = $"toolkit {toolkit}", Severity = severity, Toolkit = toolkit, Gpu = gpu, First = architecture.FirstToolkit, Last = architecture.LastToolkit, Sources = architecture.Sources }
            : null;
    }

    public static Cause? OfTorch(CudaVersion toolkit, TorchBuild build, Severity severity) => build.Cuda is { } cuda && cuda != toolkit.MajorMinor
        ? new ToolkitTorchMismatch { Subject = $"toolkit {toolkit}", Severity = severity, Toolkit = toolkit, Build = build, Sources = build.Row.Sources }
        : null;

    /// <summary>The host compilers of the machine; any one that nvcc accepts will do, as nvcc can be told which to use.</summary>
    public static IEnumerable<Cause> OfCompilers(MachineFacts machine, CudaVersion toolkit, Severity severity)
    {
        var refused = new List<Cause>();
        foreach (var (name, has) in machine.HostCompilers)
        {
            var row = machine.Matrix.HostCompiler(toolkit, machine.BuildOs, name);
            if (row is null || Accepts(row, has))
                return [];
            refused.Add(new HostCompilerUnsupported { Subject = $"{name} {has}", Severity = severity, Compiler = name, Version = has, Toolkit = toolkit, Row = row, Sources = row.Sources });
        }

        return refused;
    }

    /// <summary>Whether a row takes a compiler: "12" as the newest takes every 12.y.</summary>
    public static bool Accepts(HostCompilerRow row, DottedVersion version) =>
        (row.Min is not { } min || version >= min || min.StartsWith(version))
        && (row.Below is not { } below || version < below)
        && (row.Max is not { } max || version <= max || version.StartsWith(max));
}

internal sealed record NoSuchToolkit : Cause
{
    public override string Rule => "no-such-build";

    /// <summary>The version, or the prefix or range.</summary>
    public required string Asked { get; init; }

    /// <summary>The CUDA version that was asked for beside it and that it is not of.</summary>
    public CudaVersion? Of { get; init; }

    public CudaVersion? Nearest { get; init; }
}

internal sealed record ToolkitDriverTooOld : Cause
{
    public override string Rule => "toolkit-driver-too-old";

    public required CudaVersion Toolkit { get; init; }

    public required DriverVersion? Driver { get; init; }

    public required CudaVersion? ReportedCuda { get; init; }

    public required DriverVersion? Minimum { get; init; }

    public required OperatingSystemFamily DriverOs { get; init; }
}

internal sealed record ToolkitGpuUnsupported : Cause
{
    public override string Rule => "toolkit-gpu-unsupported";

    public required CudaVersion Toolkit { get; init; }

    public required GpuFacts Gpu { get; init; }

    public required CudaVersion? First { get; init; }

    public required CudaVersion? Last { get; init; }
}

internal sealed record ToolkitTorchMismatch : Cause
{
    public override string Rule => "toolkit-torch-mismatch";

    public required CudaVersion Toolkit { get; init; }

    public required TorchBuild Build { get; init; }
}

internal sealed record HostCompilerUnsupported : Cause
{
    public override string Rule => "host-compiler-unsupported";

    public required string Compiler { get; init; }

    public required DottedVersion Version { get; init; }

    public required CudaVersion Toolkit { get; init; }

    public required HostCompilerRow Row { get; init; }
}
