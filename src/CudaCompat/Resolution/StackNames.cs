using CudaCompat.Versions;

namespace CudaCompat.Resolution;

/// <summary>How a combination is called in one phrase: "torch 2.14.1+cu126", or what stands for it where it has no torch.</summary>
internal static class StackNames
{
    public static string Of(StackDocument stack, CudaTag? defaultTag) =>
        stack.Torch is { } torch ? Torch(torch, stack.CudaTag ?? defaultTag)
        : stack.Toolkit is { } toolkit ? stack.Cudnn is { } both ? $"CUDA toolkit {toolkit} with cuDNN {both}" : $"CUDA toolkit {toolkit}"
        : stack.Cudnn is { } cudnn ? $"cuDNN {cudnn}"
        : stack.CudaTag is { IsCpu: false } tag ? $"CUDA {tag.Cuda}"
        : "nothing";

    public static string Of(Choice choice) =>
        choice.Build is { } build ? build.ToString()
        : choice.Toolkit is { } toolkit ? choice.Cudnn is { } both ? $"CUDA toolkit {toolkit} with cuDNN {both.Version}" : $"CUDA toolkit {toolkit}"
        : $"cuDNN {choice.Cudnn?.Version}";

    private static string Torch(PackageVersion torch, CudaTag? tag) => tag is { } t ? $"torch {torch.WithoutLabel}+{t}" : $"torch {torch}";
}
