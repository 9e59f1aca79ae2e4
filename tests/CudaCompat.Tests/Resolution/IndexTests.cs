using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Resolution;

/// <summary>
/// Plans from the default package index alone. Its builds were read out of its wheels on 2026-11-27: Linux x86_64 has CUDA 11.7 (torch 1.13, 2.0), 12.1 (2.1 to 2.4),
/// 12.4 (2.5, 2.6), 12.6 (2.7), 12.8 (2.8 to 2.10), 13.0 (2.11 to 2.14) and 13.2 (2.15); Linux aarch64 builds for the processor to 2.10 and then the same; Windows those
/// for the processor.
/// </summary>
public sealed class IndexTests
{
    private static readonly string[] TorchAndVision = ["torch", "torchvision"];

    [Theory]
    [InlineData("450.80.02", null, "2.0.1+cu117")]
    [InlineData("470.82.01", null, "2.0.1+cu117")]
    [InlineData("515.65.01", null, "2.0.1+cu117")]
    [InlineData("525.60.13", null, "2.10.0+cu128")]
    [InlineData("535.104.05", null, "2.10.0+cu128")]
    [InlineData("550.54.14", null, "2.10.0+cu128")]
    [InlineData("570.124.06", null, "2.10.0+cu128")]
    [InlineData("575.51.03", null, "2.10.0+cu128")]
    [InlineData("580.65.06", null, "2.15.0+cu132")]
    [InlineData("595.44", null, "2.15.0+cu132")]
    [InlineData("620.70.06", null, "2.15.0+cu132")]
    [InlineData("470.82.01", "strict", "1.12.1+cu102")]
    [InlineData("515.65.01", "strict", "2.0.1+cu117")]
    [InlineData("530.30.02", "strict", "2.4.1+cu121")]
    [InlineData("550.54.14", "strict", "2.6.0+cu124")]
    [InlineData("560.35.03", "strict", "2.7.1+cu126")]
    [InlineData("570.124.06", "strict", "2.10.0+cu128")]
    [InlineData("580.65.06", "strict", "2.14.1+cu130")]
    public void Plan_FromTheDefaultIndex_IsTheNewestOfItsBuildsThatRuns(string driver, string? policy, string torch)
    {
        var python = policy is not null && driver.StartsWith("470", StringComparison.Ordinal) ? "3.10" : "3.11";
        var plan = Resolver.Plan(
            Linux with { Driver = DriverVersion.Parse(driver), Python = PythonVersion.Parse(python) },
            new PlanRequest { Index = "default", Components = TorchAndVision, Policy = policy is null ? null : Policy.Strict });

        $"{plan.Stack.Torch}+{plan.Stack.CudaTag}".Should().Be(torch);
        plan.Commands[0].Should().Be($"pip install torch=={plan.Stack.Torch} torchvision=={plan.Stack.Torchvision}");
        plan.Steps.OfType<TorchStep>().Single().IndexUrl.Should().BeNull();
    }

    [Fact]
    public void Plan_WithTorchaudio_TakesTheBuildWhoseTorchaudioImports() =>
        Resolver.Plan(Linux with { Driver = DriverVersion.Parse("580.95.05") }, new PlanRequest { Index = "default" }).Stack.Should()
            .Match<StackDocument>(s => s.Torch.ToString() == "2.14.1" && s.Torchaudio.ToString() == "2.11.0" && s.CudaTag.ToString() == "cu130");

    [Fact]
    public void Plan_OnWindows_IsRefused_AndPyTorchsIndexHelps()
    {
        var windows = Linux with { OperatingSystem = OperatingSystemFamily.Windows, Driver = DriverVersion.Parse("560.94"), Glibc = null };
        var result = Resolver.TryPlan(windows, new PlanRequest { Index = "default" });

        result.Verdict.Should().Be(PlanVerdict.Refused);
        result.Findings[0].Rule.Should().Be("cpu-only-build");
        result.Remedies[0].Should().Match<Remedy>(r => r.Change == "index" && r.From == "default" && r.To == "pytorch" && r.Gives == "torch 2.14.1+cu126");
        Resolver.Plan(windows with { Gpus = [] }, new PlanRequest { Index = "default", Components = ["torch"] }).Stack.CudaTag.ToString().Should().Be("cpu");
    }

    [Fact]
    public void Plan_OnArm_HasCudaFromTorch211On()
    {
        var arm = Linux with { Architecture = CpuArchitecture.Arm64, Gpus = [new Gpu { ComputeCapability = ComputeCapability.Parse("9.0") }] };
        Resolver.Plan(arm with { Driver = DriverVersion.Parse("580.95.05") }, new PlanRequest { Index = "default", Components = ["torch"] }).Stack.CudaTag.ToString().Should().Be("cu132");
        Resolver.TryPlan(arm with { Driver = DriverVersion.Parse("570.124.06") }, new PlanRequest { Index = "default", Components = ["torch"] }).Verdict.Should().Be(PlanVerdict.Refused);
    }

    [Fact]
    public void Plan_SaysWhyNotTheBuildOfPyTorchsIndex() =>
        Resolver.Plan(Linux with { Driver = DriverVersion.Parse("560.35.03") }, new PlanRequest { Index = "default", Components = ["torch"] }).Explanation.Should()
            .Contain("only PyTorch's own index has it").And.Contain("2.10.0+cu128");

    [Theory]
    [InlineData("https://pypi.example.com/simple", "2.15.0", "cu132", "torch==2.15.0")]
    [InlineData("https://wheels.example.com/whl/cu126/", "2.14.1", "cu126", "torch==2.14.1+cu126")]
    [InlineData("http://127.0.0.1:8080/simple", "2.15.0", "cu132", "torch==2.15.0")]
    public void Plan_FromAnAddress_NamesItInEveryFormat(string url, string torch, string tag, string pin)
    {
        var plan = Resolver.Plan(Linux with { Driver = DriverVersion.Parse("610.57") }, new PlanRequest { Index = url, Components = TorchAndVision });

        (plan.Stack.Torch.ToString(), plan.Stack.CudaTag.ToString()).Should().Be((torch, tag));
        plan.Commands[0].Should().StartWith($"pip install {pin} ").And.EndWith($" --index-url {url}");
        foreach (var format in (string[])["bash", "dockerfile", "requirements", "pyproject", "environment"])
            PlanFormats.Find(format)!.Write(plan).Should().Contain(url, format).And.Contain(pin, format).And.NotContain("download.pytorch.org", format);
        InstallPlanDocument.Read(InstallPlanDocument.Write(plan)).Request!.Index.Should().Be(url);
    }

    [Theory]
    [InlineData("pypi")]
    [InlineData("http://pypi.example.com/simple")]
    [InlineData("https://user:secret@pypi.example.com/simple")]
    [InlineData("https://pypi.example.com/simple?token=1")]
    [InlineData("https://pypi.example.com/a b")]
    [InlineData("file:///wheels")]
    [InlineData("")]
    public void Plan_FromWhatIsNoIndex_IsRefusedByName(string index) =>
        FluentActions.Invoking(() => Resolver.TryPlan(Linux, new PlanRequest { Index = index })).Should().Throw<BadRequestException>().WithMessage("*pytorch, default*");

    [Fact]
    public void Plan_ForConda_TakesNoIndex() =>
        FluentActions.Invoking(() => Resolver.TryPlan(Linux, new PlanRequest { Index = "default", Packaging = "conda" })).Should().Throw<BadRequestException>().WithMessage("*channels*");

    [Fact]
    public void Plan_ForAnIndexOfAnotherCuda_IsRefusedByName() =>
        FluentActions.Invoking(() => Resolver.TryPlan(Linux, new PlanRequest { Index = "https://w.example.com/whl/cu126", Cuda = "cu128" })).Should().Throw<BadRequestException>().WithMessage("*cu126*cu128*");

    [Fact]
    public void Plan_WithAMirrorOfTheDefaultIndex_TakesItWhereItHasTheBuild_AndElseNamesWhatItHas()
    {
        var newest = Resolver.Plan(Linux with { Driver = DriverVersion.Parse("580.95.05") }, new PlanRequest { Mirror = "tuna" });
        newest.Commands[0].Should().StartWith("pip install torch==2.14.1 ").And.Contain("tuna.tsinghua.edu.cn/simple").And.NotContain("download.pytorch.org");

        var older = Resolver.Plan(Linux with { Driver = DriverVersion.Parse("560.35.03") }, new PlanRequest { Mirror = "tuna" });
        older.Commands[0].Should().Contain("torch==2.14.1+cu126").And.Contain("download.pytorch.org/whl/cu126");
        older.Notes.Should().Contain("From the mirror alone: torch 2.10.0+cu128 (--index default --mirror tuna).");

        var fromMirror = Resolver.Plan(Linux with { Driver = DriverVersion.Parse("560.35.03") }, new PlanRequest { Mirror = "tuna", Index = "default" });
        fromMirror.Commands[0].Should().StartWith("pip install torch==2.10.0 ").And.Contain("tuna.tsinghua.edu.cn/simple");
    }

    private static DriverInfo Linux => new()
    {
        OperatingSystem = OperatingSystemFamily.Linux,
        Architecture = CpuArchitecture.X64,
        Driver = DriverVersion.Parse("580.95.05"),
        Gpus = [new Gpu { Name = "Tesla T4" }],
        Python = PythonVersion.Parse("3.11"),
        Glibc = DottedVersion.Parse("2.35"),
    };
}
