using CudaCompat.Documents;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Spelling;

/// <summary>What is given in another form than the contract's is read, and told.</summary>
public sealed class GivenValuesTests
{
    private const string Machine = """{"os":"linux","arch":"x86_64","driver":"580.95.05","gpus":[{"name":"NVIDIA GeForce RTX 4090"}],"python":"3.12","glibc":"2.39"}""";

    [Theory]
    [InlineData("""{"toolkit":"12.4.131"}""", "'12.4.131' is read as CUDA toolkit 12.4.1: its nvcc prints 12.4.131.")]
    [InlineData("""{"toolkit":"V12.6.68"}""", "is read as CUDA toolkit 12.6.")]
    [InlineData("""{"toolkit":"12.8.1_572.61"}""", "'12.8.1_572.61' is read as CUDA toolkit 12.8.1")]
    [InlineData("""{"toolkit":"12.4.999"}""", "'12.4.999' is read as CUDA toolkit 12.4: it is the number of no release's nvcc that is known, so only X.Y counts.")]
    [InlineData("""{"toolkit":"12"}""", "'12' is read as CUDA toolkit 12.")]
    [InlineData("""{"torch":"2.8.0+cu128"}""", "'2.8.0+cu128' is read as torch version 2.8.0, CUDA tag cu128.")]
    [InlineData("""{"torch":"2.8.0 cu128"}""", "'2.8.0 cu128' is read as torch version 2.8.0, CUDA tag cu128.")]
    [InlineData("""{"torch":"2.8.0+cu12.8"}""", "'2.8.0+cu12.8' is read as torch version 2.8.0, CUDA tag cu128.")]
    [InlineData("""{"toolkit":"12.8.1","cudnn":"91002"}""", "'91002' is read as cuDNN 9.10.2: from cuDNN 9 on the number is 10000 × major + 100 × minor + patch.")]
    [InlineData("""{"torch":"2.8.0","cudaTag":"12"}""", "'12' is read as every CUDA 12.x.")]
    [InlineData("""{"torch":"2.8.0","cudaTag":"none"}""", "'none' is read as a build without CUDA (cpu).")]
    [InlineData("""{"torch":"2.8.0","packaging":"uv"}""", "'uv' is read as pip: it installs the packages that pip installs.")]
    public void Stack_IsToldWhatItWasReadAs(string stack, string told)
    {
        var result = Resolver.Check(DocumentReader.Machine(Machine), DocumentReader.Stack(stack));
        result.Findings.Where(f => f.Rule == "read-as").Should().Contain(f => f.Message.Contains(told) && f.Severity == Severity.Info);
    }

    [Theory]
    [InlineData("\"driver\":\"535.x\"", "'535.x' is read as driver 535.")]
    [InlineData("\"driver\":\"31.0.15.5222\"", "is read as driver 552.22")]
    [InlineData("\"maxCuda\":\"11060\"", "'11060' is read as CUDA 11.6")]
    [InlineData("\"python\":\"cp311\"", "'cp311' is read as Python 3.11.")]
    [InlineData("\"gpus\":[{\"computeCapability\":\"86\"}]", "'86' is read as compute capability 8.6.")]
    public void Machine_IsToldWhatItWasReadAs(string field, string told)
    {
        var machine = DocumentReader.Machine("{\"os\":\"Ubuntu 22.04\"," + field + "}");
        Resolver.Check(machine, DocumentReader.Stack("""{"torch":"2.1.0","cudaTag":"cu118"}""")).Findings.Should().Contain(f => f.Rule == "read-as" && f.Message.Contains(told));
        Resolver.TryPlan(machine).Findings.Should().Contain(f => f.Rule == "read-as" && f.Message.Contains(told));
    }

    [Fact]
    public void Document_WithWordsAroundItsValues_IsTheSameMachine()
    {
        var spelt = DocumentReader.Machine("""{"os":"Windows 11","arch":"amd64","driver":"v560.94","maxCuda":"CUDA Version: 12.6","python":"Python 3.11.4","msvc":"MSVC 19.38","gpus":[{"computeCapability":"sm_89"}]}""");
        var plain = DocumentReader.Machine("""{"os":"windows","arch":"x86_64","driver":"560.94","maxCuda":"12.6","python":"3.11.4","msvc":"19.38","gpus":[{"computeCapability":"8.9"}]}""");
        (spelt with { Gpus = null }).Should().Be(plain with { Gpus = null });
        spelt.Gpus!.Single().Should().Be(plain.Gpus!.Single());
        spelt.Readings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"os":"linux","driver":"12.4"}""", "$.driver", "maxCuda")]
    [InlineData("""{"os":"windows","msvc":"17.8"}""", "$.msvc", "19.38")]
    [InlineData("""{"os":"windows","msvc":"VS 2022"}""", "$.msvc", "cl.exe")]
    [InlineData("""{"os":"FreeBSD"}""", "$.os", "accepted: linux")]
    [InlineData("""{"os":"linux","python":3.10}""", "$.python", "string")]
    public void FormWithTwoMeaningsOrNone_IsRefused_WithWhatToGive(string document, string path, string told)
    {
        var refusal = FluentActions.Invoking(() => DocumentReader.Machine(document)).Should().Throw<BadInputException>().Which;
        refusal.Path.Should().Be(path);
        refusal.Message.Should().Contain(told);
    }

    [Fact]
    public void CudaWithoutMinor_TakesTheNewestThatServes()
    {
        var machine = DocumentReader.Machine("""{"os":"linux","arch":"x86_64","driver":"535.104.05","gpus":[{"name":"NVIDIA GeForce RTX 3090"}],"python":"3.11","glibc":"2.35"}""");
        var plan = Resolver.Plan(machine, new PlanRequest { Cuda = "cu12" });
        plan.Stack.CudaTag!.Value.Cuda!.Value.Major.Should().Be(12);
        var free = Resolver.Plan(machine);
        plan.Stack.Torch.Should().Be(free.Stack.Torch, "nothing of CUDA 13 runs on that driver");
        Resolver.Check(machine, DocumentReader.Stack($$"""{"torch":"{{plan.Stack.Torch}}","cudaTag":"12"}""")).Verdict.Should().Be(CheckVerdict.Compatible);
    }

    [Fact]
    public void RangeOfTorch_IsJudgedAsAWhole()
    {
        var machine = DocumentReader.Machine("""{"os":"linux","arch":"x86_64","driver":"580.95.05","gpus":[{"computeCapability":"12.0"}],"python":"3.10","glibc":"2.35"}""");
        Resolver.Check(machine, DocumentReader.Stack("""{"torch":"<=2.5.1","cudaTag":"cu121"}""")).Verdict.Should().Be(CheckVerdict.Incompatible);
        var mixed = Resolver.Check(machine, DocumentReader.Stack("""{"torch":">=2.5,<2.9"}"""));
        mixed.Verdict.Should().Be(CheckVerdict.Unknown);
        mixed.Findings[0].Message.Should().Contain("2.8.0+cu128").And.NotContain("2.5.1+cu121");
    }

    [Theory]
    [InlineData("""{"os":"linux","gpus":[{"name":"NVIDIA GeForce RTX 3090","computeCapability":"7.5"}]}""", "NVIDIA GeForce RTX 3090 has compute capability 8.6, but 7.5 is given: the number that is given counts.")]
    [InlineData("""{"os":"linux","driver":"528.33"}""", "Driver 528.33 is one for Windows, but the system is given as Linux.")]
    [InlineData("""{"os":"linux","driver":"550.54.15","maxCuda":"11.4"}""", "Driver 550.54.15 runs CUDA up to 12.4, but 11.4 is given: the number that is given counts.")]
    public void Contradiction_IsTold(string machine, string told) =>
        Resolver.Check(DocumentReader.Machine(machine), DocumentReader.Stack("""{"torch":"2.1.0","cudaTag":"cu118"}""")).Findings
            .Should().Contain(f => f.Rule == "facts-contradict" && f.Message == told);

    [Fact]
    public void Notes_StayWithTheirDocument()
    {
        DocumentReader.Machine("""{"os":"linux","driver":"535.x"}""").Readings.Should().ContainSingle();
        DocumentReader.Machine("""{"os":"linux","driver":"535"}""").Readings.Should().BeEmpty();
        ((Action)(() => DocumentReader.Machine("""{"os":"linux","driver":"535.x","python":"x"}"""))).Should().Throw<BadInputException>();
        DocumentReader.Machine("""{"os":"linux","driver":"535"}""").Readings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("2.8.0+cu128", "cu128")]
    [InlineData("cu12", null)]
    [InlineData("cu92", "9.2")]
    public void CudaTag_Short_StandsForItsMajor(string text, string? cuda)
    {
        if (CudaTag.TryParse(text, out var tag))
            tag.IsSeries.Should().Be(cuda is null);
        CudaTag.TryParse("cu12", out var twelve).Should().BeTrue();
        twelve.Includes(CudaTag.Parse("cu128")).Should().BeTrue();
        twelve.Includes(CudaTag.Parse("cu118")).Should().BeFalse();
        twelve.ToString().Should().Be("cu12");
    }
}
