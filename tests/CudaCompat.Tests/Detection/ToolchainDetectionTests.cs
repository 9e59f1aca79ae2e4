using CudaCompat.Detection;
using CudaCompat.Detection.Probes;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Detection;

/// <summary>Toolkits, cuDNN, compilers and Pythons of machines made of files.</summary>
public sealed class ToolchainDetectionTests : IDisposable
{
    private readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [UnixFact]
    public async Task Toolkits_TheFirstOnPathComesFirst()
    {
        _machine.File("/usr/local/cuda-12.8/version.json", "{\"cuda\":{\"name\":\"CUDA SDK\",\"version\":\"12.8.1\"}}").Program("/usr/local/cuda-12.8/bin/nvcc", "exit 1")
            .File("/usr/local/cuda-11.8/version.json", "{\"cuda\":{\"name\":\"CUDA SDK\",\"version\":\"11.8.20220929\"}}").Program("/usr/local/cuda-11.8/bin/nvcc", "exit 1")
            .File("/usr/local/cuda-10.1/version.txt", "CUDA Version 10.1.243\n")
            .Link("/usr/local/cuda", _machine.Map("/usr/local/cuda-12.8"))
            .File("/usr/local/cuda-12.8/compat/libcuda.so.570.124.06", "x").File("/etc/ld.so.conf.d/cuda.conf", "/usr/local/cuda-12.8/compat\n")
            .Variable("PATH", "/usr/local/cuda-11.8/bin:/usr/bin").Variable("CUDA_HOME", "/usr/local/cuda");
        var report = await _machine.DetectAsync();
        report.Toolkits.Select(t => (t.Version.ToString(), t.PathOrder)).Should().Equal(("11.8", 0), ("12.8.1", null), ("10.1.243", null));
        report.Machine.Installed!.Toolkits!.Select(t => t.ToString()).Should().Equal("11.8", "12.8.1", "10.1.243");
        var compat = report.CompatLibraries.Should().ContainSingle().Subject;
        (compat.Driver.ToString(), compat.IsOnLoaderPath).Should().Be(("570.124.06", true));
        report.Processes.Should().BeEmpty("the version files say it");
    }

    [UnixFact]
    public async Task Toolkit_WithoutAVersionFile_IsAskedByItsCompiler()
    {
        _machine.Program("/opt/cuda/bin/nvcc", "echo 'Cuda compilation tools, release 12.4, V12.4.131'");
        var report = await _machine.DetectAsync();
        report.Toolkits.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Folder = "/opt/cuda", Source = "/opt/cuda/bin/nvcc --version" });
        report.Machine.Installed!.Toolkits.Should().Equal(CudaVersion.Parse("12.4"));
    }

    [UnixFact]
    public async Task Toolkit_OfPackagesOfAnEnvironment_IsOne_WhateverNamesIt()
    {
        const string Env = "/home/user/env", Nvidia = Env + "/lib/python3.12/site-packages/nvidia";
        _machine.File(Env + "/pyvenv.cfg", "version = 3.12.4\n").Program(Env + "/bin/python3", "exit 1").Link(Env + "/lib64", "lib")
            .Program(Nvidia + "/cu13/bin/nvcc", "exit 1").Folder(Env + "/lib/python3.12/site-packages/nvidia_cuda_nvcc-13.0.88.dist-info")
            .Folder(Nvidia + "/cudnn/lib")
            .Variable("PATH", Env + "/lib64/python3.12/site-packages/nvidia/cu13/bin:/usr/bin").Variable("CUDA_HOME", Nvidia + "/cu13").Variable("VIRTUAL_ENV", Env);

        var report = await _machine.DetectAsync();

        var toolkit = report.Toolkits.Should().ContainSingle().Subject;
        (toolkit.Version.ToString(), toolkit.PathOrder, toolkit.Package).Should().Be(("13.0", 0, "nvidia-cuda-nvcc 13.0.88"));
        report.Processes.Should().BeEmpty("the package's name says it");
    }

    [UnixFact]
    public async Task Toolkit_OfANamedEnvironment_IsFoundThoughNothingPointsToIt_AndLibrariesAloneAreNone()
    {
        _machine.File("/srv/a/pyvenv.cfg", "version = 3.12.4\n").Program("/srv/a/bin/python", "exit 1").Program("/srv/a/lib/python3.12/site-packages/nvidia/cu13/bin/nvcc", "exit 1")
            .Folder("/srv/a/lib/python3.12/site-packages/nvidia_cuda_nvcc-13.4.92.dist-info")
            .File("/srv/b/pyvenv.cfg", "version = 3.12.4\n").Program("/srv/b/bin/python", "exit 1").Folder("/srv/b/lib/python3.12/site-packages/nvidia/cu13/lib");

        var options = new DetectionOptions { ProbeLimit = TimeSpan.FromSeconds(20) };
        (await _machine.DetectAsync(options with { Python = "/srv/a" })).Toolkits.Should().ContainSingle().Which.Version.ToString().Should().Be("13.4");
        (await _machine.DetectAsync(options with { Python = "/srv/a/bin/python" })).Toolkits.Should().ContainSingle();
        (await _machine.DetectAsync(options with { Python = "/srv/b" })).Toolkits.Should().BeEmpty();
    }

    [Fact]
    public async Task Toolkit_OfPackagesOnWindows_IsFound()
    {
        _machine.IsWindows = true;
        _machine.File(@"C:\env\Lib\site-packages\nvidia\cu13\bin\nvcc.exe", "MZ").Folder(@"C:\env\Lib\site-packages\nvidia_cuda_nvcc-13.0.88.dist-info").Variable("VIRTUAL_ENV", @"C:\env");

        (await _machine.DetectAsync()).Toolkits.Should().ContainSingle().Which.Folder.Should().Be(@"C:\env\Lib\site-packages\nvidia\cu13");
    }

    [UnixFact]
    public async Task Toolkit_OfTheDistribution_IsFoundInItsPackageList()
    {
        _machine.File("/var/lib/dpkg/status", "Package: nvidia-cuda-toolkit\nStatus: install ok installed\nVersion: 11.8.89~11.8.0-5~deb12u1\n\nPackage: cuda-nvcc-12-8\nStatus: deinstall ok config-files\nVersion: 12.8.93-1\n");
        var report = await _machine.DetectAsync();
        report.Toolkits.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Folder = "nvidia-cuda-toolkit", Source = "/var/lib/dpkg/status" });
        report.Toolkits[0].Version.ToString().Should().Be("11.8.0");
    }

    [UnixFact]
    public async Task Toolkit_OfDebian_IsOneWithItsPackage_NotOneForEachFolder()
    {
        const string Compiler = "echo 'Cuda compilation tools, release 11.8, V11.8.89'";
        _machine.File("/var/lib/dpkg/status", "Package: nvidia-cuda-toolkit\nStatus: install ok installed\nVersion: 11.8.89~11.8.0-5~deb12u1\n")
            .Program("/usr/bin/nvcc", Compiler).Program("/usr/lib/nvidia-cuda-toolkit/bin/nvcc", Compiler).Folder("/usr/lib/cuda/bin");
        var report = await _machine.DetectAsync();
        report.Toolkits.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Folder = "/usr", PathOrder = 0, Package = "nvidia-cuda-toolkit 11.8.89~11.8.0-5~deb12u1" });
        report.Toolkits[0].Version.ToString().Should().Be("11.8.0");
        report.Facts.Should().Contain(f => f.Field == "installed.toolkits" && f.Source.Contains("nvidia-cuda-toolkit 11.8.89"));
    }

    [UnixFact]
    public async Task Toolkit_OfAnRpm_IsToldWithItsPackage()
    {
        _machine.File("/var/lib/rpm/rpmdb.sqlite", "x").Program("/usr/bin/rpm", "[ \"$1 $4 $5\" = '--query --file /usr/local/cuda-12.8/bin/nvcc' ] && printf 'cuda-nvcc-12-8|12.8.93-1\\n'")
            .File("/usr/local/cuda-12.8/version.json", "{\"cuda\":{\"name\":\"CUDA SDK\",\"version\":\"12.8.1\"}}").Program("/usr/local/cuda-12.8/bin/nvcc", "exit 1");
        var report = await _machine.DetectAsync();
        report.Toolkits.Should().ContainSingle().Which.Package.Should().Be("cuda-nvcc-12-8 12.8.93-1");
    }

    [UnixFact]
    public async Task Toolkit_ByHandOnAnRpmSystem_HasNoPackage()
    {
        _machine.File("/var/lib/rpm/rpmdb.sqlite", "x").Program("/usr/bin/rpm", "echo 'file /opt/cuda/bin/nvcc is not owned by any package'; exit 1")
            .File("/opt/cuda/version.txt", "CUDA Version 10.1.243\n").Program("/opt/cuda/bin/nvcc", "exit 1");
        (await _machine.DetectAsync()).Toolkits.Should().ContainSingle().Which.Package.Should().BeNull();
    }

    [UnixFact]
    public async Task Rpm_IsNotAsked_WhereNoToolkitIs()
    {
        _machine.File("/var/lib/rpm/rpmdb.sqlite", "x").Program("/usr/bin/rpm", "exit 1");
        (await _machine.DetectAsync()).Processes.Should().BeEmpty();
    }

    [UnixFact]
    public async Task Cudnn_OnWindows_IsFoundByTheNamesOfItsDlls()
    {
        _machine.IsWindows = true;
        _machine.Variable("ProgramFiles", @"C:\Program Files")
            .File(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA\v13.0\version.json", "{\"cuda\":{\"version\":\"13.0.1\"}}")
            .File(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA\v13.0\bin\x64\cudnn64_9.dll", "MZ")
            .File(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA\v11.8\version.json", "{\"cuda\":{\"version\":\"11.8.0\"}}")
            .File(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA\v11.8\bin\cudnn64_8.dll", "MZ")
            .File(@"C:\Program Files\NVIDIA GPU Computing Toolkit\CUDA\v11.8\include\cudnn_version.h", "#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n")
            .File(@"C:\Program Files\NVIDIA\CUDNN\v7.6\bin\10.1\cudnn64_7.dll", "MZ");
        (await _machine.DetectAsync()).Cudnn.Select(c => c.Version.ToString()).Should().Equal("8.9.7", "9", "7");
    }

    [UnixFact]
    public async Task Cudnn_IsFoundByHeaderAndByLibrary()
    {
        _machine.File("/usr/include/cudnn_version.h", "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 2\n#define CUDNN_PATCHLEVEL 1\n")
            .File("/usr/lib/x86_64-linux-gnu/libcudnn.so.9.2.1", "x").File("/usr/lib/x86_64-linux-gnu/libcudnn.so.8.9.7", "x").File("/usr/lib/x86_64-linux-gnu/libcudnn.so.8", "x");
        var report = await _machine.DetectAsync();
        report.Machine.Installed!.Cudnn!.Select(c => c.ToString()).Should().Equal("9.2.1", "8.9.7");
        report.Cudnn[0].Path.Should().Be("/usr/include/cudnn_version.h");
    }

    [UnixFact]
    public async Task Cudnn_OnTheLoaderPath_IsMarked()
    {
        _machine.File("/opt/cudnn/lib/libcudnn.so.8.9.7", "x").File("/usr/include/cudnn_version.h", "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 2\n#define CUDNN_PATCHLEVEL 1\n")
            .Variable("LD_LIBRARY_PATH", "relative:/opt/cudnn/lib:");
        (await _machine.DetectAsync()).Cudnn.Select(c => (c.Version.ToString(), c.IsOnLoaderPath)).Should().Equal(("8.9.7", true), ("9.2.1", false));
    }

    [UnixFact]
    public async Task Torch_IsReadFromMetadata_WithoutStartingPython()
    {
        _machine.Program("/home/user/env/bin/python3", "touch \"$0.ran\"").File("/home/user/env/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n")
            .File("/home/user/env/lib/python3.11/site-packages/torch-2.8.0+cu128.dist-info/METADATA", "Name: torch")
            .File("/home/user/env/lib/python3.11/site-packages/torch/version.py", "from typing import Optional\n__version__ = '2.8.0+cu128'\ndebug = False\ncuda: Optional[str] = '12.8'\n")
            .File("/home/user/env/lib/python3.11/site-packages/torchvision-0.23.0+cu128.dist-info/METADATA", "x")
            .File("/home/user/env/lib/python3.11/site-packages/nvidia_cudnn_cu12-9.10.2.21.dist-info/METADATA", "x")
            .Variable("VIRTUAL_ENV", "/home/user/env");
        var report = await _machine.DetectAsync();
        var python = report.Pythons.Should().ContainSingle().Subject;
        (python.Kind, python.Version.ToString(), python.Torch.ToString(), python.TorchCuda.ToString(), python.Torchvision.ToString(), python.Torchaudio).Should().Be(("venv", "3.11", "2.8.0+cu128", "12.8", "0.23.0+cu128", null));
        report.Machine.Python.ToString().Should().Be("3.11");
        report.Machine.Installed!.Torch.ToString().Should().Be("2.8.0+cu128");
        report.Machine.Installed.Cudnn.Should().BeEmpty("the bundled copy is torch's own");
        report.Cudnn.Should().ContainSingle().Which.IsBundled.Should().BeTrue();
        report.Processes.Should().BeEmpty();
    }

    [UnixFact]
    public async Task Torch_OfConda_IsReadFromItsVersionFile()
    {
        _machine.Program("/opt/conda/bin/python3", "exit 1").File("/opt/conda/conda-meta/python-3.8.20-he870216_0.json", "{}")
            .File("/opt/conda/lib/python3.8/site-packages/torch/version.py", "__version__ = '1.7.1'\ncuda = '11.0'\n").Variable("CONDA_PREFIX", "/opt/conda");
        var python = (await _machine.DetectAsync()).Pythons.Should().ContainSingle().Subject;
        (python.Kind, python.Version.ToString(), python.Torch.ToString(), python.TorchCuda.ToString()).Should().Be(("conda", "3.8", "1.7.1", "11.0"));
    }

    [UnixFact]
    public async Task Torch_OfACpuBuild_HasItsLabelAndNoCuda()
    {
        _machine.Program("/home/user/env/bin/python", "exit 1").File("/home/user/env/pyvenv.cfg", "version_info = 3.12.1\n")
            .File("/home/user/env/lib/python3.12/site-packages/torch-2.8.0+cpu.dist-info/METADATA", "x")
            .File("/home/user/env/lib/python3.12/site-packages/torch/version.py", "__version__ = '2.8.0+cpu'\ncuda: Optional[str] = None\n");
        var python = (await _machine.DetectAsync(new DetectionOptions { Python = "/home/user/env" })).Pythons[0];
        (python.Torch!.Value.Label, python.TorchCuda, python.IsChosen).Should().Be(("cpu", null, true));
    }

    [UnixFact]
    public async Task Torch_OfADistribution_IsKnownAsACpuBuildByItsOwnFile()
    {
        _machine.Program("/usr/bin/python3.11", "exit 1").Link("/usr/bin/python3", "python3.11")
            .File("/usr/lib/python3/dist-packages/torch/version.py", "__version__ = '1.13.0a0'\ndebug = False\ncuda = None\ngit_version = 'Unknown'\nhip = None\n");
        var python = (await _machine.DetectAsync()).Pythons[0];
        (python.Torch.ToString(), python.TorchCuda, python.TorchIsCpu).Should().Be(("1.13.0a0", null, true));
    }

    [UnixFact]
    public async Task Torch_OfRocm_IsNoCpuBuild()
    {
        _machine.Program("/usr/bin/python3.11", "exit 1").Link("/usr/bin/python3", "python3.11")
            .File("/usr/lib/python3/dist-packages/torch/version.py", "__version__ = '2.4.0+rocm6.1'\ncuda: Optional[str] = None\nhip: Optional[str] = '6.1.40091'\n");
        (await _machine.DetectAsync()).Pythons[0].TorchIsCpu.Should().BeFalse();
    }

    [UnixFact]
    public async Task Torch_Imported_IsBelievedBeforeItsMetadata()
    {
        _machine.Program("/usr/bin/python3.11", "[ \"$1 $2\" = '-B -c' ] && echo warning && echo CUDACOMPAT 2.7.1+cu126 12.6 -").Link("/usr/bin/python3", "python3.11")
            .File("/usr/lib/python3/dist-packages/torch/version.py", "__version__ = '2.8.0+cu128'\ncuda = '12.8'\n");
        var report = await _machine.DetectAsync(new DetectionOptions { ImportTorch = true, ProbeLimit = TimeSpan.FromSeconds(20) });
        (report.Pythons[0].Torch.ToString(), report.Pythons[0].TorchCuda.ToString()).Should().Be(("2.7.1+cu126", "12.6"));
        report.Disagreements.Should().ContainSingle().Which.Values.Select(v => (v.Value, v.Believed)).Should().Equal(("2.7.1+cu126", true), ("2.8.0+cu128", false));
        report.Processes.Should().ContainSingle();
    }

    [UnixFact]
    public async Task Torch_ThatCannotBeImported_IsAFailureWithItsReason()
    {
        _machine.Program("/usr/bin/python3.11", "echo \"ImportError: libcudnn.so.9: cannot open shared object file\" >&2; exit 1").Link("/usr/bin/python3", "python3.11")
            .File("/usr/lib/python3/dist-packages/torch/version.py", "__version__ = '2.8.0+cu128'\ncuda = '12.8'\n");
        var report = await _machine.DetectAsync(new DetectionOptions { ImportTorch = true, ProbeLimit = TimeSpan.FromSeconds(20) });
        report.Failures.Should().ContainSingle().Which.Should().Match<DetectionFailure>(f => f.Kind == DetectionFailure.TorchImportFailed && f.Message.Contains("libcudnn.so.9"));
        report.Pythons[0].Torch.ToString().Should().Be("2.8.0+cu128", "the metadata still says so");
    }

    [UnixFact]
    public async Task Python_WhoseNameSaysNothing_IsAskedIsolated()
    {
        _machine.Program("/usr/local/bin/python3", "[ \"$1\" = -I ] && echo 3.13t");
        var report = await _machine.DetectAsync();
        report.Machine.Python.ToString().Should().Be("3.13t");
        report.Processes.Should().ContainSingle().Which.Arguments[0].Should().Be("-I");
    }

    [UnixFact]
    public async Task Pyenv_IsReadByItsGlobalChoice_NotByItsShim()
    {
        _machine.Program("/home/user/.pyenv/shims/python3", "touch \"$0.ran\"; echo 3.9").Program("/home/user/.pyenv/versions/3.12.4/bin/python3.12", "exit 1")
            .Link("/home/user/.pyenv/versions/3.12.4/bin/python3", "python3.12").File("/home/user/.pyenv/version", "3.12.4\n").Variable("PATH", "/home/user/.pyenv/shims:/usr/bin");
        var report = await _machine.DetectAsync();
        report.Machine.Python.ToString().Should().Be("3.12");
        report.Pythons.Should().ContainSingle().Which.Kind.Should().Be("pyenv");
        report.Processes.Should().BeEmpty();
    }

    [UnixFact]
    public async Task Compilers_AndPackageManagers_AreFound()
    {
        _machine.Program("/usr/bin/gcc", "echo 11.4.0").Program("/usr/bin/clang", "echo 'Ubuntu clang version 17.0.6 (1)'").Program("/usr/bin/apt-get", "exit 1").Program("/usr/bin/uv", "exit 1");
        var report = await _machine.DetectAsync();
        (report.Machine.Gcc.ToString(), report.Machine.Clang.ToString()).Should().Be(("11.4.0", "17.0.6"));
        report.PackageManagers.Select(m => m.Name).Should().Equal("apt", "uv");
    }

    [Theory]
    [InlineData("14.38.33130", "19.38")]
    [InlineData("14.00.24210", "19.0")]
    [InlineData("12.0", null)]
    [InlineData(null, null)]
    public void Msvc_ToolSet_NamesItsCompiler(string? toolset, string? compiler) => CompilerProbe.CompilerOf(toolset)?.ToString().Should().Be(compiler);

    [Theory]
    [InlineData("31.0.15.3713", "537.13")]
    [InlineData("32.0.15.6094", "560.94")]
    [InlineData("27.21.14.5671", "456.71")]
    [InlineData("32.0.16.1692", "616.92")]
    [InlineData("10.0", null)]
    public void WindowsDriverNumber_HoldsNvidias(string windows, string? driver) => WindowsDisplayProbe.DriverOf(windows)?.ToString().Should().Be(driver);
}
