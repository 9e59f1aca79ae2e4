using System.Diagnostics;

namespace CudaCompat.Cli.Tests;

/// <summary>What happens at a real terminal: prompts, pasting, Ctrl-C. Python's pty is the terminal; where there is no Python the tests end at once.</summary>
public sealed class PseudoTerminalTests
{
    private const string Terminal = """
        import os, pty, select, signal, sys, time
        keys, seconds, program = sys.argv[1].encode().decode('unicode_escape').encode('latin-1'), float(sys.argv[2]), sys.argv[3:]
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ['TERM'] = 'xterm'
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a test run in the background ignores it
            os.execvp(program[0], program)
        shown, sent, end = b'', False, time.time() + 90
        waited = None
        while time.time() < end:
            ready, _, _ = select.select([terminal], [], [], 0.2)
            if ready:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    break
                if not part:
                    break
                shown += part
            if not sent and (b'then press' in shown or b'One JSON' in shown or b'[y/N]' in shown):
                time.sleep(0.3)
                os.write(terminal, keys)
                sent, end = True, time.time() + seconds
        ended = os.waitpid(pid, os.WNOHANG)
        if ended[0] == 0:
            time.sleep(0.5)
            ended = os.waitpid(pid, os.WNOHANG)
        if ended[0] == 0:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            print('STILL RUNNING')
        else:
            print('EXIT', os.waitstatus_to_exitcode(ended[1]))
        sys.stdout.write(shown.decode('utf-8', 'replace'))
        """;

    [Theory]
    [InlineData("plan --nvidia-smi -")]
    [InlineData("plan --paste -")]
    [InlineData("plan --machine -")]
    [InlineData("plan --batch")]
    [InlineData("check --batch")]
    public void CtrlC_WhileReading_EndsAtTheFirstPress(string arguments)
    {
        if (Run("\\x03", arguments) is not { } shown)
            return;
        shown.Should().StartWith("EXIT 130").And.NotContain("Unhandled exception");
    }

    [Fact]
    public void Paste_AtThePrompt_IsPlannedFor()
    {
        const string Paste = "| NVIDIA-SMI 550.54.15 Driver Version: 550.54.15 CUDA Version: 12.4 |\\n|   0  NVIDIA GeForce RTX 4070   Off | 00000000:01:00.0 Off | Off |\\n\\x04";
        if (Run(Paste, "plan --nvidia-smi -") is not { } shown)
            return;
        shown.Should().StartWith("EXIT 0").And.Contain("Paste the output of nvidia-smi").And.Contain("RTX 4070, driver 550.54.15");
    }

    // Null where there is no terminal to be had.
    private static string? Run(string keys, string arguments)
    {
        if (OperatingSystem.IsWindows() || !Has("python3"))
            return null;
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (IEnumerable<string>)["-c", Terminal, keys, "20", "dotnet", Path.Combine(AppContext.BaseDirectory, "CudaCompat.Cli.dll"), .. arguments.Split(' ')])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, errors.Result);
        return shown;
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
