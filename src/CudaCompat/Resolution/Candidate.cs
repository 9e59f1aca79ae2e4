using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>A combination that the rules judge: chosen for a plan, or read from a stack. Null parts are not in it.</summary>
internal sealed record Candidate
{
    /// <summary>The build of torch; null where there is no torch, or none of this name is known.</summary>
    public TorchBuild? Build { get; init; }

    /// <summary>torch as it is called, also where no build of it is known.</summary>
    public PackageVersion? Torch { get; init; }

    /// <summary>True where <see cref="Build"/> is the release that a pre-release leads to: its code is judged, its files are not.</summary>
    public bool IsPrerelease { get; init; }

    /// <summary>The CUDA of torch or, without one, of a program.</summary>
    public CudaTag? Tag { get; init; }

    public PackageVersion? Torchvision { get; init; }

    public PackageVersion? Torchaudio { get; init; }

    /// <summary>The builds chosen to go with torch.</summary>
    public CompanionBuild? TorchvisionBuild { get; init; }

    public CompanionBuild? TorchaudioBuild { get; init; }

    public CudaVersion? Toolkit { get; init; }

    public DottedVersion? Cudnn { get; init; }

    /// <summary>The release chosen; null where only a number was given.</summary>
    public CudnnRow? CudnnRelease { get; init; }

    /// <summary>How the driver runs it.</summary>
    public DriverFitMode Mode { get; init; }

    /// <summary>The CUDA version that it is built with; null for CPU builds.</summary>
    public CudaVersion? Cuda => Build is not null ? Build.Cuda : Tag is { } tag ? tag.Cuda : Torch is null ? Toolkit?.MajorMinor : null;

    /// <summary>True where it uses the GPU by CUDA.</summary>
    public bool UsesCuda => Build is not null ? Build.Cuda is not null
        : Torch is not null ? Tag is not { IsCpu: true }
        : Tag is { IsCpu: false } || Toolkit is not null || Cudnn is not null;

    /// <summary>True where what nvcc does is what it is for: something is compiled, or there is no torch.</summary>
    public bool IsAboutToolkit(Question question) => question.Compiles || Torch is null;

    /// <summary>The version of a companion by its package.</summary>
    public PackageVersion? Companion(string package) => package == "torchvision" ? Torchvision : Torchaudio;

    /// <summary>"torch 2.14.1+cu126", or what stands for it where it has no torch.</summary>
    public override string ToString() =>
        Torch is { } torch ? Build is not null && !IsPrerelease ? Build.ToString() : Tag is { } tag ? $"torch {torch.WithoutLabel}+{tag}" : $"torch {torch}"
        : Toolkit is { } toolkit ? Cudnn is { } both ? $"CUDA toolkit {toolkit} with cuDNN {both}" : $"CUDA toolkit {toolkit}"
        : Cudnn is { } cudnn ? $"cuDNN {cudnn}"
        : Tag is { IsCpu: false } program ? $"CUDA {program.Cuda}"
        : "nothing";

    /// <summary>The combination as the document that <c>Check</c> reads.</summary>
    public StackDocument ToStack(Question question) => new()
    {
        Torch = Torch,
        CudaTag = Build?.Tag ?? Tag,
        Torchvision = question.Torchvision ? Torchvision : null,
        Torchaudio = question.Torchaudio ? Torchaudio : null,
        Toolkit = question.Toolkit ? Toolkit : null,
        Cudnn = question.Cudnn ? Cudnn : null,
        Packaging = Torch is null ? null : question.Packaging,
        Compiles = question.Compiles,
    };
}
