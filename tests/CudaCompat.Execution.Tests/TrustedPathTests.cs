using CudaCompat.Execution.Steps;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Tests;

/// <summary>Programs are run only from where root or the user alone can have put them.</summary>
public sealed class TrustedPathTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("chmod")]
    public void Find_FolderOrParentThatOthersMayWrite_IsNotLookedIn()
    {
        Put("good/bin/tool");
        Put("open/bin/tool");
        Put("wide/bin/tool");
        Mode("open", (UnixFileMode)0x1FF); // 0777 on the parent
        Mode("wide/bin", (UnixFileMode)0x1FD); // 0775

        TrustedPath.FromVariable(_scratch["good/bin"]).Find("tool").Should().Be(_scratch["good/bin/tool"]);
        TrustedPath.FromVariable(_scratch["open/bin"]).Find("tool").Should().BeNull();
        if (Environment.IsPrivilegedProcess)
            TrustedPath.FromVariable(_scratch["wide/bin"]).Find("tool").Should().BeNull("a group is not root");
        var act = () => TrustedPath.FromVariable(_scratch["open/bin"]).Require("tool");
        act.Should().Throw<ProgramNotFoundException>().WithMessage("*open may be written by everybody*");
    }

    [NeedsProgramsFact("chown")]
    public void Find_ProgramOfAnotherUser_IsNotRun()
    {
        if (!Environment.IsPrivilegedProcess)
            return; // only root can make such a file
        Put("bin/tool");
        using (var chown = System.Diagnostics.Process.Start("chown", ["65534", _scratch["bin/tool"]]))
            chown.WaitForExit();

        TrustedPath.FromVariable(_scratch["bin"]).Find("tool").Should().BeNull();
    }

    [NeedsProgramsFact("ln")]
    public void WhyNot_LinkIntoAFolderOfEverybody_IsFollowed()
    {
        Put("open/tool");
        Directory.CreateDirectory(_scratch["bin"]);
        File.CreateSymbolicLink(_scratch["bin/tool"], "../open/tool");
        Mode("open", (UnixFileMode)0x1FF);

        TrustedPath.WhyNot(_scratch["bin/tool"]).Should().Contain("open may be written by everybody");
    }

    [NeedsProgramsFact("chmod")]
    public async Task Execute_EnvironmentInAFolderOfEverybody_ItsPythonIsNotRun()
    {
        Put("open/venv/bin/python", $"#!/bin/sh\ntouch '{_scratch["canary"]}'\necho 3.12\n");
        Mode("open", (UnixFileMode)0x1FF);
        var plan = FullStack.Of([new PythonStep { Component = "python", Method = "venv", Version = "3.12", Environment = _scratch["open/venv"] }]);

        var report = await new PlanExecutor(new ExecutionOptions { JournalFolder = _scratch["journal"], CacheFolder = _scratch["cache"], TrustPlan = true }).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("may be written by everybody");
        File.Exists(_scratch["canary"]).Should().BeFalse();
    }

    [NeedsProgramsFact("bash")]
    public async Task Execute_RunfileWithoutAChecksum_IsNeverRun()
    {
        await using var server = await LocalServer.StartAsync();
        var url = server.File("/cuda.run", System.Text.Encoding.UTF8.GetBytes($"#!/bin/bash\ntouch '{_scratch["canary"]}'\n"));
        var plan = FullStack.Of([new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "runfile", FileName = "cuda.run", Url = url, Prefix = _scratch["cuda"] }]);
        var options = new ExecutionOptions { JournalFolder = _scratch["journal"], CacheFolder = _scratch["cache"], TrustPlan = true, TrustedHosts = ["127.0.0.1", "localhost"], AllowAdmin = true };

        var report = await new PlanExecutor(options).ExecuteAsync(plan);

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps[0].Message.Should().Contain("no source has a checksum");
        File.Exists(_scratch["canary"]).Should().BeFalse();
        server.Requests.Should().BeEmpty();
    }

    [Fact]
    public void KeyOf_ChecksumThatIsAPath_IsRefused()
    {
        var act = () => Downloads.DownloadCache.KeyOf(new Downloads.DownloadRequest("x", ["https://example.org/x"], new Checksum("sha256", "/../../../..".PadRight(64, '/')), 1));

        act.Should().Throw<StepFailedException>();
    }

    [Theory]
    [InlineData("plain + text_1 é 中", "plain + text_1 é 中")]
    [InlineData("a\u001b[2Kb\r", "a\\u{1B}[2Kb\\u{D}")]
    [InlineData("a\u202eb", "a\\u{202E}b")]
    public void VisibleText_OfHiddenCharacters_ShowsTheirNumbers(string text, string shown) => VisibleText.Of(text).Should().Be(shown);

    private void Put(string name, string text = "#!/bin/sh\n")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scratch[name])!);
        File.WriteAllText(_scratch[name], text);
        Mode(name, (UnixFileMode)0x1ED);
    }

    private void Mode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_scratch[name], mode);
    }
}
