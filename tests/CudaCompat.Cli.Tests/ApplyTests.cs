namespace CudaCompat.Cli.Tests;

/// <summary>apply as a person meets it: asked, refused, shown, done, done again and undone.</summary>
public sealed class ApplyTests : IDisposable
{
    private const string Plan = """
        { "stack": {}, "compatibility": "full", "steps": [
          { "kind": "environment", "component": "stack", "scope": "shell-file", "set": { "CUDA_DEVICE_ORDER": "PCI_BUS_ID" }, "prepend": { "PATH": ["cuda-12.8.1/bin"] } } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cudacompat-apply-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Apply_NobodyToAskAndNoYes_IsRefused()
    {
        var (exitCode, output, errors) = Run("--journal", Path.Combine(_folder, "journal"));

        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().Contain("--yes").And.Contain("--dry-run");
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Fact]
    public void Apply_DryRun_SaysWhatItWouldDoAndDoesNot()
    {
        var (exitCode, output, errors) = Run("--dry-run");

        exitCode.Should().Be(0);
        output.Should().Contain("would set CUDA_DEVICE_ORDER, PATH").And.Contain("nothing was changed");
        errors.Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Fact]
    public void Apply_PlanWithRelativeFolders_WritesAbsoluteOnesOnceAndUndoesThem()
    {
        if (OperatingSystem.IsWindows())
            return; // there the variables are the user's, not a file's
        var shellFile = Path.Combine(_folder, ".bashrc");
        File.WriteAllText(shellFile, "alias ll='ls -l'\n");

        var first = Run("--yes");
        var written = File.ReadAllText(shellFile);
        var second = Run("--yes");
        var undone = Run("--yes", "--rollback");

        first.ExitCode.Should().Be(0, first.Errors);
        first.Output.Should().Contain("environment: CUDA_DEVICE_ORDER, PATH set in").And.MatchRegex(@"\[\d+\.\d s\]", "each step has its duration");
        written.Should().Contain($"export PATH='{Path.GetFullPath("cuda-12.8.1/bin")}'");
        second.Output.Should().Contain("was done");
        undone.ExitCode.Should().Be(0, undone.Errors);
        File.ReadAllText(shellFile).Should().Be("alias ll='ls -l'\n");
    }

    [Fact]
    public void Apply_PlanThatIsNotThisProgramsOwn_IsShownAsDifferentAndNotCarriedOut()
    {
        var (exitCode, _, errors) = CliProcess.Run(["apply", "-", "--yes"], Plan, new Dictionary<string, string> { ["HOME"] = _folder });

        exitCode.Should().Be(2);
        errors.Should().Contain("not what this program would do").And.Contain("--trust-plan");
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty();
    }

    [Fact]
    public void Apply_NoHomeFolder_StopsAndWritesNothingIntoTheCurrentFolder()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (exitCode, _, errors) = CliProcess.Run(["apply", "-", "--yes", "--trust-plan"], Plan, new Dictionary<string, string> { ["HOME"] = "/nonexistent", ["XDG_STATE_HOME"] = "", ["XDG_CACHE_HOME"] = "" });

        exitCode.Should().Be(2);
        errors.Should().Contain("--journal").And.Contain("--cache");
    }

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments) =>
        CliProcess.Run(["apply", "-", "--trust-plan", .. arguments], Plan, new Dictionary<string, string> { ["HOME"] = _folder, ["SHELL"] = "/bin/bash", ["XDG_STATE_HOME"] = Path.Combine(_folder, "state"), ["XDG_CACHE_HOME"] = Path.Combine(_folder, "cache") });
}
