using System.Text.Json.Nodes;

namespace CudaCompat.Cli.Tests;

/// <summary>choose and inspect as a program drives them.</summary>
public sealed class ChooseTests : IDisposable
{
    private const string Builds = """[{"name":"cuda13","cuda":"13.0","sass":["8.9"],"ptx":["9.0"]},{"name":"cuda12","cuda":"12.4","sass":["8.6"],"ptx":[]},{"name":"cpu"}]""";
    private static readonly string[] Old = ["--os", "windows", "--arch", "x86_64", "--driver", "566.36"];
    private static readonly string Fatbin = Path.Combine(CliProcess.RepositoryRoot, "tests", "CudaCompat.Tests", "Inspection", "Fatbins", "cuda-11.8-lz4.fatbin");
    private readonly string _folder = Directory.CreateTempSubdirectory("cudacompat-choose-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Choose_ReadsCandidates_AndSaysTheBestInWordsAndInJson()
    {
        var file = Write("builds.json", Builds);
        var (exit, output, errors) = CliProcess.Run(["choose", file, .. Old, "--gpu", "RTX 4060"]);
        exit.Should().Be(0, errors);
        output.Should().Contain("-> cuda12 (CUDA 12.4)").And.Contain("[driver-too-old]").And.Contain("Install NVIDIA driver 580");
        var json = CliProcess.Run(["choose", "-", .. Old, "--gpu", "RTX 4060", "--json"], Builds).Output;
        SchemaValidator.Validate("choice-result", json).Should().BeEmpty();
        var document = JsonNode.Parse(json)!;
        ((string)document["best"]!).Should().Be("cuda12");
        ((string)document["refused"]![0]!["rule"]!).Should().Be("driver-too-old");
        ((string)document["withoutGpu"]![0]!["name"]!).Should().Be("cpu");
    }

    [Theory]
    [InlineData(0, "--gpu", "RTX 4060", "--driver", "566.36")]
    [InlineData(0, "--gpu", "none", "--driver", "566.36")]
    [InlineData(3, "--gpu", "GTX 1060", "--driver", "566.36")]
    [InlineData(4)]
    [InlineData(2, "--gpu", "RTX 4060", "--driver", "newest")]
    public void Choose_Ends_WithTheExitCodeOfItsVerdict(int expected, params string[] machine) =>
        CliProcess.Run(["choose", .. (string[])["--os", "windows"], .. machine, "--json"], Builds).ExitCode.Should().Be(expected);

    [Theory]
    [InlineData("[]", "$: ")]
    [InlineData("[{\"name\":\"a\",\"cude\":\"12.4\"}]", "$[0].cude: unknown field 'cude'.")]
    [InlineData("{\"name\":\"a\"}{\"name\":\"b\",\"cuda\":\"x\"}", "$[1].cuda: ")]
    [InlineData("nothing", "$[0]: ")]
    public void Choose_OfWrongCandidates_NamesThePath(string input, string told)
    {
        var (exit, output, errors) = CliProcess.Run(["choose", .. Old], input);
        exit.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().StartWith("cudacompat: " + told);
    }

    [Fact]
    public void Choose_WithBothFromStandardInput_IsBadUsage() => CliProcess.Run(["choose", "--machine", "-"], Builds).ExitCode.Should().Be(2);

    [Fact]
    public void Batch_AnswersEachLine_AndNamesTheBadOne()
    {
        const string Machine = """{"os":"linux","driver":"550.54.15","gpus":[{"computeCapability":"8.6"}]}""";
        var lines = $$"""
            {"id":"one","machine":{{Machine}},"candidates":[{"name":"a","cuda":"12.4","sass":["8.6"],"ptx":[]}]}
            {"id":"two","machine":{{Machine}},"candidates":[{"name":"a","sass":["8.6"]}]}
            """;
        var (exit, output, _) = CliProcess.Run(["choose", "--batch"], lines);
        exit.Should().Be(2);
        var answers = output.TrimEnd().Split('\n');
        SchemaValidator.Validate("choice-result", answers[0]).Should().BeEmpty();
        ((string)JsonNode.Parse(answers[1])!["error"]!["path"]!).Should().Be("$.candidates[0].cuda");
    }

    [Fact]
    public void Inspect_SaysWhatABinaryNeeds_AndWhetherItRuns()
    {
        var library = Write("libmine.so", [.. Elf(), .. File.ReadAllBytes(Fatbin)]);
        var (exit, output, errors) = CliProcess.Run(["inspect", library]);
        exit.Should().Be(0, errors);
        output.Should().Contain("native     7.5, 8.0").And.Contain("PTX        8.0").And.Contain("CUDA 11.8");
        var json = CliProcess.Run(["inspect", library, "--json", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "GTX 1080 Ti"]);
        json.ExitCode.Should().Be(3);
        SchemaValidator.Validate("inspection", json.Output).Should().BeEmpty();
        ((string)JsonNode.Parse(json.Output)!["choice"]!["refused"]![0]!["rule"]!).Should().Be("gpu-not-in-build");
    }

    [Fact]
    public void Inspect_PrintsCandidates_ThatChooseTakes()
    {
        var library = Write("libmine.so", [.. Elf(), .. File.ReadAllBytes(Fatbin)]);
        var candidates = CliProcess.Run(["inspect", library, "--candidate"]).Output;
        foreach (var candidate in JsonNode.Parse(candidates)!.AsArray())
            SchemaValidator.Validate("candidate", candidate!.ToJsonString()).Should().BeEmpty();
        var choice = CliProcess.Run(["choose", "--os", "linux", "--arch", "x86_64", "--driver", "550.54.15", "--gpu", "RTX 3090"], candidates);
        choice.ExitCode.Should().Be(0, choice.Errors);
        choice.Output.Should().Contain("-> libmine.so (CUDA 11.8) by native code");
    }

    [Theory]
    [InlineData("not-there")]
    [InlineData("builds.json")]
    public void Inspect_OfWhatIsNoBinary_IsBadInput(string name)
    {
        Write("builds.json", Builds);
        var (exit, output, errors) = CliProcess.Run(["inspect", Path.Combine(_folder, name)]);
        exit.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().StartWith("cudacompat: ").And.Contain(name).And.NotContain("   at ");
    }

    // The smallest file that a loader of Linux takes for a library: a header and one part.
    private static byte[] Elf()
    {
        var elf = new byte[128];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(elf, 0);
        (elf[16], elf[18], elf[20], elf[32], elf[52], elf[54], elf[56]) = (3, 62, 1, 64, 64, 56, 1);
        elf[64] = 1;
        return elf;
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
