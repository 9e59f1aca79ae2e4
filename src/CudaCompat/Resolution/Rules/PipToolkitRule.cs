using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>A toolkit that goes into the Python environment as packages of the default index: asked for, or taken where something is compiled.</summary>
internal static class PipToolkitRule
{
    /// <summary>How it is asked for.</summary>
    public const string Way = PlanRequest.Pip;

    public static void Judge(Question question, Candidate candidate, Causes found)
    {
        if (question is { Toolkit: true, ToolkitFrom: Way } && candidate.Toolkit is not null)
            found.Add(Against(question, candidate));
    }

    /// <summary>True where the plan takes the toolkit of this choice so.</summary>
    public static bool IsTaken(Question question, Candidate candidate) =>
        question.Toolkit && candidate.Toolkit is not null
        && (question.ToolkitFrom == Way || question is { ToolkitFrom: null, Compiles: true, Torch: true, Packaging: Packaging.Pip })
        && Against(question, candidate) is null;

    /// <summary>True where torch's own packages lie in the folder that the toolkit's go into, pinned: what torch pins is never moved.</summary>
    public static bool IsPinnedByTorch(OperatingSystemFamily buildOs, CudaTag? tag) => buildOs != OperatingSystemFamily.Windows && tag is { IsCpu: false };

    private static PipToolkitUnserved? Against(Question question, Candidate candidate)
    {
        var toolkit = candidate.Toolkit!.Value;
        var machine = question.Machine;
        var platform = CudnnTable.PlatformOf(machine.BuildOs, machine.Arch);
        var data = machine.Matrix.Install;
        PipToolkitUnserved Cause(PipToolkitLack lack, string? package = null, IReadOnlyList<string>? sources = null) => new()
        {
            Subject = $"toolkit {toolkit}",
            Toolkit = toolkit,
            Lack = lack,
            Platform = $"{Words.Os(machine.BuildOs)} {Words.Arch(machine.Arch)}",
            Package = package,
            Torch = candidate.Build?.ToString(),
            TorchCuda = candidate.Build?.Cuda,
            Sources = sources ?? [],
        };
        if (WheelToolkits.WithoutCompiler(data, toolkit) is { } cut)
            return Cause(PipToolkitLack.PtxasAlone, cut.Package, cut.Sources);
        if (!WheelToolkits.IsWhole(data, toolkit, platform))
            return Cause(PipToolkitLack.NoPackages);
        if (candidate.Build is { Cuda: { } cuda } build && cuda != toolkit.MajorMinor && IsPinnedByTorch(machine.BuildOs, build.Tag))
            return Cause(PipToolkitLack.OtherThanTorch);
        return machine.Python is null && (candidate.Build is null || candidate.Build.Row.Pythons.Length == 0) ? Cause(PipToolkitLack.NoPython) : null;
    }
}

/// <summary>Why a toolkit cannot come as packages of the default index.</summary>
internal enum PipToolkitLack
{
    /// <summary>Its package has ptxas and no nvcc.</summary>
    PtxasAlone,

    /// <summary>No source names packages with nvcc for the platform.</summary>
    NoPackages,

    /// <summary>It is of another CUDA than the packages of torch, which lie in the same folder.</summary>
    OtherThanTorch,

    /// <summary>The Python of the environment is not known.</summary>
    NoPython,
}

internal sealed record PipToolkitUnserved : Cause
{
    public override string Rule => "toolkit-not-from-pip";

    public required CudaVersion Toolkit { get; init; }

    public required PipToolkitLack Lack { get; init; }

    public required string Platform { get; init; }

    public string? Package { get; init; }

    public string? Torch { get; init; }

    public CudaVersion? TorchCuda { get; init; }

    public override string English() => Lack switch
    {
        PipToolkitLack.PtxasAlone => $"CUDA toolkit {Toolkit} cannot come from pip: {Package} has ptxas and no nvcc. From CUDA 13.0 on the package has the whole compiler; for CUDA {Toolkit.Major} take --toolkit-from redist.",
        PipToolkitLack.NoPackages => $"CUDA toolkit {Toolkit} cannot come from pip: the data knows no package with its nvcc for {Platform}; take --toolkit-from redist.",
        PipToolkitLack.OtherThanTorch => $"CUDA toolkit {Toolkit} cannot come from pip beside {Torch}: it would move the packages of CUDA {TorchCuda} that torch pins; take a toolkit {TorchCuda}, or --toolkit-from redist.",
        _ => $"CUDA toolkit {Toolkit} from pip goes into a Python environment, and its Python is not known: give --python.",
    };
}
