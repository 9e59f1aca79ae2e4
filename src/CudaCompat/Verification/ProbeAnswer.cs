namespace CudaCompat.Verification;

/// <summary>What the Python program of <see cref="TorchProbe"/> prints.</summary>
internal sealed record ProbeAnswer
{
    public string? Torch { get; init; }

    /// <summary>Why torch could not be imported; null where it was.</summary>
    public string? ImportError { get; init; }

    /// <summary>True where there is no package torch at all.</summary>
    public bool Missing { get; init; }

    /// <summary>torch.version.cuda; null for a CPU build.</summary>
    public string? Cuda { get; init; }

    public string? Cudnn { get; init; }

    public bool Available { get; init; }

    /// <summary>Why CUDA is not available, as torch says it.</summary>
    public string? AvailableError { get; init; }

    public IReadOnlyList<string> ArchList { get; init; } = [];

    /// <summary>Versions of torchvision and torchaudio, where installed.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>Null where the computation on the CPU is right.</summary>
    public string? CpuError { get; init; }

    public IReadOnlyList<ProbeDevice> Devices { get; init; } = [];
}

/// <summary>One GPU in the eyes of torch, and whether a kernel on it computed the right thing.</summary>
internal sealed record ProbeDevice
{
    public int Index { get; init; }

    public string? Name { get; init; }

    public string? Capability { get; init; }

    /// <summary>Null where the kernels ran and their results are right.</summary>
    public string? Error { get; init; }
}
