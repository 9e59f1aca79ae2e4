using CudaCompat.Versions;

namespace CudaCompat.Resolution.Rules;

/// <summary>nvidia-smi or the driver itself said what is wrong; the words are the detection's.</summary>
internal sealed record DriverFailure(string Kind) : Cause
{
    public override string Rule => Kind;

    public required string Text { get; init; }

    public required string Next { get; init; }

    public override string English() => $"{Text} Next: {Next}";
}

/// <summary>The toolkit that torch's CUDA needs is installed, but another one comes first on PATH.</summary>
internal sealed record ToolkitPathOrder : Cause
{
    public override string Rule => "toolkit-path-order";

    public required CudaVersion First { get; init; }

    public required CudaVersion Fitting { get; init; }

    public required string FittingFolder { get; init; }

    public required string Build { get; init; }

    public override string English() => $"CUDA toolkit {First} comes first on PATH, although {Fitting}, which {Build} needs for extensions, is installed in {FittingFolder}: put its bin folder first.";
}

/// <summary>An older libcuda of the forward-compatibility package hides the newer driver's own.</summary>
internal sealed record ForwardCompatStale : Cause
{
    public override string Rule => "forward-compat-stale";

    public required DriverVersion Library { get; init; }

    public required DriverVersion Driver { get; init; }

    public required string Path { get; init; }

    public override string English() => $"The forward-compatibility library {Path} stands for driver {Library}, older than the installed {Driver}, and is found first: remove the package or take it off the loader's path.";
}

/// <summary>Files of a Linux driver inside WSL, which hide the Windows driver's.</summary>
internal sealed record LinuxDriverInWsl : Cause
{
    public override string Rule => "wsl-linux-driver";

    public required IReadOnlyList<string> Files { get; init; }

    public override string English() => $"Files of a Linux driver are inside WSL and hide the Windows driver: {string.Join(", ", Files.Take(3))}{(Files.Count > 3 ? ", …" : "")}. Remove the nvidia driver packages in WSL.";
}

/// <summary>Nothing of the chain is installed.</summary>
internal sealed record NothingInstalled : Cause
{
    public override string Rule => "nothing-installed";

    public override string English() => "Neither torch nor a CUDA toolkit nor cuDNN was found: cudacompat plan says what to install.";
}

/// <summary>The torch that is installed is none that PyTorch released: built by a distribution or from source.</summary>
internal sealed record TorchNotReleased : Cause
{
    public override string Rule => "no-such-build";

    public required string Torch { get; init; }

    public override string English() => $"torch {Torch} is none that PyTorch released, so it was built by a distribution or from source: no more is known of it than it says itself.";
}
