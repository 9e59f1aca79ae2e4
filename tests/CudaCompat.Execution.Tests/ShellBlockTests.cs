using CudaCompat.Execution.Journals;
using System.Diagnostics;
using CudaCompat.Execution.Steps;
using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

public sealed class ShellBlockTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("sh")]
    public void Posix_OddValues_ReachTheShellAsTheyAre()
    {
        var step = new EnvironmentStep
        {
            Component = "toolkit",
            Scope = "shell-file",
            Set = new Dictionary<string, string> { ["ODD"] = "a b'c $HOME `x` \\" },
            Prepend = new Dictionary<string, IReadOnlyList<string>> { ["FIRST"] = ["/x y", "/z"], ["EMPTY"] = ["/only"] },
        };
        File.WriteAllBytes(_scratch["rc"], ShellBlock.AppendTo(_scratch["rc"], ShellBlock.Posix(step)));
        var info = new ProcessStartInfo("sh", ["-c", $". '{_scratch["rc"]}'; printf '%s|%s|%s' \"$ODD\" \"$FIRST\" \"$EMPTY\""]) { RedirectStandardOutput = true };
        info.Environment["FIRST"] = "/old";
        using var shell = Process.Start(info)!;

        shell.StandardOutput.ReadToEnd().Should().Be("a b'c $HOME `x` \\|/x y:/z:/old|/only");
    }

    [Theory]
    [InlineData("A B", "x")]
    [InlineData("1A", "x")]
    [InlineData("A;rm", "x")]
    [InlineData("A", "line\nrm -rf /")]
    public void Posix_NameOrValueThatIsNone_IsRefused(string name, string value)
    {
        var act = () => ShellBlock.Posix(new EnvironmentStep { Component = "x", Scope = "user", Set = new Dictionary<string, string> { [name] = value } });

        act.Should().Throw<StepFailedException>();
    }
}
