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

            var (cause, next) = answer.Missing ? ("it was not installed, or in another Python", "apply the plan, or name the environment with --python-path.") : FailureCauses.Of(error);
            yield return new VerificationCheck("torch", python, VerificationStatus.Failed, expected, null, error, cause, next);
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
            yield return new VerificationCheck("torch", "cpu", VerificationStatus.Failed, null, null, wrong, FailureCauses.Of(wrong).Cause, FailureCauses.Of(wrong).Next);
        foreach (var name in (string[])["torchvision", "torchaudio"])
        {
            var found = answer.Packages.GetValueOrDefault(name);
            if (found is not null || Expected(name, options) is not null)
                yield return Package(name, found, Expected(name, options));
        }
    }

    /// <summary>A kernel on each GPU.</summary>
    public static IEnumerable<VerificationCheck> Kernels(ProbeAnswer answer, VerificationOptions options)
    {
        if (answer.Torch is null)
        {
            yield return new VerificationCheck("kernel", "gpu", VerificationStatus.NotThere, null, null, "no kernel was launched: torch cannot be imported.", null, "see the check of torch.");
            yield break;
        }

        if (answer.Cuda is null)
        {
            var isWanted = options.CpuOnly || options.Expected?.CudaTag is { IsCpu: true };
            yield return isWanted
                ? new VerificationCheck("kernel", "cpu", answer.CpuError is null ? VerificationStatus.Passed : VerificationStatus.Failed, null, null, "the plan is for the CPU, and the CPU computes")
                : new VerificationCheck("kernel", "gpu", options.ExpectedGpus > 0 ? VerificationStatus.Failed : VerificationStatus.NotThere, null, null, "no kernel was launched: this is a CPU build of torch.", "a CPU build was installed", "install the build with the CUDA tag that `cudacompat plan` names.");
            yield break;
        }

        if (!answer.Available || answer.Devices.Count == 0)
        {
            var reason = answer.AvailableError ?? "torch sees no GPU";
            var (cause, next) = FailureCauses.Of(reason);
            yield return new VerificationCheck("kernel", "gpu", options.ExpectedGpus > 0 ? VerificationStatus.Failed : VerificationStatus.NotThere, options.ExpectedGpus?.ToString(), "0", $"no kernel was launched: {reason}", cause, next);
            yield break;
        }

        foreach (var device in answer.Devices)
        {
            var subject = $"GPU {device.Index} {device.Name} ({device.Capability})";
            yield return device.Error is not { } error
                ? new VerificationCheck("kernel", subject, VerificationStatus.Passed, null, null, "kernels were launched and their results are right")
                : new VerificationCheck("kernel", subject, VerificationStatus.Failed, null, string.Join(' ', answer.ArchList), error, FailureCauses.Of(error).Cause, FailureCauses.Of(error).Next);
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
