using System.Diagnostics;
using CudaCompat.Cli.Commands;
using CudaCompat.Cli.Help;

namespace CudaCompat.Cli.Tests;

/// <summary>What a person meets at the terminal: help, slips of the finger, completion.</summary>
public sealed class TerminalTests
{
    private static readonly string[] Commands = ["", "plan", "check", "detect", "apply", "verify", "doctor", "list", "choose", "inspect", "data", "data where", "fetch", "cache", "cache clean", "completion"];

    public static TheoryData<string> EveryCommand => [.. Commands];

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void Help_OfEachCommand_HasExamples(string command)
    {
        var (exit, output, errors) = CliProcess.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        exit.Should().Be(0, errors);
        output.Should().Contain("Usage:").And.Contain("Examples:").And.Contain("  cudacompat " + command);
        output.Should().NotContain("CudaCompat.Cli", "the command has the name that a person types").And.NotContain("suggest", "that one is for the shells");
    }

    [Fact]
    public void Tool_WithoutCommand_PlansForThisMachine()
    {
        var machine = Path.GetTempFileName();
        File.WriteAllText(machine, """{ "os": "linux", "arch": "x86_64", "driver": "550.54.15", "python": "3.12", "gpus": [ { "name": "RTX 3090" } ] }""");
        var here = new Dictionary<string, string> { ["CUDACOMPAT_MACHINE"] = machine };
        var alone = CliProcess.Run([], environment: here);
        alone.ExitCode.Should().Be(0, alone.Errors);
        alone.Output.Should().Contain("RTX 3090").And.Contain("pip install torch==").And.Contain("cudacompat apply");
        alone.Output.Should().Be(CliProcess.Run(["plan"], environment: here).Output);
        CliProcess.Run(["--json"], environment: here).Output.Should().StartWith("{");
        File.Delete(machine);
    }

    /// <summary>Every command that looks at this machine says which file of the environment is none.</summary>
    [Theory]
    [InlineData("plan")]
    [InlineData("detect")]
    [InlineData("doctor")]
    [InlineData("report")]
    [InlineData("explain", "-")]
    [InlineData("apply", "--dry-run")]
    public void MachineOfTheEnvironment_ThatIsNone_IsToldWithoutAStack(params string[] arguments)
    {
        var machine = Path.GetTempFileName();
        File.WriteAllText(machine, "{ \"os\": ");
        var (exit, output, errors) = CliProcess.Run(arguments, arguments[0] == "explain" ? "RuntimeError" : null, new Dictionary<string, string> { ["CUDACOMPAT_MACHINE"] = machine });
        File.Delete(machine);

        exit.Should().Be(2, output + errors);
        errors.Should().Contain("CUDACOMPAT_MACHINE").And.NotContain("   at ").And.NotContain("Unhandled");
    }

    [Theory]
    [InlineData("unknown command 'plna'. Did you mean plan?", "plna")]
    [InlineData("unknown command 'dcotor'. Did you mean doctor?", "dcotor", "--json")]
    [InlineData("unknown option '--drvier'. Did you mean --driver?", "plan", "--drvier", "550.54.15")]
    [InlineData("unknown option '--jsno'. Did you mean --json?", "detect", "--jsno")]
    [InlineData("unknown option '--tochvision'. Did you mean --torchvision?", "plan", "--tochvision=0.20")]
    [InlineData("unknown command 'wehre'. Did you mean where?", "data", "wehre", "torch:2.8.0")]
    [InlineData("unknown command 'frobnicate'.", "frobnicate")]
    [InlineData("unexpected argument 'now'.", "plan", "now")]
    public void Slip_IsToldWithTheWordMeant(string told, params string[] arguments)
    {
        var (exit, output, errors) = CliProcess.Run(arguments);
        exit.Should().Be(2);
        output.Should().BeEmpty();
        errors.Split('\n')[0].Trim().Should().Be("cudacompat: " + told);
    }

    [Theory]
    [InlineData("pla", "plan")]
    [InlineData("PLAN", "plan")]
    [InlineData("chekc", "check")]
    [InlineData("xyz", "")]
    public void Nearest_WordGiven_IsTheOneMeant(string word, string expected) =>
        string.Join(",", Spelling.Nearest(word, ["plan", "check", "detect", "data"])).Should().Be(expected);

    [Theory]
    [InlineData("plan", "pl")]
    [InlineData("plan|check|detect|apply|verify|doctor|list|choose|inspect|explain|report|audit|data|fetch|cache|completion", "")]
    [InlineData("--driver", "plan", "--dri")]
    [InlineData("linux|windows|wsl|macos", "plan", "--os", "")]
    [InlineData("pip|uv|conda|conda-forge", "plan", "--json", "--packaging", "")]
    [InlineData("conda|conda-forge", "plan", "--packaging", "con")]
    [InlineData("where", "data", "w")]
    [InlineData("RTX_4090|RTX_4090_D|RTX_4090_Laptop_GPU", "plan", "--gpu", "rtx_409")]
    [InlineData("2.4.0|2.4.1", "check", "--torch", "2.4.")]
    [InlineData("torch,torchaudio|torch,torchvision|torch,toolkit", "plan", "--components", "torch,t")]
    [InlineData("torch:2.4.0|torch:2.4.1", "data", "where", "torch:2.4.")]
    [InlineData("", "plan", "--machine", "")]
    public void Suggest_IsWhatMayFollow(string expected, params string[] words) =>
        CompletionCommand.Suggest(words).Should().BeEquivalentTo(expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Completion_UnknownShell_NamesTheKnownOnes()
    {
        var (exit, _, errors) = CliProcess.Run(["completion", "tcsh"]);
        exit.Should().Be(2);
        errors.Should().Contain("SHELL").And.Contain("bash, zsh, powershell");
    }

    [Fact]
    public void BashCompletion_Sourced_Completes()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/bin/bash"))
            return;
        var script = $$"""
            cudacompat() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "CudaCompat.Cli.dll")}}' "$@"; }
            eval "$(cudacompat completion bash)"
            COMP_WORDS=(cudacompat plan --o); COMP_CWORD=2; _cudacompat; echo "${COMPREPLY[*]}"
            COMP_WORDS=(cudacompat plan --os ''); COMP_CWORD=3; _cudacompat; echo "${COMPREPLY[*]}"
            COMP_WORDS=(cudacompat do); COMP_CWORD=1; _cudacompat; echo "${COMPREPLY[*]}"
            complete -p cudacompat
            """;
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var bash = Process.Start(start)!;
        var lines = bash.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        bash.WaitForExit();
        lines.Should().Equal("--os", "linux macos windows wsl", "doctor", "complete -F _cudacompat cudacompat");
    }
}
