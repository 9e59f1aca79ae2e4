using System.Text;
using CsCheck;
using CudaCompat.Detection;
using CudaCompat.Detection.Text;

namespace CudaCompat.Tests.Detection;

/// <summary>No text makes a parser throw. CUDACOMPAT_FUZZ sets how many texts are tried.</summary>
public sealed class ParserFuzzTests
{
    private static readonly string[] Pieces =
    [
        "| NVIDIA-SMI 535.104.05 ", "NVIDIA-SMI ", "Driver Version: ", "CUDA Version: 12.2", "KMD Version: ", "CUDA UMD Version: ", "|   0  NVIDIA A2   Off | 00000000:81:00.0 Off |", "302MiB / 24576MiB",
        "GPU 0: ", "(UUID: GPU-1234567890)", "MIG 1g.10gb  Device 0:", "<gpu id=\"1\">", "<driver_version>", "</gpu>", "<nvidia_smi_log>", "name, driver_version", ", ", "\n", "\r\n", "\\n", "> ", "# ", "\u001b[", "\u001b]",
        "==============NVSMI LOG==============", "Attached GPUs : 1", "GPU 00000000:81:00.0", "Product Name : X", "Failed to initialize NVML: ", "PyTorch version: ", "GPU models and configuration: ", "release 12.4, V12.4.99",
        "\"cuda\" : { \"version\" : \"", "#define CUDNN_MAJOR 9", "NVRM version: NVIDIA UNIX x86_64 Kernel Module 1.2", "99999999999", "...", "\0", "\ufeff", "|", "+---+", "  ", "\t", "65536.1", "0.0", "N/A", "ERR!", "│", "\ud800", "<br>",
    ];

    private static long Iterations => long.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FUZZ"), out var asked) ? asked : 3000;

    [Fact]
    public void Parsers_OfAnyText_NeverThrow() =>
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[0, 12]).Array[0, 40].Select(string.Concat).Sample(
            text =>
            {
                MachineReader.FromNvidiaSmi(text);
                KernelModuleText.Parse(text);
                NvccText.Parse(text);
                ToolkitFileText.ParseJson(text);
                ToolkitFileText.ParseText(text);
                CudnnHeaderText.Parse(text);
                CollectEnvText.Parse(text);
                InstallOutputText.Parse(text);
                FailureText.Parse(text, "install");
            },
            iter: Iterations);

    [Theory]
    [InlineData("|")]
    [InlineData("| 0 ")]
    [InlineData("Driver Version : ")]
    [InlineData("<gpu id=\"1\">")]
    [InlineData("GPU 0: a (")]
    [InlineData("a, ")]
    [InlineData("\u001b[1")]
    [InlineData("NVIDIA-SMI 5 ")]
    [InlineData("> # * ")]
    [InlineData("NVIDIA-SMI \n")]
    public void Parsers_OfOneThingRepeated_ComeToAnEnd(string piece)
    {
        var text = new StringBuilder().Insert(0, piece, 2_000_000 / piece.Length).ToString();
        MachineReader.FromNvidiaSmi(text).Failure.Should().NotBeNull();
    }
}
