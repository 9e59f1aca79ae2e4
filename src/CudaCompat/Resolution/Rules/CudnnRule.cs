using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>cuDNN against CUDA, card, driver, and the copy that a wheel brings.</summary>
internal static class CudnnRule
{
    /// <summary>The cuDNN inside a build against a card.</summary>
    public static Cause? OfBundled(TorchBuild build, GpuFacts gpu) =>
        gpu.ArchitectureIndex >= 0 && (build.CudnnExcludes >> gpu.ArchitectureIndex & 1) != 0
            ? new CudnnGpuUnsupported { Subject = build.ToString(), Gpu = gpu, Cudnn = build.Row.Cudnn!.Value, Bundled = true, Sources = build.Row.Sources }
            : null;

    /// <summary>The CUDA versions that a release is for.</summary>
    public static Cause? OfCuda(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda, string cudaIs)
    {
        var releases = machine.Matrix.Cudnn.Find(cudnn);
        if (releases.Count == 0 || releases.Any(r => r.Cuda.Contains(cuda)))
            return null;
        return new CudnnCudaMismatch { Subject = $"cuDNN {cudnn}", Cudnn = cudnn, Cuda = cuda, CudaIs = cudaIs, For = [.. releases.Select(r => r.Cuda.ToString()).Distinct(StringComparer.Ordinal)], Sources = [.. releases.SelectMany(r => r.Sources).Distinct(StringComparer.Ordinal)] };
    }

    public static Cause? OfGpu(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda, GpuFacts gpu)
    {
        if (gpu.Capability is not { } capability)
            return null;
        var support = machine.Matrix.Cudnn.Support(cudnn, cuda);
        return support.Serves(capability, machine.Matrix.Architectures) switch
        {
            CudnnService.NotServed => new CudnnGpuUnsupported { Subject = $"cuDNN {cudnn}", Gpu = gpu, Cudnn = cudnn, Bundled = false, Inferred = support.Inferred, Sources = support.Rows![0].Sources },
            CudnnService.Unknown when support.Inferred && !gpu.IsTegra => new CudnnGpuNotListed { Subject = $"cuDNN {cudnn}", Gpu = gpu, Cudnn = cudnn, Severity = Severity.Info, Sources = support.Rows![0].Sources },
            _ => null,
        };
    }

    public static Cause? OfDriver(MachineFacts machine, DottedVersion cudnn, CudaVersion cuda, GpuFacts? gpu)
    {
        if (machine.Driver is not { } driver || machine.Tegra)
            return null;
        var floor = machine.Matrix.Cudnn.Support(cudnn, cuda).Floor(machine.Drivers.Os, gpu?.Capability, machine.Matrix.Architectures);
        if (floor is not { } found || machine.DriverMeets(found.Minimum))
            return null;
        return new CudnnDriverTooOld { Subject = $"cuDNN {cudnn}", Cudnn = cudnn, Driver = machine.StatedDriver, ReportedCuda = machine.ReportedCuda, Minimum = found.Minimum, DriverOs = machine.Drivers.Os, Sources = found.Row.Sources };
    }

    /// <summary>
    /// A cuDNN that the loader finds before the bundled one: harmless where its major differs, refused by torch where it is of the same
    /// major and of an older minor than the one torch was built with, and worth a warning where only its patch is older.
    /// </summary>
    public static Cause? OfShadow(TorchBuild build, DottedVersion cudnn)
    {
        if (build.Row.Cudnn is not { } bundled || bundled.Major != cudnn.Major || cudnn >= bundled || bundled.StartsWith(cudnn))
            return null;
        var severity = cudnn.Minor < bundled.Minor ? Severity.Error : Severity.Warning;
        return new CudnnShadowed { Subject = $"cuDNN {cudnn}", Cudnn = cudnn, Bundled = bundled, Build = build.ToString(), Severity = severity, Sources = build.Row.Sources };
    }
}

internal sealed record CudnnCudaMismatch : Cause
{
    public override string Rule => "cudnn-cuda-mismatch";

    public required DottedVersion Cudnn { get; init; }

    public required CudaVersion Cuda { get; init; }

    /// <summary>"toolkit 12.8.1" or "torch 2.8.0+cu128": whose CUDA it is.</summary>
    public required string CudaIs { get; init; }

    public required IReadOnlyList<string> For { get; init; }
}

internal sealed record CudnnGpuUnsupported : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required GpuFacts Gpu { get; init; }

    public required DottedVersion Cudnn { get; init; }

    public required bool Bundled { get; init; }

    public bool Inferred { get; init; }
}

/// <summary>The release has no support matrix of its own, and the card is newer than the one before it.</summary>
internal sealed record CudnnGpuNotListed : Cause
{
    public override string Rule => "cudnn-gpu-unsupported";

    public required GpuFacts Gpu { get; init; }

    public required DottedVersion Cudnn { get; init; }
}

internal sealed record CudnnDriverTooOld : Cause
{
    public override string Rule => "cudnn-driver-too-old";

    public required DottedVersion Cudnn { get; init; }

    public required DriverVersion? Driver { get; init; }

    public required CudaVersion? ReportedCuda { get; init; }

    public required DriverVersion Minimum { get; init; }

    public required OperatingSystemFamily DriverOs { get; init; }
}

internal sealed record CudnnShadowed : Cause
{
    public override string Rule => "cudnn-shadowed";

    public required DottedVersion Cudnn { get; init; }

    public required DottedVersion Bundled { get; init; }

    public required string Build { get; init; }
}

internal sealed record NoSuchCudnn : Cause
{
    public override string Rule => "no-such-build";

    /// <summary>The version, or the prefix or range.</summary>
    public required string Asked { get; init; }
}
