using CudaCompat.Detection;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Detection;

/// <summary>The forms of nvidia-smi as people paste them; each fixture is small and made here in the true shape.</summary>
public sealed class NvidiaSmiTextTests
{
    private const string Table = """
        Thu Feb 29 14:58:21 2024
        +---------------------------------------------------------------------------------------+
        | NVIDIA-SMI 535.104.05             Driver Version: 535.104.05   CUDA Version: 12.2     |
        |-----------------------------------------+----------------------+----------------------+
        | GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |
        | Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |
        |                                         |                      |               MIG M. |
        |=========================================+======================+======================|
        |   0  NVIDIA GeForce RTX 3090        Off | 00000000:01:00.0  On |                  N/A |
        | 30%   41C    P8              25W / 350W |    302MiB / 24576MiB |      1%      Default |
        |                                         |                      |                  N/A |
        +-----------------------------------------+----------------------+----------------------+
        |   1  Tesla T4                       On  | 00000000:41:00.0 Off |                    0 |
        | N/A   35C    P8              11W /  70W |      2MiB / 15360MiB |      0%      Default |
        |                                         |                      |                  N/A |
        +-----------------------------------------+----------------------+----------------------+

        +---------------------------------------------------------------------------------------+
        | Processes:                                                                            |
        |  GPU   GI   CI        PID   Type   Process name                            GPU Memory |
        |        ID   ID                                                             Usage      |
        |=======================================================================================|
        |    0   N/A  N/A      1434      G   /usr/lib/xorg/Xorg                           35MiB |
        |    1   N/A  N/A      2001      C   python /data/12288MiB / 24576MiB              2MiB |
        +---------------------------------------------------------------------------------------+
        """;

    public static TheoryData<string, string> Dresses => new()
    {
        { "as printed", Table },
        { "CRLF", Table.Replace("\n", "\r\n") },
        { "byte order mark", "\ufeff" + Table },
        { "UTF-16 read as bytes", string.Concat(Table.SelectMany(c => new[] { c, '\0' })) },
        { "markdown quote", string.Join('\n', Table.Split('\n').Select(l => "> " + l)) },
        { "mail quote", string.Join('\n', Table.Split('\n').Select(l => ">>> " + l)) },
        { "hash comment", string.Join('\n', Table.Split('\n').Select(l => "#   " + l)) },
        { "slash comment", string.Join('\n', Table.Split('\n').Select(l => "// " + l)) },
        { "fence", "Here:\n```bash\n$ nvidia-smi\n" + Table + "\n```\nthanks" },
        { "indent", string.Join('\n', Table.Split('\n').Select(l => "\t        " + l)) },
        { "colour codes", string.Join('\n', Table.Split('\n').Select(l => "\u001b[1;32m" + l + "\u001b[0m\u001b[K")) },
        { "docker compose", string.Join('\n', Table.Split('\n').Select(l => "worker-1  | " + l)) },
        { "timestamps", string.Join('\n', Table.Split('\n').Select(l => "2026-02-03T04:05:06.1234567Z " + l)) },
        { "syslog", string.Join('\n', Table.Split('\n').Select(l => "Feb  3 04:05:06 node7 job[512]: " + l)) },
        { "kubernetes log level", string.Join('\n', Table.Split('\n').Select(l => "[2026-02-03 04:05:06] INFO " + l)) },
        { "string literal", "b'" + Table.Replace("\n", "\\n") + "'" },
        { "box drawing", Table.Replace('|', '│').Replace('+', '┼').Replace('-', '─').Replace("NVIDIA─SMI", "NVIDIA-SMI") },
        { "full-width bars", Table.Replace('|', '｜').Replace(": ", "：") },
        { "no-break spaces", Table.Replace("  ", "\u00a0\u00a0") },
        { "wrapped by a terminal of 80", string.Join('\n', Table.Split('\n').SelectMany(l => l.TrimEnd().Chunk(80).Select(c => new string(c)))) },
        { "wrapped by a terminal of 60", string.Join('\n', Table.Split('\n').SelectMany(l => l.TrimEnd().Chunk(60).Select(c => new string(c)))) },
        { "spaces squeezed", string.Join('\n', Table.Split('\n').Select(l => System.Text.RegularExpressions.Regex.Replace(l, " {2,}", " "))) },
        { "blank lines doubled", Table.Replace("\n", "\n\n") },
        { "no rules", string.Join('\n', Table.Split('\n').Where(l => !l.Contains("---") && !l.Contains("==="))) },
        { "html line breaks", Table.Replace("\n", "<br/>") },
    };

    [Theory]
    [MemberData(nameof(Dresses))]
    public void Table_InAnyDress_GivesTheSameFacts(string dress, string text)
    {
        var result = NvidiaSmiText.Parse(text);
        result.NvidiaSmiVersion.Should().Be(DottedVersion.Parse("535.104.05"), dress);
        result.Driver.Should().Be(DriverVersion.Parse("535.104.05"), dress);
        result.MaxCuda.Should().Be(CudaVersion.Parse("12.2"), dress);
        result.Gpus!.Select(g => (g.Index, g.Name, g.MemoryTotalMiB)).Should().Equal([(0, "NVIDIA GeForce RTX 3090", 24576), (1, "Tesla T4", 15360)], dress);
        (result.ShowsWindows, result.ShowsWsl, result.Failure).Should().Be((false, false, null), dress);
    }

    [Fact]
    public void Table_OfDriver304_KeepsItsCuriousNumbers()
    {
        const string Text = """
            +------------------------------------------------------+
            | NVIDIA-SMI 4.304.54   Driver Version: 304.54         |
            |-------------------------------+----------------------+----------------------+
            | GPU  Name                     | Bus-Id        Disp.  | Volatile Uncorr. ECC |
            | Fan  Temp  Perf  Pwr:Usage/Cap| Memory-Usage         | GPU-Util  Compute M. |
            |===============================+======================+======================|
            |   0  Tesla C2075              | 0000:02:00.0     Off |                    0 |
            | 30%   55C    P0   149W / 225W |   1%   69MB / 5375MB |     99%      Default |
            +-------------------------------+----------------------+----------------------+
            """;
        var result = NvidiaSmiText.Parse(Text);
        result.Driver.ToString().Should().Be("304.54");
        result.MaxCuda.Should().BeNull();
        result.ShowsWsl.Should().BeFalse("nvidia-smi counted itself then");
        result.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Index = 0, Name = "Tesla C2075", BusId = "0000:02:00.0", MemoryTotalMiB = 5375 });
    }

    [Fact]
    public void Table_OfDriver285_ReadsTheNumberedColumn()
    {
        const string Text = """
            | NVIDIA-SMI 2.285.05   Driver Version: 285.05.09      |
            | Nb.  Name                     | Bus Id        Disp.  | Volatile ECC SB / DB |
            | Fan   Temp   Power Usage /Cap | Memory Usage         | GPU Util. Compute M. |
            |===============================+======================+======================|
            | 0\.  Tesla C2050              | 0000:05:00.0  On     |         0          0 |
            |  30%   62 C  P0    N/A /  N/A |   3%   70MB / 2687MB |   44%     Default    |
            """;
        var result = NvidiaSmiText.Parse(Text);
        result.Driver.ToString().Should().Be("285.05.09");
        result.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Index = 0, Name = "Tesla C2050", MemoryTotalMiB = 2687 });
    }

    [Theory]
    [InlineData("| NVIDIA-SMI 527.27       Driver Version: 527.27       CUDA Version: N/A      |", "527.27", null)]
    [InlineData("| NVIDIA-SMI 470.14       Driver Version: 470.14       CUDA Version: ERR!     |", "470.14", null)]
    [InlineData("| NVIDIA-SMI 616.92                 KMD Version: 616.92        CUDA UMD Version: 13.4     |", "616.92", "13.4")]
    [InlineData("| NVIDIA-SMI 581.57     Version del controlador: 581.57     Version de CUDA: 12.3     |", "581.57", "12.3")]
    [InlineData("NVIDIA-SMI 550.54.15 Driver Version: 550.54.15 CUDA Version: 12.4", "550.54.15", "12.4")]
    [InlineData("Driver Version: 470.82.01    CUDA Version: 11.4", "470.82.01", "11.4")]
    [InlineData("| NVIDIA-SMI 4.304...   Driver Version: 304.135        |", "304.135", null)]
    [InlineData("Driver Version                            : 560.35.03", "560.35.03", null)]
    [InlineData("KMD Version : 620.10\nCUDA UMD Version : 13.5", "620.10", "13.5")]
    [InlineData("NVIDIA-SMI 470.57.02\nDriver Version:\n470.57.02\nCUDA Version:\n11.4", "470.57.02", "11.4")]
    [InlineData("535.129.03", "535.129.03", null)]
    [InlineData("driver_version\n535.129.03", "535.129.03", null)]
    public void Heading_Alone_GivesDriverAndCuda(string text, string driver, string? cuda)
    {
        var result = NvidiaSmiText.Parse(text);
        result.Driver.ToString().Should().Be(driver);
        result.MaxCuda?.ToString().Should().Be(cuda);
        result.Gpus.Should().BeNull();
    }

    [Theory]
    [InlineData("TCC/WDDM", "TCC ", "TCC")]
    [InlineData("TCC/WDDM", "WDDM", "WDDM")]
    [InlineData("Driver-Model", "MCDM", "MCDM")]
    public void Table_WithADriverModel_IsWindows(string heading, string state, string model)
    {
        var text = $"""
            | NVIDIA-SMI 552.22                 Driver Version: 552.22         CUDA Version: 12.4     |
            | GPU  Name                  {heading} | Bus-Id          Disp.A | Volatile Uncorr. ECC |
            |   0  NVIDIA A2                   {state}  |   0000503C:00:00.0 Off |                  N/A |
            | N/A   39C    P8              3W /  100W |     543MiB /   8188MiB |      0%      Default |
            """;
        var reading = MachineReader.FromNvidiaSmi(text);
        reading.Facts.Gpus!.Single().Should().BeEquivalentTo(new { Name = "NVIDIA A2", DriverModel = model, BusId = "0000503C:00:00.0", MemoryTotalMiB = 8188 });
        reading.Machine!.OperatingSystem.Should().Be(OperatingSystemFamily.Windows);
    }

    [Fact]
    public void Table_WithTwoDriverNumbers_IsWslWithTheWindowsDriver()
    {
        var machine = MachineReader.FromNvidiaSmi(Table.Replace("Driver Version: 535.104.05 ", "Driver Version: 537.58     ")).Machine!;
        machine.OperatingSystem.Should().Be(OperatingSystemFamily.Wsl);
        machine.Driver.ToString().Should().Be("537.58");
        machine.Assumptions.Should().Contain(a => a.Contains("537.58"));
    }

    [Fact]
    public void Table_WithErrors_StillNamesItsGpu()
    {
        const string Text = """
            | NVIDIA-SMI 535.54.03              Driver Version: 535.54.03    CUDA Version: 12.2     |
            | GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |
            |   0  NVIDIA GeForce RTX 3080        ERR! | 00000000:0A:00.0 N/A |                 ERR! |
            |ERR!  ERR! ERR!             ERR! / ERR!  | GPU is lost          |     ERR!         ERR! |
            """;
        var result = NvidiaSmiText.Parse(Text);
        result.Gpus.Should().ContainSingle().Which.Name.Should().Be("NVIDIA GeForce RTX 3080");
        result.Gpus![0].MemoryTotalMiB.Should().BeNull();
        result.Failure.Should().BeNull("the table states facts");
    }

    [Fact]
    public void TableWithList_PastedTogether_CompletesTheCutName()
    {
        const string Text = """
            | NVIDIA-SMI 525.125.06   Driver Version: 525.125.06   CUDA Version: 12.0     |
            | GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |
            |   0  NVIDIA GeForce ...  Off  | 00000000:08:00.0 Off |                  Off |
            |  0%   43C    P2   100W / 450W |   9237MiB / 24564MiB |    100%      Default |
            $ nvidia-smi -L
            GPU 0: NVIDIA GeForce RTX 4090 (UUID: GPU-6c1c1f9e-0000-0000-0000-000000000001)
            $ nvidia-smi --query-gpu=compute_cap --format=csv
            compute_cap
            8.9
            """;
        var gpu = NvidiaSmiText.Parse(Text).Gpus.Should().ContainSingle().Subject;
        gpu.Name.Should().Be("NVIDIA GeForce RTX 4090");
        gpu.Uuid.Should().StartWith("GPU-6c1c");
        gpu.ComputeCapability.ToString().Should().Be("8.9");
    }

    [Theory]
    [InlineData("name, driver_version, memory.total [MiB], compute_cap\nNVIDIA GB10, 580.95.05, [N/A], 12.1", "NVIDIA GB10", null, "12.1")]
    [InlineData("NVIDIA GeForce RTX 3060, 535.104.05, 12288 MiB, 8.6", "NVIDIA GeForce RTX 3060", 12288, "8.6")]
    [InlineData("0, Tesla V100-SXM2-16GB, 450.80.02, GPU-00000000-1111-2222-3333-444444444444", "Tesla V100-SXM2-16GB", null, null)]
    [InlineData("> index, name, memory.total [MiB]\n> 0, Tesla P100-PCIE-16GB, 16280 MiB", "Tesla P100-PCIE-16GB", 16280, null)]
    [InlineData("name, memory.total [MiB]\nNVIDIA L4, 23034", "NVIDIA L4", 23034, null)]
    [InlineData("NVIDIA A100-SXM4-40GB, 8.0", "NVIDIA A100-SXM4-40GB", null, "8.0")]
    public void Csv_WithOrWithoutHeading_GivesItsGpu(string text, string name, int? memory, string? capability)
    {
        var gpu = NvidiaSmiText.Parse(text).Gpus.Should().ContainSingle().Subject;
        (gpu.Name, gpu.MemoryTotalMiB, gpu.ComputeCapability?.ToString()).Should().Be((name, memory, capability));
    }

    [Theory]
    [InlineData("NVIDIA GeForce RTX 3090\n", "NVIDIA GeForce RTX 3090")]
    [InlineData("name\nTesla T4\nNVIDIA A100-SXM4-80GB\n", "Tesla T4", "NVIDIA A100-SXM4-80GB")]
    [InlineData("$ nvidia-smi --query-gpu=name --format=csv,noheader\r\nNVIDIA TITAN V\r\n\r\n", "NVIDIA TITAN V")]
    public void Csv_OfNamesAlone_GivesThem(string text, params string[] names) => NvidiaSmiText.Parse(text).Gpus!.Select(g => g.Name).Should().Equal(names);

    [Theory]
    [InlineData("NVIDIA driver is not loaded")]
    [InlineData("NVIDIA GeForce RTX 3090\nand something else")]
    [InlineData("name\n")]
    public void Text_ThatIsNoNameOfACard_IsNoGpu(string text) => NvidiaSmiText.Parse(text).Gpus.Should().BeNull();

    [Theory]
    [InlineData("compute_cap\n8.6\n")]
    [InlineData("compute_cap\r\n8.6\r\n\r\n")]
    public void Csv_OfOneColumn_EndsWithItsLastRow(string text) => NvidiaSmiText.Parse(text).Gpus.Should().ContainSingle().Which.ComputeCapability.ToString().Should().Be("8.6");

    [Theory]
    [InlineData("GPU 0: Tesla K20m (S/N: 0324512044568)", "Tesla K20m")]
    [InlineData("GPU 0: NVIDIA GeForce RTX 5090 (UUID: GPU-00000000-1111-2222-3333-444444444444)\r\n", "NVIDIA GeForce RTX 5090")]
    [InlineData("[worker] GPU 0: Orin (nvgpu) (UUID: GPU-00000000-1111-2222-3333-444444444444)", "Orin (nvgpu)")]
    public void List_OfAnyAge_GivesNames(string text, string name) => NvidiaSmiText.Parse(text).Gpus!.Single().Name.Should().Be(name);

    [Fact]
    public void Xml_OnOneLineWithNewTags_IsRead()
    {
        const string Text = "<?xml version=\"1.0\" ?><!DOCTYPE nvidia_smi_log SYSTEM \"nvsmi_device_v13.dtd\"><nvidia_smi_log><driver_version>620.10 [Deprecated]</driver_version><kmd_version>620.11</kmd_version>"
            + "<cuda_umd_version>13.5</cuda_umd_version><attached_gpus>1</attached_gpus><gpu id=\"00000000:01:00.0\"><product_name>NVIDIA X</product_name><uuid>GPU-1</uuid>"
            + "<driver_model><current_dm>WDDM</current_dm></driver_model><pci><pci_device_id>1E8110DE</pci_device_id></pci><fb_memory_usage><total>8192 MiB</total></fb_memory_usage>"
            + "<processes><process_info><process_name>a &lt;b&gt;</process_name></process_info></processes></gpu></nvidia_smi_log>";
        var result = NvidiaSmiText.Parse(Text);
        (result.Driver.ToString(), result.MaxCuda.ToString(), result.XmlSchema).Should().Be(("620.11", "13.5", "v13"));
        result.Gpus!.Single().Should().BeEquivalentTo(new { Name = "NVIDIA X", PciDeviceId = "1e81", MemoryTotalMiB = 8192, DriverModel = "WDDM" });
    }

    [Fact]
    public void QueryText_OfOneSection_KnowsTheDriverAndCountsUnnamedGpusAsUnknown()
    {
        const string Text = """
            ==============NVSMI LOG==============

            Timestamp                                 : Wed Aug 26 15:47:19 2026 \
            Driver Version                            : 470.256.02 \
            CUDA Version                              : Not Found

            Attached GPUs                             : 2 \
            GPU 00000000:06:00.0 \
                Max Clocks
                    Graphics                          : 875 MHz
            GPU 00000000:07:00.0
                Max Clocks
                    Graphics                          : 875 MHz
            """;
        var reading = MachineReader.FromNvidiaSmi(Text);
        (reading.Facts.AttachedGpus, reading.Facts.Gpus!.Count, reading.Facts.MaxCuda).Should().Be((2, 2, null));
        reading.Machine!.Driver.ToString().Should().Be("470.256.02");
        reading.Machine.Gpus.Should().BeNull();
        reading.Machine.Assumptions.Should().Contain(a => a.Contains("2 GPUs"));
    }

    [Fact]
    public void QueryText_WithProcessesAndMig_KeepsTheGpusOwnFacts()
    {
        const string Text = """
            Driver Version                            : 610.57.04 [Deprecated; will be removed in CUDA 14.0. Use KMD Version instead]
            KMD Version                               : 610.57.04
            CUDA UMD Version                          : 13.3
            GPU 00000000:01:00.0
                Product Name                          : NVIDIA H100 80GB HBM3
                MIG Device
                    Shared FB Memory Usage
                        Total                         : 40448 MiB
                PCI
                    Device Id                         : 0x233010DE
                FB Memory Usage
                    Total                             : 81559 MiB
                BAR1 Memory Usage
                    Total                             : 131072 MiB
                Processes
                    Process ID                        : 17
                        Name                          : python train.py Product Name : fake
            """;
        var result = NvidiaSmiText.Parse(Text);
        (result.Driver.ToString(), result.MaxCuda.ToString()).Should().Be(("610.57.04", "13.3"));
        result.Gpus.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "NVIDIA H100 80GB HBM3", PciDeviceId = "2330", MemoryTotalMiB = 81559 });
    }

    [Theory]
    [InlineData("NVIDIA GB10", CpuArchitecture.Arm64, false)]
    [InlineData("NVIDIA GH200 480GB", CpuArchitecture.Arm64, false)]
    [InlineData("NVIDIA Thor", CpuArchitecture.Arm64, true)]
    [InlineData("Orin (nvgpu)", CpuArchitecture.Arm64, true)]
    [InlineData("NVIDIA GB100", CpuArchitecture.X64, false)]
    [InlineData("NVIDIA H200", CpuArchitecture.X64, false)]
    public void Machine_OfAnArmGpu_IsAarch64(string name, CpuArchitecture architecture, bool tegra)
    {
        var machine = MachineReader.FromNvidiaSmi($"name, driver_version\n{name}, 580.95.05").Machine!;
        (machine.Architecture, machine.Tegra).Should().Be((architecture, tegra));
        machine.GpusListedByDriver.Should().BeTrue();
        machine.Assumptions.Should().Contain(a => a.Contains(architecture == CpuArchitecture.Arm64 ? "aarch64" : "x86_64"));
    }

    [Fact]
    public void Machine_WithTheCallersFacts_AssumesNothingOfThem()
    {
        var machine = MachineReader.FromNvidiaSmi(Table, OperatingSystemFamily.Wsl, CpuArchitecture.Arm64).Machine!;
        (machine.OperatingSystem, machine.Architecture).Should().Be((OperatingSystemFamily.Wsl, CpuArchitecture.Arm64));
        machine.Assumptions.Should().BeEmpty();
    }

    [Fact]
    public void CollectEnv_GivesMachineAndTorch()
    {
        const string Text = """
            PyTorch version: 2.8.0+cu128
            CUDA used to build PyTorch: 12.8
            OS: Ubuntu 22.04.4 LTS (x86_64)
            GCC version: (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0
            Libc version: glibc-2.35
            Python version: 3.11.7 (main, Dec  8 2023, 18:56:58) [GCC 11.4.0] (64-bit runtime)
            Python platform: Linux-6.5.0-x86_64-with-glibc2.35
            CUDA runtime version: 12.8.93
            GPU models and configuration:
            GPU 0: NVIDIA L4
            GPU 1: NVIDIA L4

            Nvidia driver version: 570.86.15
            [pip3] torchvision==0.23.0+cu128
            """;
        var machine = MachineReader.FromNvidiaSmi(Text).Machine!;
        machine.Driver.ToString().Should().Be("570.86.15");
        machine.Gpus!.Select(g => g.Name).Should().Equal("NVIDIA L4", "NVIDIA L4");
        (machine.Python.ToString(), machine.Glibc.ToString(), machine.Gcc.ToString()).Should().Be(("3.11", "2.35", "11.4.0"));
        machine.Installed!.Torch.ToString().Should().Be("2.8.0+cu128");
        machine.Installed.Torchvision.ToString().Should().Be("0.23.0+cu128");
        machine.Architecture.Should().Be(CpuArchitecture.X64);
    }
}
