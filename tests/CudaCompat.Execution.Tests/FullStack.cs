using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Execution.Tests;

/// <summary>A small whole stack on a local server, and plans for it with every kind of step.</summary>
internal static class FullStack
{
    public const string NvccScript = "#!/bin/sh\necho 'nvcc: NVIDIA (R) Cuda compiler driver'\necho 'Cuda compilation tools, release 12.8, V12.8.93'\n";
    public const string CudnnHeaderText = "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 10\n#define CUDNN_PATCHLEVEL 2\n";

    /// <summary>The archives of a toolkit by file name, in the shape of their platform.</summary>
    public static Dictionary<string, byte[]> Toolkit(string platform)
    {
        string Top(string component, string version) => $"{component}-{platform}-{version}-archive";
        if (platform.StartsWith("windows", StringComparison.Ordinal))
        {
            return new Dictionary<string, byte[]>
            {
                [Top("cuda_nvcc", "12.8.93") + ".zip"] = Archives.Zip(($"{Top("cuda_nvcc", "12.8.93")}/bin/nvcc.exe", "MZ nvcc"), ($"{Top("cuda_nvcc", "12.8.93")}/LICENSE", "licence of nvcc")),
                [Top("cuda_cudart", "12.8.90") + ".zip"] = Archives.Zip(($"{Top("cuda_cudart", "12.8.90")}/bin/cudart64_12.dll", "MZ cudart"), ($"{Top("cuda_cudart", "12.8.90")}/lib/x64/cudart.lib", "lib"), ($"{Top("cuda_cudart", "12.8.90")}/LICENSE", "licence of cudart")),
            };
        }

        return new Dictionary<string, byte[]>
        {
            [Top("cuda_nvcc", "12.8.93") + ".tar.xz"] = Archives.Xz(Archives.Tar(Top("cuda_nvcc", "12.8.93"), ("bin/nvcc", NvccScript), ("bin/nvcc.profile", "TOP = ..\n"), ("LICENSE", "licence of nvcc"), ("nvvm/bin/cicc", "cicc"))),
            [Top("cuda_cudart", "12.8.90") + ".tar.xz"] = Archives.Xz(Archives.Tar(Top("cuda_cudart", "12.8.90"), ("lib/libcudart.so", "->libcudart.so.12"), ("lib/libcudart.so.12", "->libcudart.so.12.8.90"), ("lib/libcudart.so.12.8.90", new string('c', 300_000)), ("include/cuda.h", "#pragma once\n"), ("LICENSE", "licence of cudart"))),
        };
    }

    public static (string Name, byte[] Bytes) Cudnn(string platform)
    {
        var top = $"cudnn-{platform}-9.10.2.21_cuda12-archive";
        return platform.StartsWith("windows", StringComparison.Ordinal)
            ? (top + ".zip", Archives.Zip(($"{top}/bin/x64/cudnn64_9.dll", "MZ cudnn"), ($"{top}/include/cudnn_version.h", CudnnHeaderText), ($"{top}/lib/x64/cudnn.lib", "lib"), ($"{top}/LICENSE", "licence of cudnn")))
            : (top + ".tar.xz", Archives.Xz(Archives.Tar(top, ("include/cudnn.h", "#include \"cudnn_version.h\"\n"), ("include/cudnn_version.h", CudnnHeaderText), ("lib/libcudnn.so", "->libcudnn.so.9"), ("lib/libcudnn.so.9", new string('d', 200_000)), ("LICENSE", "licence of cudnn"))));
    }

    /// <summary>Serves toolkit and cuDNN; the steps that bring them.</summary>
    public static IEnumerable<InstallStep> ToolkitSteps(LocalServer server, string platform, string prefix)
    {
        var archives = Toolkit(platform);
        var cudnn = Cudnn(platform);
        foreach (var (name, bytes) in archives.Append(new(cudnn.Name, cudnn.Bytes)))
        {
            yield return new DownloadStep
            {
                Component = name.StartsWith("cudnn", StringComparison.Ordinal) ? "cudnn" : "toolkit",
                FileName = name,
                Url = server.File("/redist/" + name, bytes),
                Checksum = new Checksum("sha256", Wheels.Sha256(bytes)),
                Size = bytes.Length,
            };
        }

        yield return new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "redist", Prefix = prefix, Archives = [.. archives.Keys] };
        yield return new CudnnStep { Component = "cudnn", Version = "9.10.2.21", Method = "redist", Prefix = prefix, FileName = cudnn.Name };
    }

    /// <summary>Serves torch with its companions; the steps that make an environment and install them.</summary>
    public static IEnumerable<InstallStep> TorchSteps(LocalServer server, string environment, bool hashes = true)
    {
        var torch = Wheels.Torch("2.8.0+cu128", "12.8", gpus: 2);
        var vision = Wheels.Wheel("torchvision", "0.23.0+cu128", "import torch", "torch==2.8.0+cu128");
        var index = Wheels.Index(server, "/whl/cu128", ("torch", "2.8.0+cu128", torch), ("torchvision", "0.23.0+cu128", vision), ("filelock", "3.13.1", Wheels.Wheel("filelock", "3.13.1", "x = 1")));
        yield return new PythonStep { Component = "python", Version = Wheels.PythonVersion, Method = "venv", Environment = environment };
        yield return new TorchStep
        {
            Component = "torch",
            Version = "2.8.0",
            Method = "pip",
            Requirements = ["torch==2.8.0+cu128", "torchvision==0.23.0+cu128"],
            IndexUrl = index,
            Environment = environment,
            Files = hashes
                ? [new PackageFile(Wheels.NameOf("torch", "2.8.0+cu128"), $"{index}/x", Wheels.Sha256(torch)), new PackageFile(Wheels.NameOf("torchvision", "0.23.0+cu128"), $"{index}/y", Wheels.Sha256(vision))]
                : [],
        };
    }

    /// <summary>All kinds of steps.</summary>
    public static InstallPlan Plan(LocalServer server, string target)
    {
        var prefix = Path.Combine(target, "cuda");
        var environment = Path.Combine(target, "venv");
        return Of(
        [
            .. ToolkitSteps(server, "linux-x86_64", prefix),
            new EnvironmentStep
            {
                Component = "toolkit",
                Scope = "shell-file",
                Set = new Dictionary<string, string> { ["CUDA_HOME"] = prefix },
                Prepend = new Dictionary<string, IReadOnlyList<string>> { ["PATH"] = [Path.Combine(prefix, "bin")] },
            },
            .. TorchSteps(server, environment),
            new VerifyStep { Component = "stack", Checks = ["nvcc", "cudnn", "torch", "kernel"] },
        ]);
    }

    public static InstallPlan Of(IReadOnlyList<InstallStep> steps) => new()
    {
        Stack = new StackDocument
        {
            Torch = PackageVersion.Parse("2.8.0"),
            CudaTag = CudaTag.Parse("cu128"),
            Torchvision = PackageVersion.Parse("0.23.0"),
            Toolkit = CudaVersion.Parse("12.8.1"),
            Cudnn = DottedVersion.Parse("9.10.2"),
        },
        Compatibility = "full",
        Steps = steps,
    };
}
