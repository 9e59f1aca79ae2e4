using CsCheck;

namespace CudaCompat.Tests.Oracle;

/// <summary>Machines, combinations and requests as people have them, and worse.</summary>
internal static class Generators
{
    private static readonly OracleFacts Facts = OracleFacts.Instance;
    private static readonly string[] LinuxDrivers = [.. Facts.Drivers.Where(d => d.Os == "linux").Select(d => d.Version.Text).Distinct(), "418", "450.80", "470", "535", "550.54", "580", "616.00", "700.10.02", "340.108", "999"];
    private static readonly string[] WindowsDrivers = [.. Facts.Drivers.Where(d => d.Os == "windows").Select(d => d.Version.Text).Distinct(), "474.44", "475.14", "391.35", "452.39", "527.41", "566.36", "581.42", "582.28", "591.86", "610.74", "616.92", "470", "580", "610", "701.10"];
    private static readonly string[] UsualLinux = ["450.80.02", "470.82.01", "470.256.02", "525.60.13", "525.147.05", "535.104.05", "535.309.01", "550.54.15", "560.35.03", "565.57.01", "570.26", "570.124.06", "575.57.08", "580.65.06", "580.95.05", "580", "590.48.01", "610.43.02", "615.71.09"];
    private static readonly string[] UsualWindows = ["452.39", "472.50", "474.44", "516.94", "527.41", "531.14", "537.13", "546.12", "551.78", "560.94", "566.36", "572.61", "576.57", "580.88", "581.42", "591.44", "610.47", "616.92"];
    private static readonly string[] Cards =
    [
        "NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 5090", "Tesla T4", "Tesla K80", "Tesla V100-SXM2-16GB", "NVIDIA A100-SXM4-40GB", "NVIDIA H100 80GB HBM3",
        "NVIDIA GeForce GTX 1080 Ti", "NVIDIA GeForce GTX 970", "NVIDIA GeForce GT 710", "NVIDIA GeForce GTX 750", "NVIDIA GeForce GT 730",
    ];

    private static readonly string[] Pythons = ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.13t", "3.14t", "3.15", "3.15t", "3.16"];
    private static readonly string[] Capabilities = [.. Facts.Architectures.Values.Where(a => !a.Tegra).Select(a => a.Capability.Text), "13.0"];
    private static readonly string[] MaxCudas = [.. Facts.DriverCuda.Select(r => r.Cuda.Text).Distinct(), "14.0", "13.9"];
    private static readonly OBuild[] TorchBuilds = [.. Facts.Builds.SelectMany(b => b).Where(b => b.Package == "torch")];
    private static readonly string[] Versions = [.. TorchBuilds.Select(b => b.Version.Text).Distinct()];
    private static readonly string[] Tags = [.. TorchBuilds.Select(b => b.Tag!).Distinct()];
    private static readonly string[] Toolkits = [.. Facts.Toolkits.Where(t => t.Version.Parts > 2).Select(t => t.Version.Text), "11.8", "12.4", "13.0", "12.7.0", "14.1.0", "13.4.9"];
    private static readonly string[] Cudnns = [.. Facts.Cudnns.Select(c => c.Version.Text).Distinct(), "9.10.2", "8.9.7", "8.2.1", "9.99.0", "10.0.0"];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string?> Maybe(Gen<string> gen, int some, int none) => Gen.Frequency((some, gen.Select(s => (string?)s)), (none, Gen.Const((string?)null)));

    private static readonly Gen<OGpu> Gpu = Gen.Frequency(
        (12, OneOf(Cards.Where(Facts.Gpus.ContainsKey).ToArray()).Select(name => new OGpu(name, null))),
        (2, OneOf(Facts.Gpus.Keys.Where(name => name.Any(char.IsAsciiDigit)).ToArray()).Select(name => new OGpu(name, null))),
        (3, OneOf("6.1", "7.0", "7.5", "8.0", "8.6", "8.9", "9.0", "12.0").Select(c => new OGpu(null, c))),
        (1, OneOf(Capabilities).Select(c => new OGpu(null, c))),
        (1, Gen.Const(new OGpu("Frobnicator 9000", null))));

    private static readonly Gen<OGpu[]?> Gpus = Gen.Frequency(
        (2, Gen.Const((OGpu[]?)null)),
        (1, Gen.Const((OGpu[]?)[])),
        (8, Gpu.Array[1].Select(g => (OGpu[]?)g)),
        (3, Gpu.Array[2, 3].Select(g => (OGpu[]?)g)));

    private static readonly Gen<OMachine> Jetson =
        from thor in Gen.Bool
        from marked in Gen.Bool
        from driver in Maybe(OneOf("540.4.0", "580.00", "595.78"), 4, 1)
        from python in Maybe(OneOf("3.8", "3.10", "3.12"), 3, 1)
        select new OMachine("linux") { Arch = "aarch64", Tegra = marked ? true : null, Driver = driver, Python = python, Gpus = [new OGpu(null, thor ? "11.0" : "8.7")] };

    private static readonly Gen<OMachine> Usual =
        from os in Gen.Frequency((6, Gen.Const("linux")), (4, Gen.Const("windows")), (2, Gen.Const("wsl")))
        from arm in Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(os == "linux")))
        from driver in Maybe(Gen.Frequency((1, OneOf(os == "linux" ? LinuxDrivers : WindowsDrivers)), (2, OneOf(os == "linux" ? UsualLinux : UsualWindows))), 8, 2)
        from max in driver is null ? Maybe(OneOf(MaxCudas), 4, 1) : Gen.Const((string?)null)
        from gpus in Gpus
        from python in Maybe(Gen.Frequency((1, OneOf(Pythons)), (2, OneOf("3.8", "3.9", "3.10", "3.11", "3.12"))), 5, 5)
        from glibc in Maybe(OneOf("2.12", "2.17", "2.27", "2.28", "2.31", "2.35", "2.39"), 1, 2)
        from module in Maybe(OneOf("open", "proprietary"), 1, 4)
        from gcc in Maybe(OneOf("4.8", "5.3", "7", "7.4.0", "9.4", "11.4", "12.2", "13.3", "14.2", "15.1", "17.0"), 1, 2)
        from clang in Maybe(OneOf("8", "14.0", "18.1", "23.0"), 1, 6)
        from msvc in Maybe(OneOf("19.00", "19.16", "19.29", "19.38", "19.44", "19.50"), 1, 2)
        select new OMachine(os) { Arch = arm ? "aarch64" : "x86_64", Driver = driver, MaxCuda = max, Gpus = gpus, Python = python, Glibc = os == "windows" ? null : glibc, KernelModule = os == "linux" ? module : null, Gcc = gcc, Clang = clang, Msvc = msvc };

    /// <summary>One GPU.</summary>
    public static Gen<OGpu> AnyGpu => Gpu;

    public static Gen<OMachine> Machine { get; } = Gen.Frequency((20, Usual), (1, Jetson), (1, Gen.Const(new OMachine("macos"))));

    /// <summary>Mostly a real build with mostly right partners; sometimes anything.</summary>
    public static Gen<OStack> Stack(OMachine machine) =>
        from near in Gen.Frequency((8, Gen.Const(true)), (1, Gen.Const(false)))
        from real in OneOf(near ? [.. TorchBuilds.Where(b => b.Os == (machine.Os == "windows" ? "windows" : "linux") && b.Arch == machine.Arch).DefaultIfEmpty(TorchBuilds[0])] : TorchBuilds)
        from version in Gen.Frequency((20, Gen.Const(real.Version.Text)), (1, OneOf(Versions)), (1, OneOf("2.15.0", "3.0.0", "2.13.7")))
        from tag in Gen.Frequency((16, Gen.Const(real.Tag)), (1, OneOf(Tags)), (1, Gen.Const(real.Packaging == "pip" ? null : real.Tag)))
        from partners in Gen.Int[0, 3]
        from wrong in Gen.Int[0, 9]
        from wrongVersion in OneOf("0.1.0", "0.15.2", "0.29.1", "2.11.0", "2.0.2", "0.13.1")
        from toolkit in Maybe(Gen.Frequency((2, OneOf(Toolkits)), (3, OneOf(SameCuda(real)))), 1, 1)
        from cudnn in Maybe(OneOf(Cudnns), 1, 2)
        from compiles in Gen.Bool
        from alone in Gen.Int[0, 11]
        select alone == 0 && (toolkit ?? cudnn) is not null
            ? new OStack { Toolkit = toolkit, Cudnn = cudnn, Compiles = compiles }
            : new OStack
            {
                Torch = version,
                Tag = tag,
                Packaging = real.Packaging == "pip" && partners == 1 ? null : real.Packaging,
                Torchvision = (partners & 1) == 0 ? null : wrong == 0 ? wrongVersion : Partner(real, "torchvision"),
                Torchaudio = (partners & 2) == 0 ? null : wrong == 1 ? wrongVersion : Partner(real, "torchaudio"),
                Toolkit = toolkit,
                Cudnn = cudnn,
                Compiles = compiles && toolkit is not null,
            };

    public static Gen<ORequest> Request(OMachine machine) =>
        from plain in Gen.Frequency((3, Gen.Const(true)), (5, Gen.Const(false)))
        from torch in Maybe(Gen.Frequency((4, OneOf(Versions.Where(v => !v.Contains("post", StringComparison.Ordinal)).ToArray())), (3, OneOf("2.3", "1.13", "2.7", "2.14")), (2, OneOf(">=2.4,<2.6", ">=1.8,<2.0", "<2.0"))), 1, 2)
        from cuda in Maybe(machine.Gpus is { Length: 0 } ? Gen.Const("cpu") : OneOf("11.8", "cu118", "cu126", "cu128", "cu130", "cu102", "12.1", "11.3", "cpu"), 1, 3)
        from toolkit in Maybe(OneOf("12.4", "12.8", "11.8.0", "13.0", "12.7", ">=12.2,<12.7", ">=11.2"), 1, 5)
        from cudnn in Maybe(OneOf("9.10", "8.9", "9.1.0", "9.17", ">=9.5,<9.11", "8.9.7", "8.2.3"), 1, 5)
        from vision in Maybe(OneOf("0.23.0", "0.15", "0.20.1", "0.1.9", ">=0.10,<0.14"), 1, 8)
        from audio in Maybe(OneOf("2.8.0", "2.11.0", "0.13", "2.3.1"), 1, 8)
        from components in Gen.Frequency((4, Gen.Const((string[]?)null)), (6, OneOf<string[]?>(["torch"], ["torch", "torchvision"], ["torch", "torchvision", "torchaudio"], ["torch", "toolkit"], ["toolkit"], ["toolkit", "cudnn"])))
        from packaging in Maybe(OneOf("pip", "uv", "conda", "conda-forge"), 1, 2)
        from policy in Maybe(OneOf("strict", "minor", "forward"), 1, 1)
        from compiles in Gen.Frequency((1, Gen.Const(true)), (4, Gen.Const(false)))
        select plain ? new ORequest() : new ORequest { Torch = components?.Contains("torch") ?? true ? torch : null, Cuda = components?.Contains("torch") ?? true ? cuda : null, Components = components, Packaging = packaging, Policy = policy, Compiles = compiles, Toolkit = components?.Contains("toolkit") ?? true ? toolkit : null, Cudnn = components?.Contains("cudnn") ?? true ? cudnn : null, Torchvision = components?.Contains("torchvision") ?? true ? vision : null, Torchaudio = components?.Contains("torchaudio") ?? true ? audio : null };

    private static string[] SameCuda(OBuild build) => OracleCheck.CudaOf(build.Tag) is { } cuda && Toolkits.Where(t => new Num(t).Minor.Same(cuda)).ToArray() is { Length: > 0 } same ? same : Toolkits;

    private static string? Partner(OBuild build, string package) =>
        Facts.Pairs[(build.Version.Text, package)].Where(p => p.Packaging is null || p.Packaging == build.Packaging).OrderByDescending(p => p.Preferred).Select(p => p.Version.Text).FirstOrDefault();
}
