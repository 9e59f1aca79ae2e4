using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

public sealed class StepBuilderTests
{
    private const string WindowsFolder = @"%ProgramFiles%\NVIDIA GPU Computing Toolkit\CUDA\v11.0";

    [Fact]
    public void TheGuide_CondaOnWindows_GetsTheInstallerAndTheArchive()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("1.7.1", "cu110", "0.8.2", "0.7.2", "conda", "windows", python: "3.8", toolkit: "11.0.3", cudnn: "8.0.5"));

        plan.Commands.Should().Equal("conda install pytorch==1.7.1 torchvision==0.8.2 torchaudio==0.7.2 cudatoolkit=11.0 -c pytorch");
        Kinds(plan).Should().Equal("DownloadStep", "ToolkitStep", "DownloadStep", "CudnnStep", "PythonStep", "TorchStep", "VerifyStep");
        var download = plan.Steps.OfType<DownloadStep>().First();
        download.Url.Should().Be("https://developer.download.nvidia.com/compute/cuda/11.0.3/local_installers/cuda_11.0.3_451.82_win10.exe");
        download.Checksum!.Kind.Should().Be("sha256");
        download.Size.Should().Be(2876829408);
        var toolkit = plan.Steps.OfType<ToolkitStep>().Single();
        toolkit.Method.Should().Be("installer");
        toolkit.RequiresAdmin.Should().BeTrue();
        toolkit.Optional.Should().BeTrue();
        toolkit.Command.Should().StartWith(["cuda_11.0.3_451.82_win10.exe", "-s", "nvcc_11.0"]).And.EndWith("-n").And.NotContain("Display.Driver");
        var cudnn = plan.Steps.OfType<CudnnStep>().Single();
        cudnn.FileName.Should().Be("cudnn-11.0-windows-x64-v8.0.5.39.zip");
        cudnn.Prefix.Should().Be(WindowsFolder);
        cudnn.RequiresAdmin.Should().BeTrue();
        plan.Steps.OfType<PythonStep>().Single().Command.Should().Equal("conda", "create", "--yes", "--prefix", ".venv", "python=3.8");
        plan.Steps.OfType<TorchStep>().Single().Command.Should().Equal(
            "conda", "install", "--yes", "--prefix", ".venv", "pytorch==1.7.1", "torchvision==0.8.2", "torchaudio==0.7.2", "cudatoolkit=11.0", "-c", "pytorch");
        plan.Notes.Should().Contain("cuda_11.0.3_451.82_win10.exe is named for Windows 10 and serves Windows 11 as well.");
    }

    [Theory]
    [InlineData("linux", CpuArchitecture.X64, "linux-x86_64")]
    [InlineData("linux", CpuArchitecture.Arm64, "linux-sbsa")]
    [InlineData("wsl", CpuArchitecture.X64, "linux-x86_64")]
    public void LinuxToolkit_WithAManifest_IsMergedWithoutDriver(string os, CpuArchitecture arch, string platform)
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", os: os, arch: arch, toolkit: "12.8.1", cudnn: "9.10.2"));

        var toolkit = plan.Steps.OfType<ToolkitStep>().Single();
        toolkit.Method.Should().Be("redist");
        toolkit.RequiresAdmin.Should().BeFalse();
        toolkit.Prefix.Should().Be("cuda-12.8.1");
        toolkit.Archives.Should().HaveCount(11).And.OnlyContain(a => a.Contains(platform))
            .And.NotContain(a => a.StartsWith("nvidia_driver") || a.StartsWith("nsight") || a.StartsWith("fabricmanager") || a.StartsWith("imex"));
        var downloads = plan.Steps.OfType<DownloadStep>().Where(d => d.Component == "toolkit").ToArray();
        downloads.Select(d => d.FileName).Should().Equal(toolkit.Archives);
        downloads[0].Url.Should().Be($"https://developer.download.nvidia.com/compute/cuda/redist/cuda_cccl/{platform}/cuda_cccl-{platform}-12.8.90-archive.tar.xz");
        downloads.Should().OnlyContain(d => d.Checksum!.Kind == "sha256" && d.Size > 0 && d.Optional);
        plan.Steps.OfType<CudnnStep>().Single().FileName.Should().Be($"cudnn-{platform}-9.10.2.21_cuda12-archive.tar.xz");
        plan.Steps.OfType<EnvironmentStep>().Single().Prepend["LD_LIBRARY_PATH"].Should().Equal("cuda-12.8.1/lib64");
        plan.Steps[^1].Should().BeOfType<VerifyStep>().Which.Checks.Should().Equal("nvcc", "cudnn", "torch", "kernel");
        if (os == "wsl")
            plan.Notes.Should().Contain(n => n.Contains("no Linux driver"));
    }

    [Fact]
    public void LinuxToolkit_WithoutAManifest_TakesTheRunfile()
    {
        var step = StepBuilder.Build(PlanningSamples.Chosen("1.7.1", "cu110", toolkit: "11.0.3")).Steps.OfType<ToolkitStep>().Single();
        step.Method.Should().Be("runfile");
        step.Command.Should().Equal("bash", "cuda_11.0.3_450.51.06_linux.run", "--silent", "--toolkit", "--installpath=cuda-11.0.3");
    }

    [Fact]
    public void OldRunfile_TakesTheOldOption() =>
        StepBuilder.Build(PlanningSamples.Chosen("1.2.0", "cu100", toolkit: "10.0.130")).Steps.OfType<ToolkitStep>().Single().Command.Should().Contain("--toolkitpath=cuda-10.0.130");

    [Fact]
    public void PartOfAManifest_IsNoToolkit()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.9.0", "cu130", toolkit: "13.1.0"));
        plan.Steps.OfType<DownloadStep>().Should().BeEmpty();
        plan.Steps.OfType<ToolkitStep>().Single().Command.Should().BeNull();
        plan.Notes.Should().Contain(n => n.StartsWith("No source gives a file of CUDA 13.1.0"));
    }

    [Fact]
    public void WindowsInstallerWithoutADriver_RunsWhole()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.9.0", "cu130", os: "windows", toolkit: "13.0.2"));
        plan.Steps.OfType<ToolkitStep>().Single().Command.Should().Equal("cuda_13.0.2_windows.exe", "-s", "-n");
        plan.Notes.Should().Contain(n => n.StartsWith("MD5")).And.NotContain(n => n.Contains("display driver"));
    }

    [Fact]
    public void WindowsInstallerOfUnknownComponents_WarnsOfTheDriver() =>
        StepBuilder.Build(PlanningSamples.Chosen("1.1.0", "cu90", os: "windows", label: false, toolkit: "9.0.176")).Notes.Should().Contain(n => n.Contains("brings the display driver 385.54"));

    [Fact]
    public void ToolkitFromRedist_OnWindows_NeedsNoAdministrator()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", os: "windows", toolkit: "12.8.1") with { ToolkitFrom = "redist", Prefix = @"D:\cuda" });
        plan.Steps.OfType<ToolkitStep>().Single().Should().Match<ToolkitStep>(t => t.Method == "redist" && !t.RequiresAdmin && t.Prefix == @"D:\cuda");
        plan.Steps.OfType<PythonStep>().Single().Environment.Should().Be(@"D:\cuda\venv");
        plan.Steps.OfType<EnvironmentStep>().Single().Prepend["PATH"].Should().Equal(@"D:\cuda\bin");
    }

    [Theory]
    [InlineData("apt", "linux", "sudo apt-get install cuda-toolkit-12-8", "sudo apt-get install cudnn9-cuda-12", "ubuntu2404")]
    [InlineData("dnf", "linux", "sudo dnf install cuda-toolkit-12-8", "sudo dnf install cudnn9-cuda-12", "rhel9")]
    [InlineData("conda", "linux", "conda install cuda-toolkit -c nvidia/label/cuda-12.8.1", "conda install cudnn=9.10.2 -c conda-forge", null)]
    [InlineData("apt", "wsl", "sudo apt-get install cuda-toolkit-12-8", "sudo apt-get install cudnn9-cuda-12", "wsl-ubuntu")]
    public void ToolkitFromPackages_NamesThemExactly(string from, string os, string toolkit, string cudnn, string? repository)
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", os: os, toolkit: "12.8.1", cudnn: "9.10.2") with { ToolkitFrom = from });
        plan.Commands.Skip(1).Should().Equal(toolkit, cudnn);
        plan.Steps.OfType<DownloadStep>().Should().BeEmpty();
        if (repository is not null)
            plan.Notes.Should().Contain(n => n.Contains(repository));
    }

    [Fact]
    public void CondaToolkit_ComesAfterItsEnvironment() =>
        Kinds(StepBuilder.Build(PlanningSamples.Chosen("2.5.1", "cu124", packaging: "conda", toolkit: "12.4.1", cudnn: "9.1.0") with { ToolkitFrom = "conda" }))
            .Should().Equal("PythonStep", "TorchStep", "ToolkitStep", "CudnnStep", "VerifyStep");

    [Fact]
    public void ToolkitFromWhatTheReleaseDoesNotHave_FallsBackAndSaysSo()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("1.7.1", "cu110", toolkit: "11.0.3") with { ToolkitFrom = "redist" });
        plan.Steps.OfType<ToolkitStep>().Single().Method.Should().Be("runfile");
        plan.Notes.Should().Contain(n => n.Contains("not known to come from 'redist'"));
    }

    [Fact]
    public void Compiling_MakesTheToolkitNeeded() =>
        StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", toolkit: "12.8.1") with { Compiles = true }).Steps.Should().OnlyContain(s => !s.Optional);

    [Fact]
    public void ToolkitAlone_IsNeeded() =>
        StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", toolkit: "12.8.1") with { Components = ["toolkit"] }).Steps.Should().OnlyContain(s => !s.Optional).And.NotContain(s => s is PythonStep);

    [Fact]
    public void CudnnOfWindows10_IsTakenBeforeThatOfWindows7() =>
        StepBuilder.Build(PlanningSamples.Chosen("1.6.0", "cu102", os: "windows", cudnn: "7.6.5") with { Components = ["cudnn"] })
            .Steps.OfType<CudnnStep>().Single().FileName.Should().Be("cudnn-10.2-windows10-x64-v7.6.5.32.zip");

    [Fact]
    public void Wheels_ArePinnedWithTheirLabel_AndKnownFilesAreNamed()
    {
        var step = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0")).Steps.OfType<TorchStep>().Single();
        step.Requirements.Should().Equal("torch==2.8.0+cu128", "torchvision==0.23.0+cu128");
        step.IndexUrl.Should().Be("https://download.pytorch.org/whl/cu128");
        step.ExtraIndexUrls.Should().BeEmpty();
        step.Command.Should().Equal(".venv/bin/python", "-m", "pip", "install", "torch==2.8.0+cu128", "torchvision==0.23.0+cu128", "--index-url", "https://download.pytorch.org/whl/cu128");
        step.Files.Should().HaveCount(2).And.OnlyContain(f => f.Sha256!.Length == 64);
    }

    [Fact]
    public void Wheels_OfWhichOneFileIsUnknown_NameNoFiles() =>
        StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", "2.8.0")).Steps.OfType<TorchStep>().Single().Files.Should().BeEmpty();

    [Fact]
    public void OldWheels_KeepTheDefaultIndexForDependencies()
    {
        var step = StepBuilder.Build(PlanningSamples.Chosen("1.12.1", "cu113", "0.13.1")).Steps.OfType<TorchStep>().Single();
        step.IndexUrl.Should().Be("https://download.pytorch.org/whl/cu113");
        step.ExtraIndexUrls.Should().Equal("https://pypi.org/simple");
    }

    [Fact]
    public void DefaultWheelWithoutLabel_ComesFromTheDefaultIndex()
    {
        var step = StepBuilder.Build(PlanningSamples.Chosen("1.7.1", "cu102", label: false, isDefault: true)).Steps.OfType<TorchStep>().Single();
        step.IndexUrl.Should().BeNull();
        step.Requirements.Should().Equal("torch==1.7.1");
    }

    [Theory]
    [InlineData("1.7.1", "cu102", "windows", CpuArchitecture.X64, "3.8", "torch @ https://download.pytorch.org/whl/cu102/torch-1.7.1-cp38-cp38-win_amd64.whl")]
    [InlineData("2.5.1", "cu124", "linux", CpuArchitecture.Arm64, "3.11", "torch @ https://download.pytorch.org/whl/cu124/torch-2.5.1-cp311-cp311-linux_aarch64.whl")]
    public void WheelThatOnlyItsFolderTellsApart_IsTakenByItsFile(string torch, string tag, string os, CpuArchitecture arch, string python, string word)
    {
        var step = StepBuilder.Build(PlanningSamples.Chosen(torch, tag, os: os, arch: arch, label: false, python: python)).Steps.OfType<TorchStep>().Single();
        step.Command.Should().Contain(word);
        step.Requirements.Should().Equal("torch==" + torch);
    }

    [Fact]
    public void Uv_InstallsIntoItsOwnEnvironment()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", packaging: "uv"));
        plan.Steps.OfType<PythonStep>().Single().Command.Should().Equal("uv", "venv", "--python", "3.11", ".venv");
        plan.Steps.OfType<TorchStep>().Single().Command.Should().StartWith(["uv", "pip", "install", "--python", ".venv/bin/python", "torch==2.8.0+cu128"]);
    }

    [Fact]
    public void UnknownPython_TakesTheNewestOfAllPackages()
    {
        var chosen = PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", python: null);
        var plan = StepBuilder.Build(chosen with { Torch = PlanningSamples.Build("torch", "2.8.0", "cu128", pythons: ["3.11", "3.12", "3.13", "3.13t"]), Torchvision = PlanningSamples.Build("torchvision", "0.23.0", "cu128", pythons: ["3.11", "3.12"]) });
        plan.Steps.OfType<PythonStep>().Single().Version.Should().Be("3.12");
        plan.Notes.Should().Contain(n => n.Contains("No Python was given"));
    }

    [Fact]
    public void ChosenGpus_BecomeVisibleDevices()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128") with { GpuIndexes = [0, 2] });
        plan.Environment.Should().BeEquivalentTo(new Dictionary<string, string> { ["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID", ["CUDA_VISIBLE_DEVICES"] = "0,2" });
        plan.Steps.OfType<EnvironmentStep>().Single().Should().Match<EnvironmentStep>(e => e.Scope == "activate" && !e.Optional);
        StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128") with { GpuUuids = ["GPU-1", "GPU-2"] }).Environment.Should().ContainKey("CUDA_VISIBLE_DEVICES").WhoseValue.Should().Be("GPU-1,GPU-2");
    }

    [Fact]
    public void CpuBuild_IsProvedWithoutAKernel()
    {
        var plan = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cpu"));
        plan.Steps[^1].Should().BeOfType<VerifyStep>().Which.Checks.Should().Equal("torch");
    }

    [Fact]
    public void NvidiaMirror_ComesFirst_AndTheOriginStays()
    {
        var download = StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", toolkit: "12.8.1") with { Mirror = "nvidia-cn" }).Steps.OfType<DownloadStep>().First();
        download.Url.Should().StartWith("https://developer.download.nvidia.cn/compute/cuda/redist/");
        download.Mirrors.Should().ContainSingle().Which.Should().StartWith("https://developer.download.nvidia.com/compute/cuda/redist/");
    }

    [Fact]
    public void Steps_OfTheSameInput_AreTheSame()
    {
        static string Text() => string.Join('\n', StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", toolkit: "12.8.1", cudnn: "9.10.2")).Steps.Select(s => s.Description + string.Join(' ', s.Command ?? [])));
        Text().Should().Be(Text());
    }

    [Fact]
    public void Steps_WithAnAdministrator_AreOnlyThoseThatNeedOne() =>
        StepBuilder.Build(PlanningSamples.Chosen("2.8.0", "cu128", toolkit: "12.8.1", cudnn: "9.10.2")).Steps.Should().OnlyContain(s => !s.RequiresAdmin);

    [Fact]
    public void ExactToolkitOfWhichOnlyXYIsKnown_TakesTheNewestPatch()
    {
        var chosen = PlanningSamples.Chosen("1.7.1", "cu110", os: "windows", toolkit: "11.0");
        StepBuilder.Build(chosen).Steps.OfType<ToolkitStep>().Single().Version.Should().Be(CudaVersion.Parse("11.0.3").ToString());
    }

    private static IEnumerable<string> Kinds(PlannedSteps plan) => plan.Steps.Select(s => s.GetType().Name);
}
