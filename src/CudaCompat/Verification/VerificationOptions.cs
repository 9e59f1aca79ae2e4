using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Verification;

/// <summary>What is verified and where it is. Everything may be left out: then the usual places are looked at and nothing is expected.</summary>
public sealed record VerificationOptions
{
    /// <summary>All checks that are made where nothing else is asked.</summary>
    public static readonly IReadOnlyList<string> AllChecks = ["nvcc", "cudnn", "torch", "torchvision", "torchaudio", "kernel"];

    /// <summary>The checks that are made only where they are asked for, since they take a compiler and up to a minute.</summary>
    public static readonly IReadOnlyList<string> SlowChecks = ["compile", "extension"];

    /// <summary>
    /// The checks to make: nvcc, cudnn, torch, torchvision, torchaudio, kernel; also compile, which compiles a small kernel with nvcc, and extension,
    /// which builds one with torch's own builder.
    /// </summary>
    public IReadOnlyList<string> Checks { get; init; } = AllChecks;

    /// <summary>The toolkit's folder; null for CUDA_HOME, CUDA_PATH, then nvcc on PATH, then /usr/local/cuda.</summary>
    public string? Toolkit { get; init; }

    /// <summary>A Python program or the folder of an environment; null for VIRTUAL_ENV, then python3 on PATH.</summary>
    public string? Python { get; init; }

    /// <summary>What is expected; null where only what is there counts.</summary>
    public StackDocument? Expected { get; init; }

    /// <summary>Exact versions of Python packages that are expected, as pip names them: torch → 2.8.0+cu128.</summary>
    public IReadOnlyDictionary<string, string> ExpectedPackages { get; init; } = new Dictionary<string, string>();

    /// <summary>How many GPUs should take part; null where it is not known.</summary>
    public int? ExpectedGpus { get; init; }

    /// <summary>True where the stack is for the CPU, so that no GPU is expected.</summary>
    public bool CpuOnly { get; init; }

    /// <summary>Variables for the programs, such as CUDA_VISIBLE_DEVICES.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long each program may take; the first use of a GPU by torch can take a minute.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Folders in which programs are looked for, separated as in PATH; null for PATH itself.</summary>
    public string? ProgramPath { get; init; }

    /// <summary>The folder of cuDNN where that is not the toolkit's; null to look in the toolkit and, for packages of a Python environment, beside it.</summary>
    internal string? Cudnn { get; init; }

    internal string? RunId { get; init; }
}
