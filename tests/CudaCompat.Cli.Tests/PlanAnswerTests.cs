namespace CudaCompat.Cli.Tests;

/// <summary>The first screen of a plan: at most a dozen lines of 80 columns, the command in one piece, the rest behind --why.</summary>
public sealed class PlanAnswerTests
{
    private const int MostLines = 12;
    private const int Columns = 80;
    private const int Machines = 20;

    public static TheoryData<string> Options =>
    [
        "--os linux --driver 535.104.05 --gpu RTX_4090 --python 3.12",
        "--os windows --driver 560.94 --gpu RTX_3060 --python 3.11",
        "--os wsl --driver 572.83 --gpu RTX_5090 --gpu RTX_3060",
        "--os linux --gpu GTX_1060",
        "--os linux --driver 580.95.05",
        "--os linux --max-cuda 11.4 --python 3.8",
        "--os linux --gpu none --python 3.12",
        "--os linux --driver 535.104.05 --gpu RTX_4090 --packaging conda --python 3.10",
        "--os linux --driver 535.104.05 --gpu RTX_4090 --packaging uv",
        "--os linux --driver 450.80.02 --gpu Tesla_V100 --components toolkit,cudnn",
        "--os linux --arch aarch64 --gpu GB10 --driver 580.95.05 --python 3.12",
        "--os linux --driver 535.x --gpu g5.xlarge --python cp312",
    ];

    [Theory]
    [MemberData(nameof(Options))]
    public void Plan_FitsTheScreen(string options) => FitsTheScreen(CliProcess.Run(["plan", .. options.Split(' ')]));

    [Fact]
    public void Plan_OfCapturedMachines_FitsTheScreen()
    {
        var folder = Path.Combine(CliProcess.RepositoryRoot, "..", "shared", "transcripts");
        if (!Directory.Exists(folder))
            return;
        var planned = 0;
        foreach (var file in Directory.GetFiles(folder, "smi*.txt").Order(StringComparer.Ordinal).Where((_, i) => i % 3 == 0))
        {
            var run = CliProcess.Run(["plan", "--paste", file]);
            if (run.ExitCode != 0)
                continue;
            FitsTheScreen(run);
            if (++planned == Machines)
                return;
        }
    }

    [Fact]
    public void Why_PrintsEverything()
    {
        string[] options = ["--os", "linux", "--driver", "535.104.05", "--gpu", "RTX 4090", "--python", "3.12"];
        var (exit, output, errors) = CliProcess.Run(["plan", "--why", .. options]);
        exit.Should().Be(0, errors);
        output.Should().Contain("Why this, and why not newer").And.Contain("Downloads").And.Contain("Machine");
    }

    [Fact]
    public void Refusal_BeginsWithTheReason_ThenWhatHelps()
    {
        var (exit, output, _) = CliProcess.Run(["plan", "--os", "linux", "--driver", "470.82.01", "--gpu", "RTX 5090", "--python", "3.12"]);
        exit.Should().Be(3);
        var lines = output.Split('\n');
        lines[1].Should().StartWith("No plan: ");
        output.Should().Contain("What would help:").And.Contain("  - Install NVIDIA driver");
    }

    [Fact]
    public void Text_OnStandardInput_IsReadWithoutAnOption()
    {
        const string Paste = "| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4  |\n|   0  NVIDIA GeForce RTX 4070   Off | 00000000:01:00.0 Off | Off |\n";
        CliProcess.Run(["plan"], Paste).Output.Should().StartWith("RTX 4070, driver 550.54.15");
        CliProcess.Run([], Paste).Output.Should().StartWith("RTX 4070, driver 550.54.15");
        CliProcess.Run(["detect", "--json"], Paste).Output.Should().Contain("550.54.15");
        CliProcess.Run(["check"], Paste + "torch 2.4.0+cu121\n").Output.Should().Contain("torch 2.4.0+cu121 works here");
        CliProcess.Run(["check", "--gpu", "RTX 5090"], "torch 2.4.0+cu121\n").ExitCode.Should().Be(3, "the option overrides, the stack is that of the text");
        CliProcess.Run(["plan"], """{ "os": "linux", "driver": "535", "gpus": [ { "name": "T4" } ] }""").Output.Should().StartWith("T4, driver 535");
        var (exit, output, errors) = CliProcess.Run(["plan"], "hello\n");
        exit.Should().Be(1);
        output.Should().BeEmpty();
        errors.Should().Contain("Looked for");
    }

    [Theory]
    [InlineData("help", "Usage:")]
    [InlineData("help plan", "--torchvision")]
    [InlineData("version", "0.1.0")]
    public void HelpAndVersion_AreCommandsToo(string words, string told)
    {
        var (exit, output, errors) = CliProcess.Run(words.Split(' '));
        exit.Should().Be(0, errors);
        output.Should().Contain(told);
    }

    [Fact]
    public void List_TellsWhatRuns_AndWhyNotTheOthers()
    {
        string[] machine = ["--os", "linux", "--driver", "550.54.15", "--gpu", "GTX 1060", "--python", "3.12"];
        var (exit, output, errors) = CliProcess.Run(["list", .. machine]);
        exit.Should().Be(0, errors);
        output.Should().Contain("cu126 ok").And.Contain("no: GPU").And.Contain("no: driver");
        output.Split('\n').Should().OnlyContain(line => line.Length <= 100);
        CliProcess.Run(["list", "--torch", "2.4", "--os", "linux"]).Output.Should().Contain("2.4.1").And.Contain("cu118").And.Contain("cu121").And.Contain("cu124").And.NotContain("2.5.0");
        CliProcess.Run(["list", .. machine, "--format", "markdown"]).Output.Should().Contain("| torch | runs | does not |");
        var document = System.Text.Json.JsonDocument.Parse(CliProcess.Run(["list", "--json", .. machine]).Output).RootElement;
        document.GetProperty("builds").EnumerateArray().Should().Contain(b => b.GetProperty("verdict").GetString() == "compatible");
    }

    private static void FitsTheScreen((int ExitCode, string Output, string Errors) run)
    {
        run.ExitCode.Should().Be(0, run.Errors);
        var lines = run.Output.TrimEnd('\n').Split('\n');
        lines.Length.Should().BeLessThanOrEqualTo(MostLines, run.Output);
        lines.Should().NotContain(line => line.Length > Columns && !line.StartsWith("  "), "only the command may be longer");
        // One command, and behind it only what torch needs and does not ask for itself.
        lines.Where(line => line.StartsWith("  ") && line.Trim().Length > 0 && !line.EndsWith("pip install \"numpy<2\"", StringComparison.Ordinal)).Should().ContainSingle();
        lines[^1].Should().Contain("cudacompat apply");
        run.Output.Should().NotContain("\e");
    }
}
