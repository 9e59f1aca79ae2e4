using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>
/// The toolkit against the CUDA of torch, or of the program that it is beside: what torch.utils.cpp_extension checks before it compiles. Another major is
/// refused there, another minor is warned of.
/// </summary>
internal static class ToolkitTorchRule
{
    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (candidate.Toolkit is not { } toolkit || candidate.Torch is null && candidate.Tag is null || candidate.Cuda is not { } cuda || cuda == toolkit.MajorMinor)
            return;
        found.Add(new ToolkitTorchMismatch
        {
            Subject = $"toolkit {toolkit}",
            Severity = question.Compiles && cuda.Major != toolkit.Major ? Severity.Error : Severity.Warning,
            Toolkit = toolkit,
            Of = candidate.ToString(),
            Cuda = cuda,
            Compiles = question.Compiles,
            Sources = candidate.Build?.Row.Sources ?? [],
        });
    }
}

internal sealed record ToolkitTorchMismatch : Cause
{
    public override string Rule => "toolkit-torch-mismatch";

    public required CudaVersion Toolkit { get; init; }

    /// <summary>torch 2.8.0+cu128.</summary>
    public required string Of { get; init; }

    public required CudaVersion Cuda { get; init; }

    public required bool Compiles { get; init; }

    public override Allowance Needs => Allowance.OtherToolkit;

    public override string English() => Cuda.Major != Toolkit.Major
        ? $"CUDA toolkit {Toolkit} is not the CUDA {Cuda} that {Of} was built with: extensions compiled for it need a toolkit of CUDA {Cuda.Major}, best {Cuda}."
        : $"CUDA toolkit {Toolkit} has another minor version than the CUDA {Cuda} that {Of} was built with: torch warns and goes on compiling, which most often works; some packages refuse it. A toolkit {Cuda} is safe.";
}
