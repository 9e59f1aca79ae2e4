using CudaCompat.Resolution;

namespace CudaCompat.Tests.Environments;

/// <summary>What is wrong with an environment, read from its files: the ways in which environments really break.</summary>
public sealed class EnvironmentReaderTests
{
    [Fact]
    public void SoundEnvironment_HasNoFinding()
    {
        using var tree = Good();
        tree.Findings().Should().BeEmpty();
        (tree.Read()!.Torch.ToString(), tree.Read()!.CudaTag.ToString(), tree.Read()!.Python.ToString()).Should().Be(("2.14.1+cu130", "cu130", "3.11"));
    }

    [Theory]
    [InlineData("2.13.0+cpu", null, "torchvision", "0.28.0+cu130", "companion-cpu-cuda", Severity.Error)]
    [InlineData("2.13.0+cu130", "13.0", "torchvision", "0.28.0+cpu", "companion-cpu-cuda", Severity.Warning)]
    [InlineData("2.15.0+cu132", "13.2", "torchaudio", "2.11.0+cu130", "companion-cuda-mismatch", Severity.Error)]
    [InlineData("2.8.0+cu128", "12.8", "torchaudio", "2.8.0+cu126", "companion-cuda-mismatch", Severity.Error)]
    public void CompanionOfAnotherCuda_IsTold_WithTheFileThatSaysIt(string torch, string? cuda, string companion, string version, string rule, Severity severity)
    {
        using var tree = new EnvironmentTree().Torch(torch, cuda).Companion(companion, version);
        var finding = tree.Findings().Should().ContainSingle().Subject;
        (finding.Rule, finding.Severity).Should().Be((rule, severity));
        finding.File.Should().EndWith($"{companion}/version.py");
        finding.Command.Should().Contain("-m pip ");
    }

    [Fact]
    public void CompanionRemedy_IsThePartnerOfTheInstalledBuild()
    {
        using var tree = new EnvironmentTree().Torch("2.8.0+cpu", null, "2.8.0+cpu").Companion("torchvision", "0.23.0+cu128");
        tree.Findings().Should().ContainSingle().Which.Command.Should().Be(
            $"{tree.Root}/bin/python -m pip install --force-reinstall --no-deps torchvision==0.23.0+cpu --index-url https://download.pytorch.org/whl/cpu");
    }

    [Fact]
    public void Companion_ThatAsksForAnotherTorch_IsAMismatch()
    {
        using var tree = new EnvironmentTree().Torch("2.9.1+cu128", "12.8").Companion("torchaudio", "2.8.0+cu128", "torch==2.8.0");
        tree.Findings().Should().ContainSingle(f => f.Rule == "torchaudio-mismatch" && f.Severity == Severity.Error && f.Message.Contains("torch==2.8.0"));
    }

    [Fact]
    public void RequirementThatIsNotThere_IsTold_AndWhatAllAskForIsInTheCommand()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null, null, "sympy>=1.13.3", "networkx>=2.5.1", "opt; extra == 'opt'", "nvidia-x; platform_system == 'Darwin'").Package("networkx", "3.0");
        tree.Package("other", "1.0", "sympy<1.15");
        var finding = tree.Findings().Should().ContainSingle().Subject;
        (finding.Rule, finding.Severity, finding.Subject).Should().Be(("dependency-missing", Severity.Error, "sympy"));
        finding.Command.Should().MatchRegex("\"sympy(>=1.13.3,<1.15|<1.15,>=1.13.3)\"$");
        finding.File.Should().EndWith("METADATA");
    }

    [Fact]
    public void ToolkitOfPackages_Whole_HasNoFinding()
    {
        using var tree = Toolkit("13.0.88", "lib64", "lib/libcudart.so");
        tree.Findings().Should().BeEmpty();
    }

    [Theory]
    [InlineData("crt", "dependency-missing", "pip install nvidia-cuda-crt==13.0.88")]
    [InlineData("nvvm", "dependency-missing", "pip install nvidia-nvvm==13.0.88")]
    [InlineData("nvvm newer", "dependency-version", "pip install nvidia-nvvm==13.0.88")]
    [InlineData("lib64", "library-missing", "ln -s lib ")]
    [InlineData("libcudart.so", "library-missing", "ln -s libcudart.so.13 ")]
    public void ToolkitOfPackages_ThatLacksSomething_IsToldWithTheCommandThatMendsIt(string lack, string rule, string command)
    {
        using var tree = Toolkit("13.0.88", [.. new[] { "lib64", "lib/libcudart.so" }.Where(n => !n.EndsWith(lack, StringComparison.Ordinal))]);
        foreach (var (name, package) in (ReadOnlySpan<(string, string)>)[("crt", "nvidia_cuda_crt-13.0.88"), ("nvvm", "nvidia_nvvm-13.0.88"), ("nvvm newer", "nvidia_nvvm-13.0.88")])
        {
            if (name == lack)
                Directory.Delete(Path.Combine(tree.Site, package + ".dist-info"), recursive: true);
        }

        if (lack == "nvvm newer")
            tree.Package("nvidia-nvvm", "13.5.37");
        var finding = tree.Findings().Should().ContainSingle().Subject;
        (finding.Rule, finding.Severity).Should().Be((rule, Severity.Warning));
        finding.Command.Should().Contain(command);
        finding.File.Should().NotBeNull();
    }

    [Fact]
    public void ToolkitOfPackages_OfALaterCuda_NeedsNoLib64()
    {
        using var tree = Toolkit("13.2.86", "lib/libcudart.so");
        tree.Findings().Should().BeEmpty();
    }

    private static EnvironmentTree Toolkit(string version, params string[] links)
    {
        var tree = new EnvironmentTree().Package("nvidia-cuda-nvcc", version).Package("nvidia-cuda-crt", version).Package("nvidia-nvvm", version).Package("nvidia-cuda-runtime", version).Package("nvidia-cuda-cccl", version);
        tree.Library("nvidia/cu13/lib/libcudart.so.13", "libcudart.so.13", []);
        foreach (var link in links)
            File.CreateSymbolicLink(Path.Combine(tree.Site, "nvidia/cu13", link), link == "lib64" ? "lib" : "libcudart.so.13");
        return tree;
    }

    [Fact]
    public void RequirementOfAnExtra_IsFollowed()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0", null, "cuda-toolkit[cublas]==13.0.3")
            .Package("cuda-toolkit", "13.0.3.0", "nvidia-cublas==13.1.1.3; extra == 'cublas'", "nvidia-cufft; extra == 'cufft'");
        tree.Findings().Should().ContainSingle().Which.Subject.Should().Be("nvidia-cublas");
    }

    [Fact]
    public void RequirementThatIsTooOld_IsTold()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null, null, "typing-extensions>=4.10.0").Package("typing_extensions", "4.5.0");
        tree.Findings().Should().ContainSingle(f => f.Rule == "dependency-version" && f.Subject == "typing_extensions 4.5.0");
    }

    [Theory]
    [InlineData("2.2.2+cu121", "2.1.0", true)]
    [InlineData("2.2.2+cu121", "1.26.4", false)]
    [InlineData("2.3.1+cu121", "2.1.0", false)]
    public void NumPy2_BesideTorchBuiltForNumPy1_IsAnError(string torch, string numpy, bool told)
    {
        using var tree = new EnvironmentTree().Torch(torch, "12.1");
        Directory.Delete(Path.Combine(tree.Site, "numpy-2.3.0.dist-info"), true);
        tree.Package("numpy", numpy);
        var findings = tree.Findings().Where(f => f.Rule == "dependency-version").ToArray();
        findings.Should().HaveCount(told ? 1 : 0);
        if (told)
            findings[0].Command.Should().EndWith("-m pip install \"numpy<2\"");
    }

    [Fact]
    public void NumPyThatIsNotThere_IsAWarning()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null);
        Directory.Delete(Path.Combine(tree.Site, "numpy-2.3.0.dist-info"), true);
        tree.Findings().Should().ContainSingle(f => f.Rule == "dependency-missing" && f.Severity == Severity.Warning && f.Subject == "numpy");
    }

    [Fact]
    public void LibraryThatIsGone_AndLibraryThatIsCut_AreTold()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null, "2.13.0+cpu");
        tree.Record("torch", "2.13.0+cpu", ("torch/lib/libtorch_cpu.so", 400_000), ("torch/lib/libc10.so", 90_000), ("torch/lib/libshm.so", 1000));
        tree.Library("torch/lib/libc10.so", "libc10.so", ["libc.so.6"], size: 50_000).Library("torch/lib/libshm.so", "libshm.so", [], size: 1000);
        var finding = tree.Findings().Should().ContainSingle().Subject;
        (finding.Rule, finding.Severity).Should().Be(("package-incomplete", Severity.Error));
        finding.Message.Should().Contain("torch/lib/libtorch_cpu.so").And.Contain("torch/lib/libc10.so").And.Contain("is cut");
        finding.Command.Should().EndWith("--force-reinstall --no-deps torch==2.13.0+cpu --index-url https://download.pytorch.org/whl/cpu");
    }

    [Fact]
    public void FolderThatIsGone_IsToldAsThePackage()
    {
        using var tree = new EnvironmentTree().Package("torch", "2.13.0").Record("torch", "2.13.0", ("torch/__init__.py", 1), ("torch/lib/libc10.so", 9), ("torch/_C.so", 9));
        tree.Findings().Should().ContainSingle(f => f.Rule == "package-incomplete" && f.Message.Contains("its files are gone"));
    }

    [Fact]
    public void SourcesLeftOutOfAnImage_AreNoFault()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null).Record("torch", "2.13.0", ("torch/version.py", 1), ("torch/testing/tests/a.py", 1), ("../../../bin/torchrun.py", 1), ("torch/include/x.h", 4));
        tree.Findings().Should().BeEmpty();
    }

    [Fact]
    public void MetadataThatIsGone_LeftoversAndTwoOfOneName_AreTold()
    {
        using var tree = new EnvironmentTree().Torch("2.13.0+cpu", null);
        File.Delete(Path.Combine(tree.Site, "torch-2.13.0.dist-info", "METADATA"));
        Directory.CreateDirectory(Path.Combine(tree.Site, "~orch-2.12.0.dist-info"));
        tree.Package("torch", "2.12.0");
        var findings = tree.Findings();
        findings.Should().Contain(f => f.Rule == "package-incomplete" && f.Message.Contains("METADATA"));
        findings.Should().Contain(f => f.Rule == "package-incomplete" && f.Subject.StartsWith("~orch") && f.Command!.StartsWith("rm -r "));
        findings.Should().Contain(f => f.Rule == "package-duplicate" && f.Severity == Severity.Error && f.File!.EndsWith("torch-2.12.0.dist-info"));
    }

    [Fact]
    public void FilesOfAnotherVersion_AreTold()
    {
        using var tree = new EnvironmentTree().Torch("2.12.0+cpu", null, "2.13.0");
        tree.Findings().Should().ContainSingle(f => f.Rule == "package-incomplete" && f.Severity == Severity.Error && f.Message.Contains("2.12.0"));
    }

    [Fact]
    public void TwoPackagesThatWriteTheSameFiles_AreToldWithWhoseTheyAre()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0", null, "nvidia-cudnn-cu13==9.24.0.43").Package("nvidia-cudnn-cu13", "9.24.0.43").Package("nvidia-cudnn-cu12", "9.10.2.21");
        tree.Record("nvidia-cudnn-cu13", "9.24.0.43", ("nvidia/cudnn/lib/libcudnn.so.9", 9000)).Record("nvidia-cudnn-cu12", "9.10.2.21", ("nvidia/cudnn/lib/libcudnn.so.9", 8000));
        tree.Library("nvidia/cudnn/lib/libcudnn.so.9", "libcudnn.so.9", [], size: 8000);
        var finding = tree.Findings().Should().ContainSingle().Subject;
        (finding.Rule, finding.Severity).Should().Be(("files-shared", Severity.Error));
        finding.Command.Should().Contain("uninstall -y nvidia-cudnn-cu12 && ").And.EndWith("nvidia-cudnn-cu13==9.24.0.43");

        File.Delete(Path.Combine(tree.Site, "nvidia/cudnn/lib/libcudnn.so.9"));
        Directory.Delete(Path.Combine(tree.Site, "nvidia_cudnn_cu12-9.10.2.21.dist-info"), true);
        tree.Findings().Should().ContainSingle(f => f.Rule == "package-incomplete" && f.Message.Contains("libcudnn.so.9"), "removing the one took the files of both");
    }

    [Fact]
    public void LibraryThatNobodyBrings_IsTold_WithTheOneThatAsks()
    {
        using var tree = Good().Library("torch/lib/libtorch_cuda.so", "libtorch_cuda.so", ["libcudnn.so.9", "libcuda.so.1"], rpath: "$ORIGIN/../../nvidia/cudnn/lib:$ORIGIN");
        File.Delete(Path.Combine(tree.Site, "nvidia/cudnn/lib/libcudnn.so.9"));
        tree.Findings().Should().ContainSingle(f => f.Rule == "library-missing" && f.Subject == "libcudnn.so.9" && f.File!.EndsWith("libtorch_cuda.so"));
    }

    [Theory]
    [InlineData(true, 0)] // DT_RPATH goes before LD_LIBRARY_PATH
    [InlineData(false, 1)] // DT_RUNPATH after it
    public void LibraryInLdLibraryPath_ShadowsWhereTheLoaderReallyTakesIt(bool rpath, int told)
    {
        using var tree = Good();
        const string Own = "$ORIGIN/../../nvidia/cudnn/lib:$ORIGIN";
        tree.Library("torch/lib/libtorch_cuda.so", "libtorch_cuda.so", ["libcudnn.so.9"], rpath ? Own : null, rpath ? null : Own);
        tree.Library("../../../other/libcudnn.so.9", "libcudnn.so.9", []).Variable("LD_LIBRARY_PATH", "/elsewhere:{ROOT}/other");
        var findings = tree.Findings();
        findings.Should().HaveCount(told);
        if (told > 0)
            findings[0].Should().Match<Finding>(f => f.Rule == "library-shadowed" && f.Command == "export LD_LIBRARY_PATH=/elsewhere");
    }

    [Theory]
    [InlineData("-1", null, true)]
    [InlineData("", null, true)]
    [InlineData("none", null, true)]
    [InlineData("-1,0", null, true)]
    [InlineData("3", 1, true)]
    [InlineData("0", 1, false)]
    [InlineData("1,0", 2, false)]
    [InlineData("GPU-5ae1a2b3", 1, false)]
    public void HiddenGpus_AreTold(string value, int? gpus, bool told)
    {
        using var tree = new EnvironmentTree { Gpus = gpus }.Torch("2.14.1+cu130", "13.0").Variable("CUDA_VISIBLE_DEVICES", value);
        tree.Findings().Select(f => f.Rule).Should().Equal(told ? ["devices-hidden"] : []);
    }

    [Fact]
    public void HiddenGpus_DoNotMatterToACpuBuild()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cpu", null).Variable("CUDA_VISIBLE_DEVICES", "-1");
        tree.Findings().Should().BeEmpty();
    }

    [Fact]
    public void CudaHome_IsLookedAt()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0").Variable("CUDA_HOME", "{ROOT}/cuda");
        tree.Findings().Should().ContainSingle(f => f.Rule == "cuda-home" && f.Severity == Severity.Warning && f.Message.Contains("not there"));
        tree.Text("cuda/version.json", """{ "cuda" : { "name" : "CUDA SDK", "version" : "12.8.1" } }""");
        tree.Findings().Should().ContainSingle(f => f.Rule == "cuda-home" && f.Severity == Severity.Warning && f.Message.Contains("12.8.1"));
        tree.Text("cuda/version.json", """{ "cuda" : { "name" : "CUDA SDK", "version" : "13.2.0" } }""");
        tree.Findings().Should().ContainSingle(f => f.Rule == "cuda-home" && f.Severity == Severity.Info);
        tree.Text("cuda/version.json", """{ "cuda" : { "name" : "CUDA SDK", "version" : "13.0.2" } }""");
        tree.Findings().Should().BeEmpty();
    }

    [Fact]
    public void AnotherModuleOfThatName_IsTold()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0").Text("elsewhere/torch/__init__.py", "").Variable("PYTHONPATH", "/x:{ROOT}/elsewhere");
        tree.Findings().Should().ContainSingle(f => f.Rule == "path-shadowed" && f.Severity == Severity.Error && f.File!.EndsWith("elsewhere/torch/__init__.py"));
        using var clone = new EnvironmentTree { CurrentFolder = tree.Root + "/elsewhere" }.Torch("2.14.1+cu130", "13.0");
        clone.Findings().Should().ContainSingle(f => f.Rule == "path-shadowed" && f.Severity == Severity.Warning, "a clone of the sources as the current folder");
    }

    [Fact]
    public void BasePythonThatIsGone_IsAFinding()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0");
        File.Delete(Path.Combine(tree.Root, "bin/python"));
        File.CreateSymbolicLink(Path.Combine(tree.Root, "bin/python"), "/opt/gone/python3.11");
        tree.Findings().Should().ContainSingle(f => f.Rule == "environment-broken" && f.Severity == Severity.Error && f.Message.Contains("/opt/gone/python3.11"));
    }

    [Fact]
    public void MovedEnvironment_IsAWarning()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0").Text("bin/pip", "#!/old/place/.venv/bin/python3\n");
        tree.Findings().Should().ContainSingle(f => f.Rule == "environment-broken" && f.Severity == Severity.Warning && f.Message.Contains("/old/place"));
    }

    [Fact]
    public void ExtensionOfAnotherPython_IsTold()
    {
        using var tree = new EnvironmentTree().Torch("2.14.1+cu130", "13.0");
        tree.Text(Path.Combine("lib", "python3.11", "site-packages", "torch", "_C.cpython-312-x86_64-linux-gnu.so"), "");
        tree.Findings().Should().ContainSingle(f => f.Rule == "python-unsupported");
    }

    [Fact]
    public void WhatIsNoEnvironment_IsNone()
    {
        using var tree = new EnvironmentTree().Text("folder/file.txt", "x");
        tree.Read("/no/such/folder").Should().BeNull();
        tree.Read(tree.Root + "/folder").Should().BeNull();
        tree.Read(tree.Root + "/folder/file.txt").Should().BeNull();
        tree.Read(tree.Root + "/bin/python").Should().NotBeNull();
        tree.Read(tree.Root + "/bin").Should().NotBeNull();
        tree.Read(tree.Site).Should().NotBeNull("a folder of packages, as pip install --target makes it");
    }

    [Fact]
    public void WindowsEnvironment_IsReadByItsOwnLayout()
    {
        using var tree = new EnvironmentTree(windows: true).Torch("2.8.0+cu128", "12.8", "2.8.0+cu128", "colorama; sys_platform == 'win32'", "triton; sys_platform == 'linux'");
        tree.Dll("torch/lib/torch_cuda.dll", "torch_cpu.dll", "cudnn64_9.dll", "KERNEL32.dll").Dll("torch/lib/torch_cpu.dll", "c10.dll").Dll("torch/lib/c10.dll", "VCRUNTIME140.dll");
        tree.Record("torch", "2.8.0+cu128", ("torch/lib/c10.dll", 100), ("torch/lib/cudnn_ops64_9.dll", 100));
        var findings = tree.Findings();
        findings.Should().Contain(f => f.Rule == "dependency-missing" && f.Subject == "colorama" && f.Command!.Contains("python.exe -m pip"));
        findings.Should().Contain(f => f.Rule == "library-missing" && f.Subject == "cudnn64_9.dll");
        findings.Should().Contain(f => f.Rule == "package-incomplete" && f.Message.Contains("cudnn_ops64_9.dll"));
        findings.Should().HaveCount(3);
    }

    private static EnvironmentTree Good() => new EnvironmentTree()
        .Torch("2.14.1+cu130", "13.0", null, "nvidia-cudnn-cu13==9.24.0.43; platform_system == \"Linux\"", "triton~=3.8.0; platform_system == \"Linux\" and python_version < \"3.15\"")
        .Companion("torchvision", "0.29.2+cu132", "numpy", "torch (>=2.14.0)").Companion("torchaudio", "2.11.0+cu130")
        .Package("nvidia-cudnn-cu13", "9.24.0.43").Package("triton", "3.8.1")
        .Library("torch/lib/libc10.so", "libc10.so", ["libc.so.6"]).Library("torch/lib/libtorch_cuda.so", "libtorch_cuda.so", ["libc10.so", "libcudnn.so.9"], rpath: "$ORIGIN/../../nvidia/cudnn/lib:$ORIGIN")
        .Library("nvidia/cudnn/lib/libcudnn.so.9", "libcudnn.so.9", [])
        .Library("torchvision/_C_stable.so", null, ["libtorch_cuda.so"], runpath: "/build/machine/lib");
}
