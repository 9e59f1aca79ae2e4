using System.Text.Json.Nodes;

namespace CudaCompat.Cli.Tests;

/// <summary><c>explain</c> and <c>report</c> as real processes.</summary>
public sealed class ExplainTests
{
    private static readonly string[] Machine = ["--no-machine", "--os", "linux", "--driver", "570.26", "--gpu", "RTX 3090", "--python", "3.12", "--glibc", "2.35"];

    [Fact]
    public void PipedError_IsExplained_WithWhatToTypeThere()
    {
        var (exit, output, _) = CliProcess.Run(["explain", .. Machine, "--torch", "2.8.0+cu128"], "RuntimeError: operator torchvision::nms does not exist\n");
        exit.Should().Be(0);
        output.Should().Contain("[companion-mismatch]").And.Contain("line 1: RuntimeError: operator torchvision::nms does not exist").And.Contain("torchvision==0.23.0").And.Contain("whl/cu128");
        output.Split('\n').Length.Should().BeLessThanOrEqualTo(13, "twelve lines and their end");
    }

    [Fact]
    public void Document_HasTheContractsFields()
    {
        var (exit, output, _) = CliProcess.Run(["explain", "-", "--json", .. Machine], "AssertionError: Torch not compiled with CUDA enabled");
        exit.Should().Be(0);
        var document = JsonNode.Parse(output)!.AsObject();
        document.Select(p => p.Key).Should().Equal("causes", "next", "machine");
        var cause = document["causes"]![0]!;
        ((string)cause["kind"]!).Should().Be("cpu-build");
        ((string)cause["certainty"]!).Should().Be("certain");
        ((string)cause["line"]!).Should().Be("AssertionError: Torch not compiled with CUDA enabled");
        cause["evidence"]!.AsArray().Should().NotBeEmpty();
        ((string)document["next"]![0]!["command"]!).Should().Contain("pip install torch==");
        ((string)document["machine"]!["driver"]!).Should().Be("570.26");
    }

    [Fact]
    public void UnknownText_IsSaidToBeUnknown()
    {
        var (exit, output, _) = CliProcess.Run(["explain", "--no-machine"], "everything went well\n");
        exit.Should().Be(1);
        string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)).Should().Contain("No cause is known").And.Contain("cudacompat report");
        CliProcess.Run(["explain", "--no-machine", "--json"], "").Output.Should().Contain("\"causes\": []");
    }

    [Theory]
    [InlineData("explain", "no-such-file.log")]
    [InlineData("explain", "--torch", "newest")]
    public void BadInput_IsNamed(params string[] arguments)
    {
        var (exit, output, errors) = CliProcess.Run([.. arguments, .. Machine]);
        exit.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().ContainAny("FILE", "--torch");
    }

    [Fact]
    public void Report_IsForAnIssueTracker()
    {
        var (exit, output, _) = CliProcess.Run(["report", "-"], "Traceback (most recent call last):\n  File \"/home/somebody/x/site-packages/torch/cuda/__init__.py\", line 3\nAssertionError: Torch not compiled with CUDA enabled\n");
        exit.Should().Be(0);
        output.Should().Contain("### Machine").And.Contain("### Findings").And.Contain("cpu-build").And.NotContain("somebody");
    }

    [Fact]
    public void Audit_FailsOnABadRelease_InEachForm()
    {
        var file = Path.Combine(Path.GetTempPath(), $"audit-{Guid.NewGuid():N}.txt");
        File.WriteAllText(file, "numpy==1.26.4\ntorch==2.4.0+cu121\n");
        try
        {
            var text = CliProcess.Run(["audit", file, "--os", "windows"]);
            text.ExitCode.Should().Be(1);
            text.Output.Should().Contain("torch 2.4.0 is known to be bad").And.Contain("advisory:adv-008");
            var sarif = JsonNode.Parse(CliProcess.Run(["audit", file, "--os", "windows", "--format", "sarif"]).Output)!;
            ((string)sarif["version"]!).Should().Be("2.1.0");
            var result = sarif["runs"]![0]!["results"]![0]!;
            ((string)result["ruleId"]!).Should().Be("adv-008");
            ((int)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!).Should().Be(2);
            var json = JsonNode.Parse(CliProcess.Run(["audit", file, "--os", "windows", "--json"]).Output)!;
            ((string)json["findings"]![0]!["rule"]!).Should().Be("known-bad-release");
            CliProcess.Run(["audit", file, "--os", "linux"]).ExitCode.Should().Be(0);
            CliProcess.Run(["data", "where", "advisory:adv-008"]).Output.Should().Contain("pytorch/pytorch#131662");
        }
        finally
        {
            File.Delete(file);
        }

        CliProcess.Run(["audit", "no-such-place"]).ExitCode.Should().Be(2);
    }
}
