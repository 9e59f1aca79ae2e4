using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution;
using CudaCompat.Resolution.Answers;
using CudaCompat.Tests.Oracle;

namespace CudaCompat.Tests.Resolution;

/// <summary>Machines with combinations or requests, and what is said of them.</summary>
internal static class CauseSamples
{
    private static readonly OMachine Linux = new("linux") { Driver = "580.95.05", Python = "3.12", Glibc = "2.35" };
    private static readonly OMachine Windows = new("windows") { Driver = "580.88", Python = "3.12" };

    public static IReadOnlyList<(string Rule, Func<IReadOnlyList<Cause>> Find, string Sentence)> All { get; } =
    [
        Check("platform-not-covered", new OMachine("macos"), Torch("2.8.0", "cu128"), "macOS has no NVIDIA driver and no CUDA build of PyTorch since CUDA 10.2; the ordinary macOS package (with Metal) comes from the default index: pip install torch."),
        Check("platform-not-covered", Linux with { Arch = "aarch64", Tegra = true, Driver = "540.4.0", Gpus = [new OGpu("Jetson AGX Orin", null)] }, Torch("2.8.0", "cu129"), "Jetson AGX Orin is a Jetson (Tegra) module: the ordinary builds of PyTorch have no code for its GPU. With JetPack 7.2 (CUDA 13.2) take: Thor: download.pytorch.org/whl/cu130 or cu132 aarch64. Orin: no wheel with 8.7 for cp312 (jp6 indexes are cp310; jp7 does not exist; compute/redist/jp/v70..v72 dead on 2026-07-17)."),
        Check("platform-not-covered", Linux with { Arch = "aarch64", Tegra = true, Driver = null }, Torch("2.8.0", "cu129"), "This machine is a Jetson (Tegra) module: the ordinary builds of PyTorch have no code for its GPU. Take NVIDIA's own wheels for its JetPack, or a Jetson container."),
        Check("os-unsupported", Windows with { Arch = "aarch64" }, Torch("2.8.0", "cu128"), "There is no CUDA build of PyTorch for Windows on aarch64; only CPU builds exist there."),
        Check("no-such-build", Linux, Torch("2.8.0", "cu118"), "There is no pip build of torch 2.8.0 with CUDA 11.8 (cu118) for Linux x86_64 (pytorch-wheel-pages of 2026-03-15 lists all); there are cpu, cu126, cu128, cu129."),
        Check("no-such-build", Linux, Torch("2.13.7", "cu130"), "There is no torch 2.13.7 (default-package-index of 2026-11-27 lists all)."),
        Check("no-such-build", Windows, new OStack { Torch = "1.6.0", Packaging = "pip" }, "There is no pip build of torch 1.6.0 on the default index for Windows x86_64 (default-package-index of 2026-11-27 lists all); there are cpu, cu101, cu102."),
        Check("newer-than-data", Linux, Torch("2.16.0", "cu130"), "torch 2.16.0+cu130 is newer than the data, whose newest torch is 2.15.0: nothing is known of it."),
        Check("newer-than-data", Linux with { Python = "3.16" }, Torch("2.8.0", "cu128"), "Python 3.16 is newer than the data, whose newest Python is 3.15: nothing is known of it."),
        Check("no-such-toolkit", Linux, new OStack { Toolkit = "12.7.0" }, "There is no CUDA toolkit 12.7.0 (cuda-toolkit-archive of 2025-12 lists all)."),
        Check("no-such-toolkit", Linux, new OStack { Toolkit = "12.8.5" }, "There is no CUDA toolkit 12.8.5 (cuda-toolkit-archive of 2025-12 lists all); the newest 12.8 is 12.8.2."),
        Check("no-such-cudnn", Linux, new OStack { Toolkit = "12.8.1", Cudnn = "8.2.3" }, "There is no cuDNN 8.2.3 (cudnn-manifests of 2026 lists all)."),
        Check("no-such-build", Linux with { Driver = "470.82.01" }, new OStack { Torch = "2.5.1", Packaging = "conda" }, "torch 2.5.1 may be one of several builds: torch 2.5.1+cu118 works here, torch 2.5.1+cu124 and torch 2.5.1+cu121 do not; say which CUDA it has (--cuda)."),
        Check("python-unsupported", Linux with { Python = "3.8" }, Torch("2.8.0", "cu128"), "torch 2.8.0+cu128 has no package for Python 3.8; it has them for 3.9, 3.10, 3.11, 3.12, 3.13, 3.13t."),
        Check("python-unsupported", Linux with { Python = "3.13" }, Torch("2.5.1", "cu124") with { Torchvision = "0.20.1" }, "torchvision 0.20.1+cu124 has no package for Python 3.13; it has them for 3.9, 3.10, 3.11, 3.12."),
        Check("glibc-too-old", Linux with { Glibc = "2.17" }, Torch("2.8.0", "cu128"), "torch 2.8.0+cu128 needs glibc 2.28 or newer; this system has 2.17."),
        Check("driver-too-old", Linux with { Driver = "470.82.01", Gpus = [Card("8.6")] }, Torch("2.8.0", "cu128"), "torch 2.8.0+cu128 does not run with driver 470.82.01 (CUDA 11.4): it needs 525.60.13 or newer on Linux."),
        Check("driver-too-old", Windows with { Driver = null, MaxCuda = "11.4" }, Torch("2.8.0", "cu128"), "torch 2.8.0+cu128 does not run with a driver for CUDA 11.4: it needs 527.41 or newer on Windows."),
        Plan("driver-too-old", Linux with { Driver = "535.104.05", Gpus = [Card("8.9")] }, new ORequest { Torch = "2.8.0", Policy = "strict" }, "torch 2.8.0+cu126 does not run with driver 535.104.05 (CUDA 12.2): it needs 560.28.03 or newer on Linux, since the policy strict leaves minor-version compatibility out."),
        Plan("forward-compat-unavailable", Linux with { Driver = "470.82.01", Gpus = [new OGpu("NVIDIA GeForce RTX 3090", null)] }, new ORequest { Torch = "2.8.0", Policy = "forward" }, "torch 2.8.0+cu129 does not run with driver 470.82.01 (CUDA 11.4): it needs 525.60.13 or newer on Linux. The forward-compatibility package does not help: it is for data-centre GPUs on the driver branches that NVIDIA lists."),
        Check("driver-unknown", new OMachine("linux"), Torch("2.8.0", "cu128"), "Neither driver, CUDA version nor GPU of the machine is known, so nothing more can be decided: give --driver, --max-cuda or --gpu."),
        Check("driver-unknown", new OMachine("linux") { Gpus = [Card("8.6")] }, Torch("2.8.0", "cu128"), "The driver is not known. torch 2.8.0+cu128 needs driver 525.60.13 or newer on Linux."),
        Check("newer-than-data", Linux with { Driver = "700.10" }, Torch("2.8.0", "cu128"), "Driver 700.10 is newer than the data and counts as 620.70.06, which runs CUDA 13.5; newer drivers run all that older ones ran."),
        Check("driver-unknown", Linux with { Driver = "570" }, Torch("2.8.0", "cu128"), "Driver 570 is given short and counts as the newest known of its series, 570.211.01."),
        Check("newer-than-data", Linux with { Driver = null, MaxCuda = "14.0" }, Torch("2.8.0", "cu128"), "CUDA 14.0 is newer than the data and counts as 13.5."),
        Check("driver-drops-gpu", Linux with { Driver = "590.48.01", Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, Torch("2.8.0", "cu126"), "Driver 590.48.01 does not drive NVIDIA GeForce GTX 1080 Ti (compute capability 6.1): branch 580 was the last for this architecture."),
        Check("driver-drops-gpu", Linux with { Driver = "535.104.05", Gpus = [new OGpu("NVIDIA GeForce RTX 5090", null)] }, Torch("2.8.0", "cu128"), "Driver 535.104.05 is older than NVIDIA GeForce RTX 5090 (compute capability 12.0): branch 570 is the first that knows this architecture (first seen in 570.86.16)."),
        Check("driver-drops-gpu", Linux with { Driver = "570.26", Gpus = [new OGpu("NVIDIA GeForce RTX 5090", null)] }, Torch("2.8.0", "cu128"), "NVIDIA GeForce RTX 5090 (compute capability 12.0) first appears in driver 570.86.16; 570.26 is an earlier release of the same branch and may not know it."),
        Check("open-kernel-module", Linux with { KernelModule = "open", Gpus = [new OGpu("Tesla V100-SXM2-16GB", null)] }, Torch("2.8.0", "cu126"), "The open kernel module is loaded, and it does not drive Tesla V100-SXM2-16GB (compute capability 7.0): it begins with compute capability 7.5. The proprietary module of the same driver does."),
        Check("gpu-unknown", Linux with { Gpus = [new OGpu("Frobnicator 9000", null)] }, Torch("2.8.0", "cu128"), "The data does not know the GPU 'Frobnicator 9000': give its --compute-capability."),
        Check("gpu-unknown", Linux with { Driver = "470.82.01", Python = "3.8", Gpus = [new OGpu("NVIDIA GeForce GTX 860M", null)] }, Torch("1.10.1", "cu102"), "'NVIDIA GeForce GTX 860M' is the name of several chips (compute capability 3.0 or 5.0): give --compute-capability."),
        Check("gpu-unknown", Linux, Torch("2.8.0", "cu128"), "The GPUs are not known, so rules about them were not applied."),
        Check("gpu-not-in-build", Linux with { Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, Torch("2.8.0", "cu128"), "torch 2.8.0+cu128 has no code that runs on NVIDIA GeForce GTX 1080 Ti (compute capability 6.1): it was built for compute capability 7.0, 7.5, 8.0, 8.6, 9.0, 10.0, 12.0."),
        Check("gpu-not-in-build", Windows with { Driver = "472.50", Python = "3.8", Gpus = [Card("5.2")] }, Torch("0.4.1", "cu92"), "No source lists the GPU architectures of torch 0.4.1+cu92, so whether it runs on GPU 0 (compute capability 5.2) is not known."),
        Check("runs-by-ptx", PtxMachine, PtxStack, "torch 1.0.0+cu100 has no native code for GPU 0 (compute capability 7.0) and runs by PTX that the driver compiles at first use: the first start takes minutes."),
        Check("ptx-needs-newer-driver", PtxMachine with { Driver = "398.26" }, PtxStack, "torch 1.0.0+cu100 would run on GPU 0 (compute capability 7.0) by PTX of CUDA 10.0 only, which a driver for CUDA 9.2 cannot compile; driver 411.31 or newer can."),
        Check("libraries-too-old-for-gpu", Linux with { Driver = "470.82.01", Python = "3.7", Gpus = [new OGpu("Tesla T4", null)] }, Torch("1.1.0", "cu90"), "torch 1.1.0+cu90 has code for older cards that Tesla T4 (compute capability 7.5) could run, but the libraries of CUDA 9.0 fail on it; it needs CUDA 10.0 or newer."),
        Check("cudnn-cuda-mismatch", Linux, new OStack { Toolkit = "12.8.1", Cudnn = "8.2.4" }, "cuDNN 8.2.4 is for CUDA 11.4 and 10.2, not for CUDA 12.8 (toolkit 12.8.1)."),
        Check("cudnn-gpu-unsupported", Linux with { Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, new OStack { Toolkit = "12.8.1", Cudnn = "9.17.0" }, "cuDNN 9.17.0 does not serve NVIDIA GeForce GTX 1080 Ti (compute capability 6.1)."),
        Check("cudnn-gpu-unsupported", Linux with { Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, new OStack { Toolkit = "12.8.1", Cudnn = "9.20.0" }, "cuDNN 9.20.0 does not serve NVIDIA GeForce GTX 1080 Ti (compute capability 6.1), by the support matrix of the nearest earlier release."),
        Check("cudnn-gpu-unsupported", Linux with { Gpus = [new OGpu("NVIDIA GeForce RTX 5090", null)] }, new OStack { Toolkit = "12.8.1", Cudnn = "9.1.0" }, "Whether cuDNN 9.1.0 serves NVIDIA GeForce RTX 5090 (compute capability 12.0) is not known: no support matrix covers this release, and the card is newer than the one before it."),
        Check("cudnn-gpu-unsupported", Linux with { Driver = "470.82.01", Python = "3.10", Gpus = [new OGpu("Tesla K80", null)] }, Torch("2.5.1", "cu118"), "torch 2.5.1+cu118 brings cuDNN 9.1.0.70, which does not serve Tesla K80 (compute capability 3.7): convolutions fail. What does not use cuDNN works, and convolutions do without it where torch.backends.cudnn.enabled is set to False, more slowly."),
        Plan("cudnn-gpu-unsupported", Linux with { Gpus = [Card("5.0")] }, new ORequest { Torch = "2.8.0", Cuda = "cu126", Cudnn = "9.17" }, "cuDNN 9.17.1.4 does not serve GPU 0 (compute capability 5.0), by the support matrix of the nearest earlier release."),
        Check("cudnn-driver-too-old", Linux with { Driver = "450.51.05" }, new OStack { Toolkit = "11.0.2", Cudnn = "8.9.5" }, "cuDNN 8.9.5 does not run with driver 450.51.05 (CUDA 11.0): it needs 450.80.02 or newer on Linux."),
        Check("cudnn-shadowed", Linux with { Gpus = [Card("8.6")] }, Torch("2.8.0", "cu128") with { Cudnn = "9.1.0" }, "cuDNN 9.1.0, which the loader finds first, is older than the 9.10.2.21 that torch 2.8.0+cu128 was built with: torch refuses to run with it."),
        Check("torchvision-mismatch", Linux, Torch("2.8.0", "cu128") with { Torchvision = "0.22.1" }, "torchvision 0.22.1 does not go with torch 2.8.0+cu128; torchvision 0.23.0 goes with it."),
        Check("torchaudio-mismatch", Linux, Torch("2.14.1", "cu132") with { Torchaudio = "2.11.0" }, "torchaudio 2.11.0 pairs with torch 2.14.1, but it has no build for cu132 on this system."),
        Check("torchaudio-mismatch", Linux, Torch("2.14.1", "cu130") with { Torchaudio = "2.10.0" }, "torchaudio 2.10.0 does not go with torch 2.14.1+cu130; torchaudio 2.11.0 goes with it."),
        Plan("torchaudio-mismatch", Linux with { Gpus = [Card("8.6")] }, new ORequest { Torch = "2.14.1", Cuda = "cu132" }, "torch 2.14.1+cu132 has no torchaudio for this system."),
        Plan("prerelease", Linux with { Gpus = [Card("8.6")] }, new ORequest { Torch = "2.9.0.dev20250726+cu128", Components = ["torch"] }, "torch 2.9.0.dev20250726+cu128 is no release, and the data lists no files of it: check judges whether it runs here; nightlies lie on https://download.pytorch.org/whl/nightly/cu128."),
        Plan("known-bad-release", Windows with { Gpus = [Card("8.9")] }, new ORequest { Torch = ">=2.4.0,<2.4.1", Components = ["torch"] }, "torch 2.4.0 is known to be bad: import torch fails where Visual Studio is not installed: fbgemm.dll needs an OpenMP DLL that the wheel lacks. Take 2.4.1 or later, or 2.3.1. (adv-008)"),
        Plan("driver-branch-end", Linux with { Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, new ORequest { Components = ["torch"] }, "Driver branch 580 is the last that drives NVIDIA GeForce GTX 1080 Ti (compute capability 6.1); NVIDIA supports it until 2028-06."),
        Plan("toolkit-not-from-pip", Linux with { Driver = "550.54.15", Gpus = [Card("8.6")] }, new ORequest { Components = ["toolkit"], ToolkitFrom = "pip", Toolkit = "12.4" }, "CUDA toolkit 12.4.1 cannot come from pip: nvidia-cuda-nvcc-cu12 has ptxas and no nvcc. From CUDA 13.0 on the package has the whole compiler; for CUDA 12 take --toolkit-from redist."),
        Plan("toolkit-not-from-pip", Linux with { Gpus = [Card("8.6")] }, new ORequest { Components = ["toolkit"], ToolkitFrom = "pip", Toolkit = "11.4" }, "CUDA toolkit 11.4.4 cannot come from pip: the data knows no package with its nvcc for Linux x86_64; take --toolkit-from redist."),
        Plan("toolkit-not-from-pip", Linux with { Gpus = [Card("8.6")] }, new ORequest { Torch = "2.14.1", Cuda = "cu130", ToolkitFrom = "pip", Toolkit = "13.2" }, "CUDA toolkit 13.2.2 cannot come from pip beside torch 2.14.1+cu130: it would move the packages of CUDA 13.0 that torch pins; take a toolkit 13.0, or --toolkit-from redist."),
        Plan("toolkit-not-from-pip", Linux with { Python = null, Gpus = [Card("8.6")] }, new ORequest { Components = ["toolkit"], ToolkitFrom = "pip", Toolkit = "13.0" }, "CUDA toolkit 13.0.3 from pip goes into a Python environment, and its Python is not known: give --python."),
        Check("toolkit-driver-too-old", Linux with { Driver = "470.82.01" }, new OStack { Toolkit = "12.8.1" }, "CUDA toolkit 12.8.1 does not run with driver 470.82.01 (CUDA 11.4): it needs 525.60.13 or newer on Linux."),
        Check("toolkit-gpu-unsupported", Linux with { Gpus = [new OGpu("NVIDIA GeForce GTX 1080 Ti", null)] }, new OStack { Toolkit = "13.0.2" }, "nvcc of CUDA toolkit 13.0.2 cannot target NVIDIA GeForce GTX 1080 Ti (compute capability 6.1): toolkits 8.0 to 12.9 can."),
        Check("toolkit-gpu-unsupported", Linux with { Gpus = [new OGpu("NVIDIA GeForce RTX 5090", null)] }, new OStack { Toolkit = "12.4.1" }, "nvcc of CUDA toolkit 12.4.1 cannot target NVIDIA GeForce RTX 5090 (compute capability 12.0): toolkits from 12.8 on can."),
        Check("toolkit-torch-mismatch", Linux with { Gpus = [Card("8.6")] }, Torch("2.8.0", "cu128") with { Toolkit = "13.0.2", Compiles = true }, "CUDA toolkit 13.0.2 is not the CUDA 12.8 that torch 2.8.0+cu128 was built with: extensions compiled for it need a toolkit of CUDA 12, best 12.8."),
        Check("host-compiler-unsupported", Linux with { Gcc = "15.1" }, new OStack { Toolkit = "12.4.1" }, "nvcc of CUDA toolkit 12.4.1 does not accept gcc 15.1: it takes gcc 6 to 13."),
        Check("host-compiler-unsupported", Windows with { Msvc = "19.44" }, new OStack { Toolkit = "11.8.0" }, "nvcc of CUDA toolkit 11.8.0 does not accept msvc 19.44: it takes msvc 19.10 and newer, below 19.40."),
        Check("no-nvidia-gpu", Linux with { Gpus = [] }, Torch("2.8.0", "cu128"), "No NVIDIA GPU was found: CUDA builds would run on the processor only, so a CPU build serves."),
        Check("cpu-only-build", Windows with { Gpus = [Card("8.6")] }, new OStack { Torch = "2.8.0", Packaging = "pip" }, "On Windows x86_64 the default package index installs torch 2.8.0+cpu, a CPU build, which does not use the GPU; the CUDA builds are on PyTorch's own index."),
        Check("cpu-only-build", Linux with { Gpus = [Card("8.6")] }, Torch("2.8.0", "cpu"), "torch 2.8.0+cpu is a CPU build and does not use the GPU. pip keeps it where a CUDA build of the same version is asked for: uninstall torch first."),
        Check("wsl-linux-driver", new OMachine("wsl") { Driver = "535.104.05" }, Torch("2.8.0", "cu128"), "535.104.05 is the number of a Linux driver. In WSL the Windows driver counts, and no Linux driver may be installed there."),
        Check("python-unknown", Linux with { Python = null }, Torch("2.8.0", "cu128"), "The Python version is not known, so rules about it were not applied."),
        Check("glibc-unknown", Linux with { Glibc = null }, Torch("2.8.0", "cu128"), "The version of glibc is not known, so the platform tag of the packages was not checked."),
        Check("machine-assumption", Linux with { Arch = null }, Torch("2.8.0", "cu128"), "The processor architecture is not known; x86_64 is assumed."),
        Plan("cudnn-gpu-unsupported", Linux with { Gpus = [Card("5.0")] }, new ORequest { Components = ["toolkit", "cudnn"], Toolkit = "12.6", Cudnn = "9.17" }, "No cuDNN 9.17 for CUDA 12.6 serves every GPU with this driver."),
        Plan("no-such-toolkit", Linux with { Gpus = [Card("8.6")] }, new ORequest { Components = ["toolkit"], Toolkit = "12.8", Cuda = "12.4" }, "There is no CUDA toolkit 12.8 of CUDA 12.4."),
        Check("not-in-data", Linux, Torch("0.4.0", "cu92") with { Packaging = "conda" }, "The data names no conda build of torch 0.4.0+cu92 for Linux x86_64, and has no source that lists all of them: whether there is one is not known."),
        Check("prerelease", Linux with { Gpus = [Card("12.0")] }, Torch("2.9.0.dev20250726", "cu128"), "torch 2.9.0.dev20250726 is a pre-release: it is judged by what torch 2.9.0+cu128 carries."),
        Check("prerelease", Linux, Torch("2.8.0rc1", "cu118"), "torch 2.8.0rc1 is a pre-release of which no release with cu118 is known: it is judged by the GPUs that CUDA 11.8 serves."),
        Check("prerelease", Linux, new OStack { Torch = "2.8.0a0" }, "torch 2.8.0a0 is a pre-release or a build of its own, and which CUDA it is for is not said: give --cuda."),
        Check("gpu-not-in-build", Linux with { Driver = "570.124.06", Gpus = [Card("12.0")] }, new OStack { Tag = "cu124" }, "CUDA 12.4 does not know GPU 0 (compute capability 12.0): CUDA 12.8 was the first that does."),
        Check("gpu-not-in-build", Linux with { Gpus = [Card("7.0")] }, new OStack { Tag = "cu130" }, "CUDA 13.0 has dropped GPU 0 (compute capability 7.0): CUDA 12.9 was the last that serves it."),
        Check("gpu-not-in-build", Linux with { Gpus = [Card("6.0")] }, new OStack { Tag = "cu128" }, "No build of PyTorch for cu128 has code that runs on GPU 0 (compute capability 6.0): they were built for compute capability 7.0, 7.5, 8.0, 8.6, 9.0, 10.0, 12.0. Other programs of CUDA 12.8 may serve it."),
        Check("newer-than-data", Linux with { Gpus = [Card("8.6")] }, new OStack { Tag = "cu999" }, "CUDA 99.9 is newer than the data, whose newest toolkit is 13.5.0: nothing is known of it."),
        Check("python-unsupported", Windows with { Python = "3.14", Gpus = [Card("7.5")] }, new OStack { Tag = "cu124", Packaging = "pip" }, "torch+cu124 has no package for Python 3.14; it has them for 3.8, 3.9, 3.10, 3.11, 3.12, 3.13."),
        Check("forward-compat-unavailable", Linux with { Driver = "460.80", MaxCuda = "11.3", Python = "3.8", Gpus = [new OGpu("NVIDIA GeForce GTX 1650", null)] }, Torch("1.9.0", "cu111"), "Driver 460.80 runs CUDA 11.2 by itself, so CUDA 11.3 comes from a forward-compatibility library (cuda-compat) that is loaded; it is for GPUs of data centres, and on NVIDIA GeForce GTX 1650 (compute capability 7.5) CUDA fails with error 804. Take the package cuda-compat off the loader's path, or install a newer driver."),
        Check("ptx-needs-newer-driver", Linux with { Driver = "460.80", Gpus = [Card("8.6")] }, new OStack { Toolkit = "11.3.0" }, "By minor-version compatibility the driver reports CUDA 11.2 and runs CUDA 11.3 code since both are of CUDA 11, but not PTX of CUDA 11.3: compile native code for the GPU (TORCH_CUDA_ARCH_LIST, CMAKE_CUDA_ARCHITECTURES), take toolkit 11.2, or install driver 465.19.01 or newer."),
        Check("ptx-needs-newer-driver", Linux with { Driver = "535.104.05", Gpus = [Card("8.9")] }, Torch("2.8.0", "cu126"), "torch 2.8.0+cu126 runs by minor-version compatibility: the driver reports CUDA 12.2 and runs CUDA 12.6 code since both are of CUDA 12. Code that carries PTX made by CUDA 12.6 instead (some extensions, some Triton kernels) may not run on this driver."),
        Check("toolkit-torch-mismatch", Linux with { Gpus = [Card("8.6")] }, Torch("2.8.0", "cu128") with { Toolkit = "12.6.3", Compiles = true }, "CUDA toolkit 12.6.3 has another minor version than the CUDA 12.8 that torch 2.8.0+cu128 was built with: torch warns and goes on compiling, which most often works; some packages refuse it. A toolkit 12.8 is safe."),
        Check("compiler-unknown", Linux, Torch("2.8.0", "cu128") with { Toolkit = "12.8.1", Compiles = true }, "The host compiler is not known, so whether nvcc accepts it was not checked: give --gcc, --clang or --msvc."),
        Check("torchvision-mismatch", Linux, new OStack { Torch = "2.9.0+cpu", Torchvision = "0.24.0", Packaging = "pip" }, "torchvision 0.24.0 has no label beside torch 2.9.0+cpu, so it came from the default package index, whose builds are for CUDA 12.8: its operators are missing (torchvision::nms does not exist); torchvision 0.24.0+cpu goes with it."),
        Check("torchaudio-mismatch", Linux, Torch("2.8.0", "cu128") with { Torchaudio = "2.8.0+cu126" }, "torchaudio 2.8.0+cu126 is built for CUDA 12.6, torch 2.8.0+cu128 is not: it does not import beside it; torchaudio 2.8.0 goes with it."),
    ];

    private static OMachine PtxMachine => Windows with { Driver = "411.31", Python = "3.6", Gpus = [Card("7.0")] };

    private static OStack PtxStack => Torch("1.0.0", "cu100") with { Packaging = "conda" };

    private static OGpu Card(string capability) => new(null, capability);

    private static OStack Torch(string version, string tag) => new() { Torch = version, Tag = tag, Packaging = "pip" };

    private static (string Rule, Func<IReadOnlyList<Cause>> Find, string Sentence) Check(string rule, OMachine machine, OStack stack, string sentence) =>
        (rule, () => CheckAnswer.Judge(Question.Of(stack.ForLibrary(), machine.ForLibrary(), CompatibilityMatrix.Embedded)), sentence);

    private static (string Rule, Func<IReadOnlyList<Cause>> Find, string Sentence) Plan(string rule, OMachine machine, ORequest request, string sentence) =>
        (rule, () => PlanAnswer.To(Question.Of(request.ForLibrary(), machine.ForLibrary(), CompatibilityMatrix.Embedded)).Causes, sentence);
}
