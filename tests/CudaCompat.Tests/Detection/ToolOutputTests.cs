using System.Text;
using CudaCompat.Detection;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Detection;

/// <summary>What pip, conda, nvcc, lspci and compilers print is read wherever it stands in a pasted text, in whatever bytes a console wrote.</summary>
public sealed class ToolOutputTests
{
    private const string Table = """
        +-----------------------------------------------------------------------------------------+
        | NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
        |   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |                  Off |
        """;

    [Theory]
    [InlineData("Package       Version\n------------- ------------\ntorch         2.4.0+cu121\ntorchaudio    2.4.0+cu121\ntorchvision   0.19.0+cu121", "2.4.0+cu121", "0.19.0+cu121", "2.4.0+cu121", "pip")]
    [InlineData("torch==2.1.2\ntorchvision==0.16.2\nnumpy==1.26.4", "2.1.2", "0.16.2", null, "pip")]
    [InlineData("torch @ https://download.pytorch.org/whl/cu118/torch-2.1.0%2Bcu118-cp310-cp310-linux_x86_64.whl#sha256=a1", "2.1.0+cu118", null, null, "pip")]
    [InlineData("Name: torch\nVersion: 2.8.0+cu128\nSummary: Tensors\n---\nName: torchvision\nVersion: 0.23.0+cu128", "2.8.0+cu128", "0.23.0+cu128", null, "pip")]
    [InlineData("# packages in environment at /opt/conda:\n#\n# Name  Version  Build  Channel\npython                    3.11.7               h955ad1f_0\npytorch                   2.1.2           py3.11_cuda12.1_cudnn8.9.2_0    pytorch\ntorchvision               0.16.2              py311_cu121    pytorch", "2.1.2", "0.16.2", null, "conda")]
    [InlineData("pytorch                   2.6.0           cuda126_mkl_py312_hcd9f92a_300    conda-forge", "2.6.0", null, null, "conda-forge")]
    [InlineData("torch                     2.2.0                    pypi_0    pypi", "2.2.0", null, null, "pip")]
    [InlineData("Successfully installed filelock-3.13.1 torch-2.3.0+cu118 torchvision-0.18.0+cu118", "2.3.0+cu118", "0.18.0+cu118", null, "pip")]
    [InlineData("(base) PS C:\\Users\\me> pip list\n> torch         2.4.0+cu121", "2.4.0+cu121", null, null, "pip")]
    [InlineData("[pip3] torch==2.5.1", "2.5.1", null, null, "pip")]
    public void Packages_AreRead(string text, string torch, string? torchvision, string? torchaudio, string packaging)
    {
        var installed = MachineReader.FromNvidiaSmi(text).Machine!.Installed!;
        installed.Torch.Should().Be(PackageVersion.Parse(torch));
        installed.Torchvision?.ToString().Should().Be(torchvision);
        installed.Torchaudio?.ToString().Should().Be(torchaudio);
        installed.Packaging.Should().Be(packaging);
    }

    [Theory]
    [InlineData("pytorch                   2.1.2           py3.11_cuda12.1_cudnn8.9.2_0    pytorch", "cu121")]
    [InlineData("pytorch                   1.7.1           py3.8_cuda11.0.221_cudnn8.0.5_0    pytorch", "cu110")]
    [InlineData("pytorch                   2.1.2           py3.11_cpu_0    pytorch", "cpu")]
    [InlineData("pytorch                   2.6.0           cuda126_mkl_py312_hcd9f92a_300    conda-forge", "cu126")]
    public void CondaBuild_NamesItsCuda(string line, string tag) => MachineReader.FromNvidiaSmi(line).Machine!.Installed!.CudaTag.Should().Be(CudaTag.Parse(tag));

    [Fact]
    public void SeveralTogether_AreOneMachine()
    {
        var machine = MachineReader.FromNvidiaSmi(Table + """

            $ nvcc -V
            nvcc: NVIDIA (R) Cuda compiler driver
            Cuda compilation tools, release 12.4, V12.4.131
            $ python --version
            Python 3.11.4
            $ gcc --version
            gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0
            $ ldd --version
            ldd (Ubuntu GLIBC 2.35-0ubuntu3.1) 2.35
            $ pip list
            torch              2.4.0+cu121
            """).Machine!;
        machine.Driver.ToString().Should().Be("550.54.15");
        machine.Gpus!.Single().Name.Should().Be("NVIDIA GeForce RTX 4090");
        machine.Python.Should().Be(PythonVersion.Parse("3.11"));
        machine.Gcc.ToString().Should().Be("11.4.0");
        machine.Glibc.ToString().Should().Be("2.35");
        machine.Installed!.Nvcc.ToString().Should().Be("12.4.131");
        machine.Installed.Torch.ToString().Should().Be("2.4.0+cu121");
        machine.GpusListedByDriver.Should().BeTrue();
    }

    [Fact]
    public void Lspci_NamesTheCards_ButNotWhatTheDriverKnows()
    {
        var machine = MachineReader.FromNvidiaSmi("""
            00:02.0 VGA compatible controller: Intel Corporation UHD Graphics 630 (rev 02)
            01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [GeForce RTX 3090] (rev a1)
            01:00.1 Audio device: NVIDIA Corporation GA102 High Definition Audio Controller (rev a1)
            """).Machine!;
        machine.Gpus.Should().ContainSingle();
        machine.GpusListedByDriver.Should().BeFalse();
    }

    [Theory]
    [InlineData("Linux box 6.8.0-45-generic #45-Ubuntu SMP x86_64 x86_64 x86_64 GNU/Linux", OperatingSystemFamily.Linux, CpuArchitecture.X64)]
    [InlineData("Linux box 5.15.153.1-microsoft-standard-WSL2 #1 SMP x86_64 GNU/Linux", OperatingSystemFamily.Wsl, CpuArchitecture.X64)]
    [InlineData("Linux gb10 6.11.0-1016-nvidia #16 SMP aarch64 aarch64 GNU/Linux", OperatingSystemFamily.Linux, CpuArchitecture.Arm64)]
    public void Uname_NamesTheSystem(string line, OperatingSystemFamily os, CpuArchitecture arch)
    {
        var machine = MachineReader.FromNvidiaSmi(line + "\nPython 3.12.3\n").Machine!;
        machine.OperatingSystem.Should().Be(os);
        machine.Architecture.Should().Be(arch);
    }

    [Fact]
    public void Gpus_WithoutIdentity_OrInOneLine_AreListed()
    {
        NvidiaSmiText.Parse("GPU 0: NVIDIA GeForce RTX 3090\nGPU 1: Tesla T4").Gpus!.Select(g => g.Name).Should().Equal("NVIDIA GeForce RTX 3090", "Tesla T4");
        NvidiaSmiText.Parse("GPU 0: NVIDIA A100 (UUID: GPU-00000000-0000) GPU 1: NVIDIA A30 (UUID: GPU-00000000-0001)").Gpus!.Select(g => g.Name).Should().Equal("NVIDIA A100", "NVIDIA A30");
        NvidiaSmiText.Parse("GPU 0: 55 C, fan at 30 %").Gpus.Should().BeNull();
    }

    [Fact]
    public void Xml_ThatWentThroughAWebPage_IsRead()
    {
        var facts = NvidiaSmiText.Parse("&lt;nvidia_smi_log&gt;\n&lt;driver_version&gt;550.54.15&lt;/driver_version&gt;\n&lt;cuda_version&gt;12.4&lt;/cuda_version&gt;\n&lt;gpu id=&quot;00000000:01:00.0&quot;&gt;\n&lt;product_name&gt;Tesla&nbsp;T4&lt;/product_name&gt;\n&lt;/gpu&gt;");
        facts.Driver.ToString().Should().Be("550.54.15");
        facts.Gpus!.Single().Name.Should().Be("Tesla T4");
    }

    [Fact]
    public void Error_AfterGoodLines_LeavesThemGood()
    {
        var facts = NvidiaSmiText.Parse(Table + "\nUnable to determine the device handle for GPU0000:02:00.0: Unknown Error\n");
        facts.Driver.ToString().Should().Be("550.54.15");
        facts.Gpus.Should().ContainSingle();
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello world")]
    [InlineData("numpy 1.26.4\npandas 2.2.0")]
    [InlineData("I installed torch and torchvision yesterday")]
    [InlineData("Name: torch")]
    public void TextWithoutFacts_SaysWhatWasLookedFor(string text)
    {
        var reading = MachineReader.FromNvidiaSmi(text);
        reading.Machine.Should().BeNull();
        reading.Failure!.Message.Should().Contain("pip list").And.Contain("nvidia-smi").And.Contain("lspci");
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("gb2312")]
    [InlineData("big5")]
    [InlineData("shift_jis")]
    [InlineData("ibm437")]
    [InlineData("ibm850")]
    [InlineData("windows-1252")]
    public void Bytes_OfAnyConsole_AreRead(string name)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var around = name switch { "gb2312" or "big5" or "utf-8" or "utf-16" => "中文 ", "shift_jis" => "日本 ", "windows-1252" => "müller é ", _ => "│─ " };
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(around + "\n" + Table + "\n" + around)];
        var machine = MachineReader.FromNvidiaSmi(PastedBytes.Decode(bytes)).Machine!;
        machine.Driver.ToString().Should().Be("550.54.15");
        machine.Gpus!.Single().Name.Should().Be("NVIDIA GeForce RTX 4090");
    }

    [Fact]
    public void Bytes_OfUtf16WithoutMark_AreRead() =>
        MachineReader.FromNvidiaSmi(PastedBytes.Decode(Encoding.Unicode.GetBytes(Table))).Machine!.Driver.ToString().Should().Be("550.54.15");

    [Fact]
    public void CommandNotFound_OfAChineseConsole_IsRecognised()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes("'nvidia-smi' 不是内部或外部命令，也不是可运行的程序\n或批处理文件。");
        MachineReader.FromNvidiaSmi(PastedBytes.Decode(bytes)).Failure!.Kind.Should().Be("command_not_found");
    }

    [Fact]
    public void AnyBytes_AreSomeText()
    {
        var random = new Random(7);
        var bytes = new byte[2000];
        for (var i = 0; i < 200; i++)
        {
            random.NextBytes(bytes);
            PastedBytes.Decode(bytes.AsSpan(0, random.Next(bytes.Length))).Should().NotBeNull();
        }
    }
}
