using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>Chosen stacks for tests: the curated data of the tree, and small lists of files in the true shape.</summary>
internal static class PlanningSamples
{
    private static readonly string[] Sources = ["test"];

    public static InstallData Curated { get; } = InstallData.Load(Path.Combine(SharedCaptures.Repository, "data"));

    public static InstallData Data { get; } = Curated.With(Installers(), Redist(), CudnnFiles(), BuildFiles());

    public static BuildRow Build(
        string package, string version, string? tag, Packaging packaging = Packaging.Pip, string os = "linux", CpuArchitecture arch = CpuArchitecture.X64,
        bool label = true, bool isDefault = false, string? index = "", params string[] pythons) => new(
            package, PackageVersion.Parse(version), tag is null ? null : CudaTag.Parse(tag), packaging,
            os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux, arch,
            [.. (pythons.Length == 0 ? ["3.8", "3.11"] : pythons).Select(PythonVersion.Parse)], null, label, index is "" ? tag : index, isDefault,
            KnownBy.Listed, KnownBy.Listed, null, null, Sources);

    /// <summary>A stack of one tag; the companions take the flags of torch unless the test says otherwise.</summary>
    public static ChosenStack Chosen(
        string torch, string? tag, string? vision = null, string? audio = null, string packaging = "pip", string os = "linux", CpuArchitecture arch = CpuArchitecture.X64,
        bool label = true, bool isDefault = false, string? index = "", string? python = "3.11", string? toolkit = null, string? cudnn = null)
    {
        var kind = packaging switch { "conda" => Packaging.Conda, "conda-forge" => Packaging.CondaForge, _ => Packaging.Pip };
        BuildRow? Row(string package, string? version) => version is null ? null : Build(package, version, tag, kind, os, arch, label, isDefault, index);
        OperatingSystemNames.Instance.TryParse(os, out var family).Should().BeTrue();
        return new ChosenStack
        {
            Data = Data,
            Machine = new DriverInfo { OperatingSystem = family, Architecture = arch, Python = python is null ? null : PythonVersion.Parse(python) },
            Packaging = packaging,
            Torch = Row("torch", torch),
            Torchvision = Row("torchvision", vision),
            Torchaudio = Row("torchaudio", audio),
            Stack = new StackDocument
            {
                Torch = PackageVersion.Parse(torch),
                CudaTag = tag is null ? null : CudaTag.Parse(tag),
                Torchvision = vision is null ? null : PackageVersion.Parse(vision),
                Torchaudio = audio is null ? null : PackageVersion.Parse(audio),
                Toolkit = toolkit is null ? null : CudaVersion.Parse(toolkit),
                Cudnn = cudnn is null ? null : DottedVersion.Parse(cudnn),
                Packaging = kind,
            },
        };
    }

    private static InstallerRow[] Installers()
    {
        static InstallerRow Row(string toolkit, string os, string kind, string file, Checksum? checksum, long? size, string? driver = null, string scheme = "https") => new(
            CudaVersion.Parse(toolkit), os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux, CpuArchitecture.X64, kind, file,
            $"{scheme}://developer.download.nvidia.com/compute/cuda/{toolkit}/local_installers/{file}", checksum, size,
            driver is null ? null : DriverVersion.Parse(driver), Sources);
        var sha = new Checksum("sha256", new string('a', 64));
        var md5 = new Checksum("md5", new string('b', 32));
        return
        [
            Row("11.0.2", "windows", "exe_local", "cuda_11.0.2_451.48_win10.exe", null, null, "451.48"),
            Row("11.0.3", "windows", "exe_network", "cuda_11.0.3_win10_network.exe", null, null),
            Row("11.0.3", "windows", "exe_local", "cuda_11.0.3_451.82_win10.exe", md5, null, "451.82", "http"),
            Row("11.0.3", "windows", "exe_local", "cuda_11.0.3_451.82_win10.exe", sha, 2876829408, "451.82"),
            Row("11.0.3", "linux", "runfile", "cuda_11.0.3_450.51.06_linux.run", sha, 3066694836, "450.51.06"),
            Row("10.0.130", "linux", "runfile", "cuda_10.0.130_410.48_linux.run", sha, null, "410.48"),
            Row("9.0.176", "windows", "exe_local", "cuda_9.0.176_win10.exe", md5, null, "385.54"),
            Row("13.0.2", "windows", "exe_local", "cuda_13.0.2_windows.exe", md5, 2467827288),
        ];
    }

    private static List<RedistRow> Redist()
    {
        string[] components = ["cuda_cudart", "cuda_nvcc", "cuda_nvrtc", "cuda_cupti", "cuda_nvml_dev", "libcublas", "libcufft", "libcurand", "libcusolver", "libcusparse", "cuda_cccl", "nvidia_driver", "nsight_systems", "fabricmanager", "imex"];
        List<RedistRow> rows = [];
        foreach (var (platform, extension) in new[] { ("linux-x86_64", "tar.xz"), ("linux-sbsa", "tar.xz"), ("windows-x86_64", "zip") })
        {
            rows.AddRange(components.Select((c, i) => new RedistRow(
                CudaVersion.Parse("12.8.1"), c, "12.8.90", platform, $"{c}/{platform}/{c}-{platform}-12.8.90-archive.{extension}", new string((char)('a' + i % 6), 64), 1000 + i, Sources)));
        }

        rows.Add(new RedistRow(CudaVersion.Parse("13.1.0"), "cuda_nvcc", "13.1.80", "linux-x86_64", "cuda_nvcc/linux-x86_64/cuda_nvcc-linux-x86_64-13.1.80-archive.tar.xz", null, null, Sources));
        return rows;
    }

    private static CudnnFileRow[] CudnnFiles()
    {
        static CudnnFileRow Row(string version, string cuda, string platform, string kind, string file) => new(
            DottedVersion.Parse(version), CudaRange.Parse(cuda), platform, kind, file,
            "https://developer.download.nvidia.com/compute/cudnn/" + file, new Checksum("sha256", new string('c', 64)), 700_000_000, Sources);
        return
        [
            Row("8.0.5.39", "11.0", "windows-x86_64", "archive", "cudnn-11.0-windows-x64-v8.0.5.39.zip"),
            Row("8.0.5.39", "11.1", "windows-x86_64", "archive", "cudnn-11.1-windows-x64-v8.0.5.39.zip"),
            Row("7.6.5.32", "10.2", "windows7-x86_64", "archive", "cudnn-10.2-windows7-x64-v7.6.5.32.zip"),
            Row("7.6.5.32", "10.2", "windows10-x86_64", "archive", "cudnn-10.2-windows10-x64-v7.6.5.32.zip"),
            Row("9.10.2.21", "11.x", "linux-x86_64", "redist", "cudnn-linux-x86_64-9.10.2.21_cuda11-archive.tar.xz"),
            Row("9.10.2.21", "12.x", "linux-x86_64", "redist", "cudnn-linux-x86_64-9.10.2.21_cuda12-archive.tar.xz"),
            Row("9.10.2.21", "12.x", "linux-sbsa", "redist", "cudnn-linux-sbsa-9.10.2.21_cuda12-archive.tar.xz"),
        ];
    }

    private static BuildFileRow[] BuildFiles()
    {
        static BuildFileRow Row(string package, string version, string tag, string os, CpuArchitecture arch, string python, string platform, string file) => new(
            package, PackageVersion.Parse(version), CudaTag.Parse(tag), Packaging.Pip, os == "windows" ? OperatingSystemFamily.Windows : OperatingSystemFamily.Linux, arch,
            PythonVersion.Parse(python), platform, tag, file, $"https://download.pytorch.org/whl/{tag}/{file.Replace("+", "%2B")}", new string('d', 64), Sources);
        return
        [
            Row("torch", "2.8.0", "cu128", "linux", CpuArchitecture.X64, "3.11", "manylinux_2_28_x86_64", "torch-2.8.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl"),
            Row("torchvision", "0.23.0", "cu128", "linux", CpuArchitecture.X64, "3.11", "manylinux_2_28_x86_64", "torchvision-0.23.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl"),
            Row("torch", "1.7.1", "cu102", "windows", CpuArchitecture.X64, "3.8", "win_amd64", "torch-1.7.1-cp38-cp38-win_amd64.whl"),
            Row("torch", "2.5.1", "cu124", "linux", CpuArchitecture.Arm64, "3.11", "linux_aarch64", "torch-2.5.1-cp311-cp311-linux_aarch64.whl"),
        ];
    }
}
