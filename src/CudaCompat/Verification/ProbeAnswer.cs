namespace CudaCompat.Verification;

/// <summary>What the Python program of <see cref="TorchProbe"/> prints.</summary>
internal sealed record ProbeAnswer
{
    /// <summary>The part that was being tried when this was printed: torch, kernel, torchvision, torchaudio; null where everything was.</summary>
    public string? Part { get; init; }

    public string? Torch { get; init; }

    /// <summary>Why torch could not be imported; null where it was.</summary>
    public string? ImportError { get; init; }

    /// <summary>True where there is no package torch at all.</summary>
    public bool Missing { get; init; }

    /// <summary>torch.version.cuda; null for a CPU build.</summary>
    public string? Cuda { get; init; }

    public string? Cudnn { get; init; }

    /// <summary>Why torch does not take the cuDNN that it found; null where it does.</summary>
    public string? CudnnError { get; init; }

    public bool Available { get; init; }

    /// <summary>Why CUDA is not available, as torch says it.</summary>
    public string? AvailableError { get; init; }

    public IReadOnlyList<string> ArchList { get; init; } = [];

    /// <summary>Versions of torchvision and torchaudio by their metadata, where installed.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>torchvision and torchaudio as they were used, where that was asked.</summary>
    public IReadOnlyDictionary<string, ProbeCompanion> Companions { get; init; } = new Dictionary<string, ProbeCompanion>();

    /// <summary>Null where the computation on the CPU is right.</summary>
    public string? CpuError { get; init; }

    /// <summary>True where NumPy is not installed.</summary>
    public bool NumpyMissing { get; init; }

    public string? Numpy { get; init; }

    /// <summary>Null where arrays go to tensors and back, or NumPy is not installed.</summary>
    public string? NumpyError { get; init; }

    public IReadOnlyList<ProbeDevice> Devices { get; init; } = [];
}

/// <summary>torchvision or torchaudio, imported and used.</summary>
internal sealed record ProbeCompanion
{
    public string? Version { get; init; }

    /// <summary>True where it is not installed.</summary>
    public bool Missing { get; init; }

    /// <summary>Null where it does what was asked of it.</summary>
    public string? Error { get; init; }

    /// <summary>torchaudio: why a sound file cannot be loaded; null where it can or was not tried.</summary>
    public string? LoadError { get; init; }
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

/// <summary>What the program of <see cref="ExtensionCheck"/> prints.</summary>
internal sealed record ExtensionAnswer
{
    public string? ImportError { get; init; }

    /// <summary>Null where the C++ extension was built and computes.</summary>
    public string? Error { get; init; }

    /// <summary>The toolkit that torch's builder found; null where it found none, or was not asked.</summary>
    public string? CudaHome { get; init; }

    /// <summary>Null where the CUDA extension was built, or not tried.</summary>
    public string? CudaError { get; init; }
}
