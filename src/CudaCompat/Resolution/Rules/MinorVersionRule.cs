using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// A driver of an older CUDA of the same major runs native code, but compiles no PTX of the newer one. Whoever compiles trips over it (CUDA error 222); beside a
/// ready-made build it is worth knowing.
/// </summary>
internal static class MinorVersionRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        var compiled = candidate.IsAboutToolkit(question) ? candidate.Toolkit?.MajorMinor : null;
        if ((compiled ?? (candidate.Build is null && candidate.Tag is null ? null : candidate.Cuda)) is not { } cuda || question.Machine.FitOf(cuda, question.Policy).Mode != DriverFitMode.Minor)
            return;
        found.Add(new RunsByMinorVersion
        {
            Subject = compiled is null ? candidate.ToString() : $"toolkit {candidate.Toolkit}",
            Severity = compiled is null ? Severity.Info : Severity.Warning,
            Cuda = cuda,
            Compiles = compiled is not null,
            Gap = DriverGap.Of(question.Machine, question.Machine.Drivers.LowestReporting(cuda)?.From),
            Sources = question.Machine.Drivers.MinorFloor(cuda.Major)?.Sources ?? [],
        });
    }
}

internal sealed record RunsByMinorVersion : Cause
{
    public override string Rule => "ptx-needs-newer-driver";

    public required CudaVersion Cuda { get; init; }

    public required bool Compiles { get; init; }

    public required DriverGap Gap { get; init; }

    public override string English()
    {
        var runs = Gap.Reported is { } reported ? $"the driver reports CUDA {reported} and runs CUDA {Cuda} code since both are of CUDA {Cuda.Major}" : $"the driver is of an older CUDA {Cuda.Major}";
        return Compiles
            ? $"By minor-version compatibility {runs}, but not PTX of CUDA {Cuda}: compile native code for the GPU (TORCH_CUDA_ARCH_LIST, CMAKE_CUDA_ARCHITECTURES)"
                + (Gap.Reported is { } own ? $", take toolkit {own}" : "") + (Gap.Minimum is { } m ? $", or install driver {m} or newer." : ".")
            : $"{Subject} runs by minor-version compatibility: {runs}. Code that carries PTX made by CUDA {Cuda} instead (some extensions, some Triton kernels) may not run on this driver.";
    }
}
