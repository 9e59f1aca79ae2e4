namespace CudaCompat.Verification;

/// <summary>What torch and CUDA say when something is wrong, the cause behind it and the next step.</summary>
internal static class FailureCauses
{
    private static readonly (string Text, string Cause, string Next)[] Known =
    [
        ("no kernel image is available", "this torch build has no code for this GPU", "ask `cudacompat check` and install the build that it names."),
        ("CUDA driver version is insufficient", "the NVIDIA driver is too old for this build", "update the driver, or take a build for an older CUDA."),
        ("The NVIDIA driver on your system is too old", "the NVIDIA driver is too old for this build", "update the driver, or take a build for an older CUDA."),
        ("Found no NVIDIA driver", "no NVIDIA driver is loaded", "install the driver; `cudacompat detect` says what is there."),
        ("no CUDA-capable device is detected", "the driver shows no GPU to this process", "look at CUDA_VISIBLE_DEVICES, the container's settings and `nvidia-smi`."),
        ("No CUDA GPUs are available", "the driver shows no GPU to this process", "look at CUDA_VISIBLE_DEVICES, the container's settings and `nvidia-smi`."),
        ("not compiled with CUDA enabled", "this is a CPU build of torch", "install the build with the CUDA tag that the plan names."),
        ("out of memory", "another program uses the GPU's memory", "end it and verify again."),
        ("driver/library version mismatch", "the driver was updated and its old module still runs", "restart the machine."),
        ("CUDA unknown error", "the driver is in a bad state, or CUDA_VISIBLE_DEVICES changed after the start", "restart the machine, then verify again."),
        ("cannot open shared object file", "a library is missing or not on the loader's path", "install the packages that the plan names; nothing else in LD_LIBRARY_PATH."),
        ("undefined symbol", "a library of another version is found first", "take other CUDA and cuDNN folders out of LD_LIBRARY_PATH."),
        ("DLL load failed", "a DLL is missing or of another version", "install the Visual C++ runtime; take other CUDA folders out of PATH."),
        ("CUDNN_STATUS", "cuDNN does not serve this GPU or is not the one that torch was built with", "take other cuDNN copies out of the loader's path."),
        ("numpy", "torch was built with another NumPy", "install the NumPy that this torch release wants."),
    ];

    /// <summary>The cause and next step of a message; general ones where it is not known.</summary>
    public static (string Cause, string Next) Of(string message)
    {
        foreach (var (text, cause, next) in Known)
        {
            if (message.Contains(text, StringComparison.OrdinalIgnoreCase))
                return (cause, next);
        }

        return ("not known to CudaCompat", "`cudacompat doctor` looks at the whole machine.");
    }
}
