using System.Text.Json;

namespace CudaCompat.Cli.Tests;

/// <summary>The contract of the command line: documents, exit codes, errors that name the argument.</summary>
public sealed class CommandTests
{
    private static readonly string[] Rtx4090 = ["--os", "linux", "--arch", "x86_64", "--driver", "535.104.05", "--gpu", "RTX 4090", "--python", "3.12"];

    [Fact]
    public void Plan_Json_HasTheContractsFields()
    {
        var (exit, output, errors) = CliProcess.Run(["plan", .. Rtx4090, "--json"]);
        exit.Should().Be(0, errors);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        root.GetProperty("verdict").GetString().Should().Be("planned");
        var plan = root.GetProperty("plan");
        plan.GetProperty("stack").GetProperty("cudaTag").GetString().Should().Be("cu126");
        plan.GetProperty("compatibility").GetString().Should().Be("minor");
        plan.GetProperty("knownBy").GetProperty("torch").GetString().Should().BeOneOf("listed", "stated", "inferred");
        plan.GetProperty("notNeededByTorch").EnumerateArray().Select(e => e.GetString()).Should().Equal("toolkit", "cudnn");
        plan.GetProperty("commands")[0].GetString().Should().StartWith("pip install torch==");
        foreach (var step in plan.GetProperty("steps").EnumerateArray())
        {
            foreach (var field in new[] { "kind", "component", "version", "url", "fileName", "checksum", "size", "command", "requiresAdmin", "optional", "evidence" })
                step.TryGetProperty(field, out _).Should().BeTrue($"step {step.GetProperty("kind")} has {field}");
        }

        root.GetProperty("whyNotNewer").GetArrayLength().Should().BePositive();
        root.GetProperty("dataVersion").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Plan_OutputIsTheSameTwice() =>
        CliProcess.Run(["plan", .. Rtx4090, "--json"]).Output.Should().Be(CliProcess.Run(["plan", .. Rtx4090, "--json"]).Output);

    [Theory]
    [InlineData(0, "plan", "--os", "linux", "--driver", "580.95.05", "--gpu", "GTX 1080 Ti", "--python", "3.12")]
    [InlineData(3, "plan", "--os", "linux", "--driver", "570.124.06", "--gpu", "RTX 5090", "--gpu", "GTX 1080 Ti", "--python", "3.12")]
    [InlineData(4, "plan", "--os", "linux", "--arch", "x86_64")]
    [InlineData(3, "plan", "--os", "macos")]
    [InlineData(0, "check", "--os", "linux", "--driver", "550.54.15", "--gpu", "RTX 3090", "--torch", "2.8.0", "--cuda", "12.8")]
    [InlineData(3, "check", "--os", "linux", "--driver", "550.54.15", "--gpu", "RTX 3090", "--torch", "2.8.0", "--cuda", "cu118")]
    [InlineData(4, "check", "--os", "linux", "--driver", "550.54.15", "--gpu", "RTX 3090", "--torch", "9.9.9", "--cuda", "cu118")]
    [InlineData(2, "plan", "--driver", "banana")]
    [InlineData(2, "plan", "--os", "beos")]
    [InlineData(2, "plan", "--os", "linux", "--driver", "550.54.15", "--cuda", "twelve")]
    [InlineData(2, "plan", "--os", "linux", "--driver", "550.54.15", "--components", "torch,tensorflow")]
    [InlineData(2, "plan", "--os", "linux", "--driver", "550.54.15", "--gpus", "3")]
    [InlineData(2, "plan", "--os", "linux", "--driver", "550.54.15", "--mirror", "nowhere")]
    [InlineData(2, "plan", "--machine", "/nonexistent.json")]
    [InlineData(2, "plan", "--nonsense")]
    [InlineData(2, "check", "--os", "linux")]
    [InlineData(2, "data", "where", "torch")]
    [InlineData(0, "data", "where", "torch:2.8.0+cu128")]
    [InlineData(4, "data", "where", "torch:3.8.0+cu128")]
    public void Command_ExitsAsTheContractSays(int expected, params string[] arguments)
    {
        var (exit, output, errors) = CliProcess.Run(arguments);
        exit.Should().Be(expected, output + errors);
        if (expected == 2)
        {
            errors.Should().StartWith("cudacompat: ").And.NotContain("   at ");
            output.Should().BeEmpty("only the answer goes to standard output");
        }
    }

    [Fact]
    public void Machine_UnknownField_IsNamedByItsPath()
    {
        var (exit, _, errors) = CliProcess.Run(["plan", "--machine", "-"], """{ "os": "linux", "gpus": [ { "nmae": "RTX 3090" } ] }""");
        exit.Should().Be(2);
        errors.Should().Contain("$.gpus[0]").And.Contain("nmae");
    }

    [Fact]
    public void Batch_BadLinesDoNotStopTheRun()
    {
        var input = string.Join('\n',
            """{"id":"a","machine":{"os":"linux","arch":"x86_64","driver":"550.54.15","gpus":[{"computeCapability":"8.6"}]},"stack":{"torch":"2.8.0","cudaTag":"cu128"}}""",
            "not json",
            """{"id":"c","machine":{"os":"linux","driver":"banana"},"stack":{"torch":"2.8.0"}}""",
            "",
            """{"id":"d","machine":{"os":"linux","arch":"x86_64","gpus":[]},"stack":{"torch":"2.8.0","cudaTag":"cpu"}}""");
        var (exit, output, _) = CliProcess.Run(["check", "--batch"], input);
        exit.Should().Be(2, "a line was bad");
        var lines = output.TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        lines.Should().HaveCount(4);
        lines[0].GetProperty("verdict").GetString().Should().Be("compatible");
        lines[1].GetProperty("error").GetProperty("kind").GetString().Should().Be("bad-input");
        lines[1].GetProperty("id").ValueKind.Should().Be(JsonValueKind.Null);
        lines[2].GetProperty("id").GetString().Should().Be("c");
        lines[2].GetProperty("error").GetProperty("path").GetString().Should().Be("$.machine.driver");
        lines[3].GetProperty("verdict").GetString().Should().Be("compatible");
    }

    [Fact]
    public void Batch_EqualsSingle()
    {
        const string Machine = """{"os":"linux","arch":"x86_64","driver":"535.104.05","python":"3.12","gpus":[{"name":"RTX 4090"}]}""";
        var single = JsonDocument.Parse(CliProcess.Run(["plan", "--machine", "-", "--json"], Machine).Output).RootElement;
        var batch = JsonDocument.Parse(CliProcess.Run(["plan", "--batch"], "{\"machine\":" + Machine + ",\"request\":{}}").Output).RootElement;
        JsonElement.DeepEquals(single, batch).Should().BeTrue();
    }

    [Fact]
    public void Detect_PastedFailure_IsAnErrorDocument()
    {
        var (exit, output, _) = CliProcess.Run(["detect", "--nvidia-smi", "-", "--json"], "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n");
        exit.Should().Be(1);
        var error = JsonDocument.Parse(output).RootElement.GetProperty("error");
        error.GetProperty("kind").GetString().Should().Be("driver_comm_failed");
        error.GetProperty("next").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Detect_Json_IsTheMachineDocumentThatPlanReads()
    {
        var (exit, output, errors) = CliProcess.Run(["detect", .. Rtx4090, "--json"]);
        exit.Should().Be(0, errors);
        CliProcess.Run(["plan", "--machine", "-"], output).ExitCode.Should().Be(0);
    }
}
