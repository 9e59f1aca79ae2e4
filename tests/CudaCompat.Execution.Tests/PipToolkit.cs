using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Execution.Tests;

/// <summary>
/// NVIDIA's packages of CUDA 13 with stand-ins in them, on a local server: the folders and file names of the true ones, what they require of each other, and
/// an nvcc that compiles only where all that the true one needs is there.
/// </summary>
internal static class PipToolkit
{
    public const string Nvcc = """
        #!/bin/sh
        here=$(cd "$(dirname "$0")" && pwd)
        case "$1" in
          -V|--version) echo 'nvcc: NVIDIA (R) Cuda compiler driver'; echo 'Cuda compilation tools, release 13.0, V13.0.88'; exit 0 ;;
        esac
        [ -e "$here/../include/crt/host_config.h" ] || { echo 'fatal error: crt/host_config.h: No such file or directory' >&2; exit 1; }
        [ "$(cat "$here/../nvvm/bin/cicc")" = 13.0.88 ] || { echo "ptxas fatal: Unsupported .version 9.5; current version is '9.0'" >&2; exit 1; }
        [ -e "$here/../lib64/libcudart_static.a" ] || { echo '/usr/bin/ld: cannot find -lcudart_static' >&2; exit 1; }
        while [ $# -gt 0 ]; do
          case "$1" in
            -o) shift; out=$1 ;;
            -lcudart) [ -e "$here/../lib64/libcudart.so" ] || { echo '/usr/bin/ld: cannot find -lcudart' >&2; exit 1; } ;;
          esac
          shift
        done
        echo compiled > "$out"
        """;

    public const string Cudnn = "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 24\n#define CUDNN_PATCHLEVEL 0\n";

    public static readonly string[] Requirements =
        ["nvidia-cuda-cccl==13.0.85", "nvidia-cuda-crt==13.0.88", "nvidia-cuda-nvcc==13.0.88", "nvidia-cuda-runtime==13.0.96", "nvidia-nvvm==13.0.88"];

    /// <summary>The folder of packages of an environment.</summary>
    public static string Packages(string environment) => Path.Combine(environment, "lib", $"python{Wheels.PythonVersion}", "site-packages");

    /// <summary>Serves the packages of CUDA 13.0.3 and some of 13.5, which are newer; the address of the index.</summary>
    public static string Index(LocalServer server) => Wheels.Index(
        server,
        "/simple",
        [
            Part("nvidia-cuda-cccl", "13.0.85", [("nvidia/cu13/include/cccl/thrust/version.h", "#define THRUST_VERSION 300001\n")]),
            Part("nvidia-cuda-crt", "13.0.88", [("nvidia/cu13/include/crt/host_config.h", "#pragma once\n")]),
            Part("nvidia-cuda-nvcc", "13.0.88", [("nvidia/cu13/bin/nvcc", Nvcc), ("nvidia/cu13/bin/nvcc.profile", "LIBRARIES = -L$(TOP)/lib64\n")], "nvidia-nvvm", "nvidia-cuda-crt", "nvidia-cuda-runtime"),
            Runtime("13.0.96"),
            Runtime("13.5.37"),
            Part("nvidia-nvvm", "13.0.88", [("nvidia/cu13/nvvm/bin/cicc", "13.0.88")]),
            Part("nvidia-nvvm", "13.5.37", [("nvidia/cu13/nvvm/bin/cicc", "13.5.37")]),
            Part("nvidia-cudnn-cu13", "9.24.0.43", [("nvidia/cudnn/include/cudnn_version.h", Cudnn), ("nvidia/cudnn/lib/libcudnn.so.9", "a library"), ("nvidia/cudnn/lib/libcudnn_ops.so.9", "a library")]),
            ("cuda-toolkit", "13.0.3", Wheels.Files("cuda-toolkit", "13.0.3", [], "Provides-Extra: cudart", "Requires-Dist: nvidia-cuda-runtime==13.0.96.*; extra == \"cudart\"")),
            ("filelock", "3.13.1", Wheels.Wheel("filelock", "3.13.1", "x = 1")),
        ]);

    /// <summary>The steps of a plan for torch 2.14.1+cu130 that compiles, as this program plans them, with the addresses of a server.</summary>
    public static IEnumerable<InstallStep> Steps(LocalServer server, string environment, string? runtime = null)
    {
        var index = Index(server);
        var code = Wheels.TorchCode.Replace("{0}", "2.14.1+cu130").Replace("{1}", "\"13.0\"").Replace("{2}", "True").Replace("{3}", "1").Replace("91002", "92400");
        var wheels = Wheels.Index(server, "/whl/cu130",
            ("torch", "2.14.1+cu130", Wheels.Wheel("torch", "2.14.1+cu130", code, "filelock", "cuda-toolkit[cudart]==13.0.3", "nvidia-cudnn-cu13==9.24.0.43")));
        yield return new TorchStep
        {
            Component = "torch",
            Version = "2.14.1",
            Method = "pip",
            Requirements = ["torch==2.14.1+cu130"],
            IndexUrl = wheels,
            ExtraIndexUrls = [index],
            Environment = environment,
        };
        var maker = Path.Combine(Packages(environment), "nvidia");
        yield return new ToolkitStep
        {
            Component = "toolkit",
            Version = "13.0.3",
            Method = "pip",
            Prefix = Path.Combine(maker, "cu13"),
            Components = [.. Requirements.Select(r => runtime is not null && r.StartsWith("nvidia-cuda-runtime", StringComparison.Ordinal) ? "nvidia-cuda-runtime==" + runtime : r)],
            Pip = new PipPlace { Environment = environment, IndexUrl = index, Links = new Dictionary<string, string> { ["lib64"] = "lib" }, LinkerNames = "lib" },
        };
        yield return new CudnnStep
        {
            Component = "cudnn",
            Version = "9.24.0.43",
            Method = "pip",
            Prefix = Path.Combine(maker, "cudnn"),
            Components = ["nvidia-cudnn-cu13==9.24.0.43"],
            Pip = new PipPlace { Environment = environment, IndexUrl = index, Links = new Dictionary<string, string> { ["lib64"] = "lib" }, LinkerNames = "lib" },
        };
        yield return new EnvironmentStep
        {
            Component = "stack",
            Scope = "activate",
            Set = new Dictionary<string, string> { ["CUDA_HOME"] = Path.Combine(maker, "cu13"), ["CUDNN_HOME"] = Path.Combine(maker, "cudnn") },
            Prepend = new Dictionary<string, IReadOnlyList<string>> { ["PATH"] = [Path.Combine(maker, "cu13", "bin")] },
        };
        yield return new VerifyStep { Component = "stack", Checks = ["nvcc", "compile", "cudnn", "torch", "kernel"] };
    }

    /// <summary>The plan that makes the environment too.</summary>
    public static InstallPlan Plan(LocalServer server, string target)
    {
        var environment = Path.Combine(target, "venv");
        return Of([new PythonStep { Component = "python", Version = Wheels.PythonVersion, Method = "venv", Environment = environment }, .. Steps(server, environment)]);
    }

    public static InstallPlan Of(IEnumerable<InstallStep> steps) => new()
    {
        Stack = new StackDocument { Torch = PackageVersion.Parse("2.14.1"), CudaTag = CudaTag.Parse("cu130"), Toolkit = CudaVersion.Parse("13.0.3"), Cudnn = DottedVersion.Parse("9.24.0") },
        Compatibility = "full",
        Steps = [.. steps],
    };

    private static (string Package, string Version, byte[] Bytes) Part(string package, string version, (string Name, string Content)[] files, params string[] requires) =>
        (package, version, Wheels.Files(package, version, files, [.. requires.Select(r => "Requires-Dist: " + r)]));

    private static (string Package, string Version, byte[] Bytes) Runtime(string version) => Part("nvidia-cuda-runtime", version,
        [("nvidia/cu13/include/cuda_runtime.h", $"// {version}\n"), ("nvidia/cu13/lib/libcudart.so.13", $"the runtime {version}"), ("nvidia/cu13/lib/libcudart_static.a", "archive")]);
}
