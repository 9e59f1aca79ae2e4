using System.Diagnostics;
using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;

namespace CudaCompat.Tests.Planning;

public sealed class PlanFormatTests
{
    internal static InstallPlan Plan(ChosenStack chosen)
    {
        var built = StepBuilder.Build(chosen);
        return new InstallPlan { Stack = chosen.Stack, Compatibility = "full", Machine = chosen.Machine, Steps = built.Steps, Commands = built.Commands, Environment = built.Environment, Notes = built.Notes, DataVersion = "test" };
    }

    private static ChosenStack Whole(string os = "linux") => PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0", "2.8.0", os: os, toolkit: "12.8.1", cudnn: "9.10.2");

    public static TheoryData<string> BashPlans => ["whole", "runfile", "apt", "dnf", "conda", "uv", "gpus", "absolute", "odd", "cpu", "nothing known", "toolkit"];

    private static ChosenStack BashPlan(string name) => name switch
    {
        "whole" => Whole() with { Mirror = "nvidia-cn" },
        "runfile" => PlanningSamples.Chosen("1.7.1", "cu110", "0.8.2", toolkit: "11.0.3"),
        "apt" or "dnf" => Whole() with { ToolkitFrom = name },
        "conda" => PlanningSamples.Chosen("2.5.1", "cu124", packaging: "conda", toolkit: "12.4.1", cudnn: "9.1.0") with { ToolkitFrom = "conda" },
        "uv" => PlanningSamples.Chosen("2.8.0", "cu128", packaging: "uv"),
        "gpus" => Whole() with { GpuIndexes = [1], Compiles = true },
        "absolute" => Whole() with { Prefix = "/opt/cuda" },
        "odd" => Whole() with { Prefix = "a b'c$(touch x)`y`\"z" },
        "cpu" => PlanningSamples.Chosen("2.8.0", "cpu"),
        "nothing known" => PlanningSamples.Chosen("2.9.0", "cu130", toolkit: "13.1.0", cudnn: "9.99.0"),
        _ => Whole() with { Components = ["toolkit", "cudnn"] },
    };

    [ProgramTheory("bash")]
    [MemberData(nameof(BashPlans))]
    public void Bash_IsAScriptThatBashReads(string name) => Check("bash", ["-n", "-"], PlanFormats.Find("bash")!.Write(Plan(BashPlan(name))));

    [ProgramTheory("shellcheck")]
    [MemberData(nameof(BashPlans))]
    public void Bash_IsCleanForShellcheck(string name) => Check("shellcheck", ["-"], PlanFormats.Find("bash")!.Write(Plan(BashPlan(name))));

    [Fact]
    public void Bash_ChecksEachDownloadBeforeItsUse()
    {
        var plan = Plan(Whole());
        var script = PlanFormats.Find("bash")!.Write(plan);
        script.Should().StartWith("#!/usr/bin/env bash\n").And.Contain("set -euo pipefail");
        foreach (var download in plan.Steps.OfType<DownloadStep>())
            script.Should().Contain($"fetch {download.FileName} sha256 {download.Checksum!.Value} {download.Size} {download.Url}");
        script.IndexOf("tar --extract", StringComparison.Ordinal).Should().BeGreaterThan(script.IndexOf("fetch libcusparse", StringComparison.Ordinal));
    }

    [Fact]
    public void Bash_NoteWithALineBreak_StaysAComment()
    {
        var plan = Plan(Whole()) with { Notes = ["first\nrm -rf x\r\u2028touch y"] };
        PlanFormats.Find("bash")!.Write(plan).Should().Contain("# first rm -rf x  touch y\n");
    }

    [ProgramTheory("python3")]
    [InlineData("cu128")]
    [InlineData("cpu")]
    public void ProofOfThePackages_IsAProgramThatPythonReads(string tag)
    {
        var plan = Plan(PlanningSamples.Chosen("2.8.0", tag, "0.23.0", "2.8.0"));
        var program = string.Join('\n', PlanText.VerifyProgram(plan, plan.Steps.OfType<VerifyStep>().Single()));
        Check("python3", ["-c", "import sys; compile(sys.stdin.read(), 'proof', 'exec')"], program);
    }

    [Fact]
    public void PowerShell_QuotesAndChecks()
    {
        var script = PlanFormats.Find("powershell")!.Write(Plan(PlanningSamples.Chosen("1.7.1", "cu110", "0.8.2", "0.7.2", "conda", "windows", python: "3.8", toolkit: "11.0.3", cudnn: "8.0.5") with { Prefix = "D:\\it's" }));
        script.Should().Contain("$ErrorActionPreference = 'Stop'")
            .And.Contain("Fetch 'cuda_11.0.3_451.82_win10.exe' 'sha256'")
            .And.Contain("'D:\\it''s\\venv'")
            .And.Contain("-ArgumentList @('-s', 'nvcc_11.0',")
            .And.Contain("IsInRole")
            .And.Contain("*release 11.0,*");
    }

    [Fact]
    public void PowerShell_SetsTheUsersVariables_ForAnUnpackedToolkit()
    {
        var script = PlanFormats.Find("powershell")!.Write(Plan(PlanningSamples.Chosen("2.8.0", "cu128", os: "windows", toolkit: "12.8.1") with { ToolkitFrom = "redist" }));
        script.Should().Contain("[Environment]::SetEnvironmentVariable('CUDA_PATH', $env:CUDA_PATH, 'User')").And.NotContain("IsInRole");
    }

    [Theory]
    [InlineData("bash", "windows", "powershell")]
    [InlineData("powershell", "linux", "bash")]
    [InlineData("dockerfile", "windows", "Linux")]
    public void Format_OfAnotherSystem_SaysWhatToTake(string format, string os, string instead)
    {
        var act = () => PlanFormats.Find(format)!.Write(Plan(PlanningSamples.Chosen("2.8.0", "cu128", os: os)));
        act.Should().Throw<CudaCompat.Planning.Formats.PlanFormatException>().WithMessage($"*{instead}*");
    }

    [Theory]
    [InlineData("requirements")]
    [InlineData("pyproject")]
    public void PipFormat_OfACondaPlan_SaysWhatToTake(string format)
    {
        var act = () => PlanFormats.Find(format)!.Write(Plan(PlanningSamples.Chosen("2.5.1", "cu124", packaging: "conda")));
        act.Should().Throw<CudaCompat.Planning.Formats.PlanFormatException>().WithMessage("*environment*");
    }

    [Fact]
    public void Environment_OfConda_HasItsChannels()
    {
        var text = PlanFormats.Find("environment")!.Write(Plan(PlanningSamples.Chosen("2.5.1", "cu124", "0.20.1", packaging: "conda")));
        Lines(text).Should().Equal(
            "name: \"torch-2.5.1-cu124\"", "channels:", "  - \"pytorch\"", "  - \"nvidia\"", "  - \"defaults\"", "dependencies:",
            "  - \"python=3.11\"", "  - \"pytorch==2.5.1\"", "  - \"torchvision==0.20.1\"", "  - \"pytorch-cuda=12.4\"");
    }

    [Fact]
    public void Environment_OfWheels_HasThemInItsPipPart() =>
        Lines(PlanFormats.Find("environment")!.Write(Plan(PlanningSamples.Chosen("2.8.0", "cu128")))).Should().EndWith(
            ["  - pip", "  - pip:", "      - \"--index-url https://download.pytorch.org/whl/cu128\"", "      - \"torch==2.8.0+cu128\""]);

    [Fact]
    public void Requirements_NameTheIndexFirst() =>
        Lines(PlanFormats.Find("requirements")!.Write(Plan(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0")))).Should().Equal(
            "--index-url https://download.pytorch.org/whl/cu128", "torch==2.8.0+cu128", "torchvision==0.23.0+cu128");

    [Fact]
    public void Requirements_OfAWheelThatOnlyItsFolderTellsApart_NameTheFile() =>
        Lines(PlanFormats.Find("requirements")!.Write(Plan(PlanningSamples.Chosen("2.5.1", "cu124", arch: CpuArchitecture.Arm64, label: false))))
            .Should().EndWith("torch @ https://download.pytorch.org/whl/cu124/torch-2.5.1-cp311-cp311-linux_aarch64.whl");

    [Theory]
    [InlineData("environment")]
    [InlineData("pyproject")]
    [InlineData("powershell")]
    [InlineData("dockerfile")]
    public void FormatWithoutAPlaceForHashes_SaysWhatToTake(string format)
    {
        var act = () => PlanFormats.Find(format)!.Write(Plan(Whole()), Packages);
        act.Should().Throw<CudaCompat.Planning.Formats.PlanFormatException>().WithMessage("*pylock*");
    }

    [Fact]
    public void Pylock_WithoutALock_SaysHowToGetOne()
    {
        var act = () => PlanFormats.Find("pylock")!.Write(Plan(Whole()));
        act.Should().Throw<CudaCompat.Planning.Formats.PlanFormatException>().WithMessage("*--lock*");
    }

    [ProgramTheory("shellcheck")]
    [InlineData("whole")]
    [InlineData("uv")]
    [InlineData("absolute")]
    [InlineData("odd")]
    public void Bash_WithALock_IsCleanForShellcheckAndAsksForHashesAlone(string name)
    {
        var script = PlanFormats.Find("bash")!.Write(Plan(BashPlan(name)), Packages);
        Check("shellcheck", ["-"], script);
        script.Should().Contain($"filelock==3.13.1 --hash=sha256:{Packages[0].Sha256}\ntorch==2.8.0+cu128 --hash=sha256:{Packages[1].Sha256}\nREQUIREMENTS\n");
        System.Text.RegularExpressions.Regex.Matches(script, "pip install").Should().ContainSingle().Which.Success.Should().BeTrue();
    }

    [Fact]
    public void Pyproject_BindsThePackagesToTheIndex() =>
        Lines(PlanFormats.Find("pyproject")!.Write(Plan(PlanningSamples.Chosen("2.8.0", "cu128", "0.23.0")))).Should().Equal(
            "[project]", "requires-python = \"==3.11.*\"", "dependencies = [", "    \"torch==2.8.0+cu128\",", "    \"torchvision==0.23.0+cu128\",", "]", "",
            "[[tool.uv.index]]", "name = \"pytorch-cu128\"", "url = \"https://download.pytorch.org/whl/cu128\"", "explicit = true", "",
            "[tool.uv.sources]", "torch = { index = \"pytorch-cu128\" }", "torchvision = { index = \"pytorch-cu128\" }");

    [Fact]
    public void Dockerfile_RunsTheStepsAndSetsTheVariables()
    {
        var text = PlanFormats.Find("dockerfile")!.Write(Plan(Whole()));
        text.Should().Contain("FROM python:3.11-slim\n").And.Contain("fetch cuda_nvcc-linux-x86_64").And.Contain("ENV CUDA_HOME=\"/opt/cudacompat/cuda-12.8.1\"")
            .And.Contain("ENV PATH=\"/opt/cudacompat/.venv/bin\":$PATH").And.NotContain("is_available");
    }

    private static LockedPackage[] Packages =>
    [
        new("filelock", "3.13.1", "filelock-3.13.1-py3-none-any.whl", "https://files.pythonhosted.org/x/filelock-3.13.1-py3-none-any.whl", new string('a', 64)),
        new("torch", "2.8.0+cu128", "torch-2.8.0+cu128-cp311-cp311-manylinux_2_28_x86_64.whl", "https://download.pytorch.org/whl/cu128/torch-2.8.0%2Bcu128-cp311-cp311-manylinux_2_28_x86_64.whl", new string('b', 64)),
    ];

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(l => !l.StartsWith('#')).Reverse().SkipWhile(l => l.Length == 0).Reverse();

    private static void Check(string program, string[] arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, said);
    }
}
