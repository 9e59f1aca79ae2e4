using System.Diagnostics;
using System.Text;
using CudaCompat.Explaining;
using CudaCompat.Machines;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Explaining;

/// <summary>What an error text is answered with.</summary>
public sealed class ExplainerTests
{
    private const string Nms = "RuntimeError: operator torchvision::nms does not exist";

    [Fact]
    public void FirstCause_CountsBeforeItsConsequence()
    {
        const string Log = """
            Looking in indexes: https://download.pytorch.org/whl/cu130
            WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError: Failed to establish a new connection: [Errno -2] Name or service not known'
            ERROR: Could not find a version that satisfies the requirement torch==2.14.1+cu130 (from versions: none)
            ERROR: No matching distribution found for torch==2.14.1+cu130
            """;
        var first = Explainer.Explain(Log).Causes[0];
        first.Kind.Should().Be("index-unreachable");
        first.LineNumber.Should().Be(2);
        first.Line.Should().StartWith("WARNING: Retrying");
    }

    [Fact]
    public void RetriedDownload_ThatSucceeded_IsNoCause() =>
        Explainer.Explain("WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'\nSuccessfully installed torch-2.8.0").Causes.Should().BeEmpty();

    [Theory]
    [InlineData("RuntimeError: operator\ntorchvision::nms does not\nexist")]
    [InlineData("\u001b[31mRuntimeError\u001b[0m: operator torchvision::nms does not exist")]
    [InlineData("│ RuntimeError: operator   torchvision::nms  does not exist │")]
    [InlineData("{\"error\": \"RuntimeError: operator torchvision::nms does not exist\\n\"}")]
    [InlineData("> RuntimeError: operator torchvision::nms does not exist\r\n")]
    [InlineData("12%|#   |\r50%|##  |\rRuntimeError: operator torchvision::nms does not exist")]
    public void DamageOfConsoles_IsReadThrough(string text) => Explainer.Explain(text).Causes[0].Kind.Should().Be("companion-mismatch");

    [Fact]
    public void Encodings_AreTold()
    {
        foreach (var encoding in new[] { Encoding.UTF8, new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, new UnicodeEncoding(false, false), Encoding.Latin1 })
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("é … OSError: [WinError 1114] x\r\n")];
            using var reader = LogText.Open(new MemoryStream(bytes));
            Explainer.Explain(reader).Causes[0].Kind.Should().Be("vc-runtime-too-old", "{0} was written", encoding.WebName);
        }
    }

    [Fact]
    public void Bytes_OfNoEncoding_AreReadAsTheyAre()
    {
        using var reader = LogText.Open(new MemoryStream([0xd5, 0xd2, 0xb2, 0xbb, .. "[WinError 126] c:\\torch\\lib\\fbgemm.dll"u8.ToArray()]));
        Explainer.Explain(reader).Causes[0].Line.Should().Contain("fbgemm.dll");
    }

    [Fact]
    public void NextStep_IsSolvedForTheMachine()
    {
        var explanation = Explainer.Explain(Nms, new ExplainOptions { Machine = Machine("RTX 3090", "570.26", "2.8.0+cu128") });
        explanation.Next[0].Command.Should().Be("pip install torch==2.8.0 torchvision==0.23.0 torchaudio==2.8.0 --index-url https://download.pytorch.org/whl/cu128");
    }

    /// <summary>What is put back is the build that is there, not the newest of its release.</summary>
    [Theory]
    [InlineData("RuntimeError: operator torchvision::nms does not exist", "")]
    [InlineData("OSError: libtorch_cpu.so: cannot open shared object file: No such file or directory", " --force-reinstall --no-cache-dir")]
    public void NextStep_OfATorchWithItsTag_KeepsTheTag(string text, string flags)
    {
        var explanation = Explainer.Explain(text, new ExplainOptions { Machine = Machine("RTX 3090", "570.26", "2.8.0+cu126") });
        explanation.Next[0].Command.Should().Be("pip install torch==2.8.0 torchvision==0.23.0 torchaudio==2.8.0 --index-url https://download.pytorch.org/whl/cu126" + flags);
    }

    [Fact]
    public void KindOfCompanions_IsSettledByWhatIsInstalled()
    {
        var machine = Machine("RTX 3090", "570.26", "2.8.0+cu128");
        Kind("0.23.0+cpu").Should().Be("companion-cpu-cuda");
        Kind("0.23.0+cu126").Should().Be("companion-cuda-mismatch");
        Kind("0.20.1+cu124").Should().Be("companion-mismatch");

        string Kind(string vision) => Explainer.Explain(Nms, new ExplainOptions { Machine = machine with { Installed = machine.Installed! with { Torchvision = PackageVersion.Parse(vision) } } })
            .Causes[0] is { Certainty: Certainty.Certain } cause ? cause.Kind : "not settled";
    }

    [Fact]
    public void NoKernelImage_OnACardThatTheBuildHasCodeFor_IsSaidToBeAnotherPackages()
    {
        const string Text = "RuntimeError: CUDA error: no kernel image is available for execution on the device";
        Explainer.Explain(Text, new ExplainOptions { Machine = Machine("GTX 1080 Ti", "570.26", "2.8.0+cu128") }).Causes[0].Should().Match<ExplainedCause>(c => c.Kind == "no-kernel-image" && c.Certainty == Certainty.Certain);
        Explainer.Explain(Text, new ExplainOptions { Machine = Machine("RTX 3090", "570.26", "2.8.0+cu128") }).Causes[0].Should().Match<ExplainedCause>(c => c.Kind == "companion-mismatch" && c.Certainty == Certainty.Likely);
        Explainer.Explain(Text).Causes[0].Should().Match<ExplainedCause>(c => c.Kind == "no-kernel-image" && c.Certainty == Certainty.Likely);
    }

    [Fact]
    public void Release_DecidesWhatADllMeans()
    {
        const string Text = "OSError: [WinError 126] The specified module could not be found. Error loading \"C:\\venv\\Lib\\site-packages\\torch\\lib\\fbgemm.dll\" or one of its dependencies.";
        Explainer.Explain(Text, new ExplainOptions { Machine = On("2.4.0+cu121") }).Causes[0].Should().Match<ExplainedCause>(c => c.Kind == "known-bad-release" && c.Certainty == Certainty.Certain);
        Explainer.Explain(Text, new ExplainOptions { Machine = On("2.6.0+cu124") }).Causes[0].Kind.Should().Be("library-missing");

        static DriverInfo On(string torch) => Machine("RTX 3090", "570.26", torch) with { OperatingSystem = OperatingSystemFamily.Windows };
    }

    [Fact]
    public void AnotherMachinesText_IsNotExplainedWithThisOne()
    {
        var explanation = Explainer.Explain("OSError: [WinError 1114] Error loading \"C:\\torch\\lib\\c10.dll\"", new ExplainOptions { Machine = Machine("RTX 3090", "570.26", "2.8.0+cu128"), MachineMayDiffer = true });
        explanation.Causes[0].Kind.Should().Be("vc-runtime-too-old");
        explanation.Machine!.OperatingSystem.Should().Be(OperatingSystemFamily.Windows);
        explanation.Machine.Driver.Should().BeNull();
    }

    [Fact]
    public void LongText_IsReadInLinearTime()
    {
        const string Line = "  File \"/home/user/venv/lib/python3.11/site-packages/torch/nn/modules/module.py\", line 1751, in _wrapped_call_impl\n";
        Measure(1);
        var one = Measure(1);
        Measure(8).Should().BeLessThan(one * 30 + 2000, "eight times the text takes about eight times as long, also on a busy machine");

        static double Measure(int megabytes)
        {
            using var text = new Repeated(Line, megabytes * 1024 * 1024 / Line.Length, Nms);
            var start = Stopwatch.GetTimestamp();
            Explainer.Explain(text).Causes[0].Line.Should().Be(Nms);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    [Fact]
    public void EndlessLine_IsReadInPieces() => Explainer.Explain(new string('x', 3_000_000) + " [WinError 1455] " + new string('y', 100)).Causes[0].Kind.Should().Be("paging-file-too-small");

    [Theory]
    [InlineData("")]
    [InlineData("Successfully installed filelock-3.13.1 torch-2.8.0+cu128 torchvision-0.23.0+cu128")]
    [InlineData("Requirement already satisfied: numpy in ./venv/lib/python3.11/site-packages (1.26.4)")]
    [InlineData("nvcc: NVIDIA (R) Cuda compiler driver\nCuda compilation tools, release 12.4, V12.4.131")]
    [InlineData("2.8.0+cu128 True NVIDIA GeForce RTX 3090")]
    public void Success_HasNoCause(string text) => Explainer.Explain(text).Causes.Should().BeEmpty();

    private static DriverInfo Machine(string gpu, string driver, string torch) => new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Glibc = DottedVersion.Parse("2.35"),
        Driver = DriverVersion.Parse(driver),
        Gpus = [new Gpu { Name = gpu }],
        Python = PythonVersion.Parse("3.12"),
        Installed = new InstalledComponents { Torch = PackageVersion.Parse(torch) },
    };

    /// <summary>A long text that is nowhere in memory as a whole.</summary>
    private sealed class Repeated(string line, int times, string last) : TextReader
    {
        private int _line;
        private int _at;

        public override int Read(char[] buffer, int index, int count)
        {
            var written = 0;
            while (written < count && _line <= times)
            {
                var text = _line < times ? line : last;
                var part = Math.Min(count - written, text.Length - _at);
                text.CopyTo(_at, buffer, index + written, part);
                written += part;
                _at += part;
                if (_at == text.Length)
                {
                    _at = 0;
                    _line++;
                }
            }

            return written;
        }
    }
}
