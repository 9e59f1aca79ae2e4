using CudaCompat.Versions;

namespace CudaCompat.Verification;

/// <summary>Turns the probe's answer into checks: the packages' versions, torch's CUDA, a kernel on each GPU.</summary>
internal static class TorchChecks
{
    /// <summary>The version of each package, and torch's CUDA.</summary>
    public static IEnumerable<VerificationCheck> Packages(ProbeAnswer answer, string python, VerificationOptions options)
    {
        var expected = Expected("torch", options);
        if (answer.Torch is not { } torch)
        {
            var error = answer.ImportError ?? "torch cannot be imported";
            if (answer.Missing && expected is null)
            {
                yield return new VerificationCheck("torch", python, VerificationStatus.NotThere, null, null, "torch is not installed in this Python.", "it was not installed, or in another Python", "name the environment with --python-path, or apply a plan.");
                yield break;
            }

            var (cause, next) = answer.Missing ? ((string?)"it was not installed, or in another Python", "apply the plan, or name the environment with --python-path.") : FailureCauses.Of(error);
            yield return new VerificationCheck("torch", python, VerificationStatus.Failed, expected, null, FailureCauses.LastLine(error), cause, next);
            yield break;
        }

        yield return Package("torch", torch, expected);
        var tag = options.Expected?.CudaTag;
        if (tag is { } wanted && (answer.Cuda is null ? !wanted.IsCpu : !CudaVersion.TryParse(answer.Cuda, out var cuda) || cuda.MajorMinor != wanted.Cuda))
        {
            yield return new VerificationCheck("torch", "torch.version.cuda", VerificationStatus.Failed, wanted.Cuda?.ToString() ?? "none", answer.Cuda ?? "none",
                $"torch is built for {(answer.Cuda is null ? "the CPU" : "CUDA " + answer.Cuda)}, the plan says {wanted}", "another build was installed later, often by a package that asks for any torch", "apply the plan again.");
        }
        else if (answer.Cuda is not null)
        {
            yield return new VerificationCheck("torch", "torch.version.cuda", VerificationStatus.Passed, tag?.Cuda?.ToString(), answer.Cuda, $"torch is built for CUDA {answer.Cuda}");
        }

        if (answer.CpuError is { } wrong)
            yield return FailureCauses.Failed("torch", "cpu", wrong);
        if (answer.NumpyError is { } numpy)
            yield return FailureCauses.Failed("torch", "numpy", numpy, found: answer.Numpy);
        else if (answer.NumpyMissing)
            yield return new VerificationCheck("torch", "numpy", VerificationStatus.NotThere, null, null, "NumPy is not installed: torch.from_numpy and Tensor.numpy cannot be used.", null, "install numpy into the same environment, if you use them.");
        if (answer.CudnnError is { } cudnn)
            yield return FailureCauses.Failed("torch", "cudnn", cudnn);
        foreach (var name in (string[])["torchvision", "torchaudio"])
        {
            if (options.Checks.Contains(name))
                continue; // it is used, which says more
            var found = answer.Packages.GetValueOrDefault(name);
            if (found is not null || Expected(name, options) is not null)
                yield return Package(name, found, Expected(name, options));
        }
    }

    /// <summary>torchvision or torchaudio, imported and used.</summary>
    public static IEnumerable<VerificationCheck> Companion(ProbeAnswer answer, string name, VerificationOptions options)
    {
        var expected = Expected(name, options);
        if (!answer.Companions.TryGetValue(name, out var companion))
        {
            // torch itself was not imported; its companions import it first.
            var installed = answer.Packages.GetValueOrDefault(name);
            yield return installed is null && expected is null
                ? new VerificationCheck(name, name, VerificationStatus.NotThere, null, null, $"{name} is not installed.")
                : new VerificationCheck(name, name, expected is null ? VerificationStatus.NotTried : VerificationStatus.Failed, expected, installed, $"{name} was not tried: torch cannot be imported.", null, "see the check of torch.");
            yield break;
        }

        if (companion.Missing)
        {
            yield return expected is null
                ? new VerificationCheck(name, name, VerificationStatus.NotThere, null, null, $"{name} is not installed.")
                : Package(name, null, expected);
            yield break;
        }

        if (companion.Error is { } error)
        {
            yield return FailureCauses.Failed(name, name, error, expected, companion.Version);
            yield break;
        }

        var check = Package(name, companion.Version, expected);
        yield return check.Status == VerificationStatus.Passed ? check with { Message = $"{name} is {companion.Version} and does what was asked of it" } : check;
        if (companion.LoadError is { } load)
            yield return new VerificationCheck(name, "load", VerificationStatus.NotThere, null, null, $"torchaudio.load does not work here: {FailureCauses.LastLine(load)}", null, "install what it names, if you load sound files with it.");
    }

    /// <summary>A kernel on each GPU.</summary>
    public static IEnumerable<VerificationCheck> Kernels(ProbeAnswer answer, VerificationOptions options)
    {
        if (answer.Torch is null)
        {
            yield return new VerificationCheck("kernel", "gpu", VerificationStatus.NotTried, null, null, answer.Missing ? "no kernel was launched: no torch" : "no kernel was launched: torch cannot be imported", null, "see the check of torch.");
            yield break;
        }

        if (answer.Cuda is null)
        {
            var isWanted = options.CpuOnly || options.Expected?.CudaTag is { IsCpu: true };
            yield return isWanted
                ? new VerificationCheck("kernel", "cpu", answer.CpuError is null ? VerificationStatus.Passed : VerificationStatus.Failed, null, null, "the plan is for the CPU, and the CPU computes")
                : new VerificationCheck("kernel", "gpu", options.ExpectedGpus > 0 ? VerificationStatus.Failed : VerificationStatus.NotTried, null, null, "no kernel was launched: a CPU build of torch", "a CPU build was installed", "install the build with the CUDA tag that `cudacompat plan` names.");
            yield break;
        }

        if (!answer.Available || answer.Devices.Count == 0)
        {
            var reason = answer.AvailableError ?? "no GPU";
            var (cause, next) = FailureCauses.Of(reason);
            yield return new VerificationCheck("kernel", "gpu", options.ExpectedGpus > 0 ? VerificationStatus.Failed : VerificationStatus.NotTried, options.ExpectedGpus?.ToString(), "0", $"no kernel was launched: {FailureCauses.LastLine(reason)}", cause, next);
            yield break;
        }

        foreach (var device in answer.Devices)
        {
            var subject = $"GPU {device.Index} {device.Name} ({device.Capability})";
            yield return device.Error is not { } error
                ? new VerificationCheck("kernel", subject, VerificationStatus.Passed, null, null, "kernels were launched and their results are right")
                : FailureCauses.Failed("kernel", subject, error, found: string.Join(' ', answer.ArchList));
        }

        if (options.ExpectedGpus is { } gpus && gpus > answer.Devices.Count)
        {
            yield return new VerificationCheck("kernel", "gpus", VerificationStatus.Failed, gpus.ToString(), answer.Devices.Count.ToString(), $"torch sees {answer.Devices.Count} GPUs of {gpus}", "the others are hidden or too old for this driver", "look at CUDA_VISIBLE_DEVICES and `nvidia-smi -L`.");
        }
    }

    private static string? Expected(string name, VerificationOptions options)
    {
        if (options.ExpectedPackages.GetValueOrDefault(name) is { } exact)
            return exact;
        var stack = options.Expected;
        return (name switch { "torch" => stack?.Torch, "torchvision" => stack?.Torchvision, _ => stack?.Torchaudio })?.ToString();
    }

    // An expected version without a label takes any label: 2.8.0 is what 2.8.0+cu128 is a build of.
    private static VerificationCheck Package(string name, string? found, string? expected)
    {
        var same = expected is null || found == expected || (!expected.Contains('+', StringComparison.Ordinal) && found?.Split('+')[0] == expected);
        return same
            ? new VerificationCheck(name, name, VerificationStatus.Passed, expected, found, $"{name} is {found}")
            : new VerificationCheck(name, name, VerificationStatus.Failed, expected, found, $"{name} is {found ?? "not installed"}, the plan says {expected}", "it was changed after the plan was applied, or not installed by it", "apply the plan again.");
    }
}
