using System.Diagnostics;
using System.Text;
using CsCheck;
using CudaCompat.Detection;
using CudaCompat.Detection.Text;
using CudaCompat.Versions.Spelling;
using Xunit.Abstractions;

namespace CudaCompat.Tests.Detection;

/// <summary>No text makes a parser throw. CUDACOMPAT_FUZZ sets how many texts each parser is given.</summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private static readonly List<FieldSpelling> Fields =
    [
        FieldSpelling.Toolkit, FieldSpelling.CudaTag, FieldSpelling.MaxCuda, FieldSpelling.Cudnn, FieldSpelling.ComputeCapability, FieldSpelling.Torch, FieldSpelling.Driver, FieldSpelling.Python,
        FieldSpelling.Gcc, FieldSpelling.Clang, FieldSpelling.Glibc, FieldSpelling.Msvc, FieldSpelling.OperatingSystem, FieldSpelling.Architecture, FieldSpelling.Packaging,
    ];

    private static readonly (string Name, Action<string> Parse)[] Parsers =
    [
        ("nvidia-smi, all forms", t => MachineReader.FromNvidiaSmi(t)),
        ("kernel module", t => KernelModuleText.Parse(t)),
        ("nvcc", t => NvccText.Parse(t)),
        ("version.json", t => ToolkitFileText.ParseJson(t)),
        ("version.txt", t => ToolkitFileText.ParseText(t)),
        ("cuDNN header", t => CudnnHeaderText.Parse(t)),
        ("torch/version.py", t => TorchVersionText.Parse(t)),
        ("collect_env", t => CollectEnvText.Parse(t)),
        ("output of an installer", t => InstallOutputText.Parse(t)),
        ("failures of nvcc", t => FailureText.Parse(t, "nvcc")),
        ("failures of an installer", t => FailureText.Parse(t, "install")),
        ("lists of packages", t => ToolOutputText.Parse(PastedText.Lines(t))),
        ("values of every field", t => Fields.ForEach(field => field.TryRead(t.Length > 200 ? t[..200] : t, out _))),
    ];

    private static readonly string[] Pieces =
    [
        "| NVIDIA-SMI 535.104.05 ", "NVIDIA-SMI ", "Driver Version: ", "CUDA Version: 12.2", "KMD Version: ", "CUDA UMD Version: ", "|   0  NVIDIA A2   Off | 00000000:81:00.0 Off |", "302MiB / 24576MiB",
        "GPU 0: ", "(UUID: GPU-1234567890)", "MIG 1g.10gb  Device 0:", "<gpu id=\"1\">", "<driver_version>", "</gpu>", "<nvidia_smi_log>", "name, driver_version", ", ", "\n", "\r\n", "\\n", "> ", "# ", "\u001b[", "\u001b]",
        "==============NVSMI LOG==============", "Attached GPUs : 1", "GPU 00000000:81:00.0", "Product Name : X", "Failed to initialize NVML: ", "PyTorch version: ", "GPU models and configuration: ", "release 12.4, V12.4.99",
        "\"cuda\" : { \"version\" : \"", "#define CUDNN_MAJOR 9", "NVRM version: NVIDIA UNIX x86_64 Kernel Module 1.2", "99999999999", "...", "\0", "\ufeff", "|", "+---+", "  ", "\t", "65536.1", "0.0", "N/A", "ERR!", "│", "\ud800", "<br>",
        "torch==", "pytorch   2.1.2  py3.11_cuda12.1_cudnn8_0  pytorch", "Name: torch", "Version: 2.4.0+cu121", "Python 3.11.4", "gcc (Ubuntu ", "01:00.0 VGA compatible controller: NVIDIA Corporation GA102 [", "&lt;gpu&gt;", "8902", "sm_86", "v535.x",
    ];

    private static long Iterations => long.TryParse(Environment.GetEnvironmentVariable("CUDACOMPAT_FUZZ"), out var asked) ? asked : 3000;

    [Fact]
    public void Parsers_OfAnyText_NeverThrow()
    {
        var time = new long[Parsers.Length];
        long texts = 0;
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[0, 12]).Array[0, 40].Select(string.Concat).Sample(
            text =>
            {
                Interlocked.Increment(ref texts);
                for (var i = 0; i < Parsers.Length; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    Parsers[i].Parse(text);
                    Interlocked.Add(ref time[i], Stopwatch.GetTimestamp() - start);
                }
            },
            iter: Iterations);
        output.WriteLine($"{texts} texts through {Parsers.Length} parsers");
        for (var i = 0; i < Parsers.Length; i++)
            output.WriteLine($"{Parsers[i].Name}: {time[i] / (double)Stopwatch.Frequency:F1} s");
        texts.Should().BeGreaterThanOrEqualTo(Iterations);
    }

    /// <summary>Pieces of real outputs with a few characters changed, doubled and taken away get deeper than random text.</summary>
    [SharedFact]
    public void Parsers_OfDamagedTranscripts_NeverThrow()
    {
        var texts = Directory.GetFiles(Path.Combine(SharedCaptures.Folder!, "transcripts")).Select(File.ReadAllText).Where(t => t.Length > 0).ToArray();
        var damage = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1999], Gen.Int[1, 60], Gen.Int[0, Pieces.Length - 1]).Array[1, 8];
        long tried = 0;
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, 20000], damage).Sample(
            sample =>
            {
                var (index, from, changes) = sample;
                var text = texts[index];
                text = text[(from % text.Length)..];
                text = text.Length > 2000 ? text[..2000] : text;
                foreach (var (kind, at, length, piece) in changes)
                {
                    var place = Math.Min(at, text.Length);
                    var end = Math.Min(place + length, text.Length);
                    text = text[..place] + (kind switch { 0 => Pieces[piece], 1 => text[place..end] + text[place..end], _ => "" }) + text[end..];
                }

                foreach (var (_, parse) in Parsers)
                    parse(text);
                Interlocked.Increment(ref tried);
            },
            iter: Iterations / 10);
        output.WriteLine($"{tried} damaged pieces of {texts.Length} transcripts through {Parsers.Length} parsers");
        tried.Should().BeGreaterThanOrEqualTo(Iterations / 10);
    }

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
        var text = Repeated(piece, 2_000_000);
        var quarter = Repeated(piece, 500_000);
        foreach (var (name, parse) in Parsers)
        {
            var (shorter, longer) = (Milliseconds(() => parse(quarter)), Milliseconds(() => parse(text)));
            output.WriteLine($"{name}: {shorter:F0} ms for 0.5 million characters, {longer:F0} ms for 2 million");
        }

        MachineReader.FromNvidiaSmi(text).Failure.Should().NotBeNull();
    }

    private static string Repeated(string piece, int length) => new StringBuilder().Insert(0, piece, length / piece.Length).ToString();

    private static double Milliseconds(Action act)
    {
        var start = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
