using System.Security.Cryptography;

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

    [Theory]
    [InlineData("--resume", "was done")]
    [InlineData("--rollback", "would put back")]
    public void Apply_DryRunOfWhatWasBegun_TellsAndChangesNothing(string what, string told)
    {
        if (OperatingSystem.IsWindows())
            return; // there the variables are the user's, not a file's
        var journal = Path.Combine(_folder, "journal");
        File.WriteAllText(Path.Combine(_folder, ".bashrc"), "alias ll='ls -l'\n");
        Run("--yes", "--journal", journal).ExitCode.Should().Be(0);
        var before = Picture();

        var (exitCode, output, errors) = RunWithoutPlan(what, "--dry-run", "--journal", journal);

        exitCode.Should().Be(0, errors);
        output.Should().Contain(told).And.Contain("nothing was changed");
        Picture().Should().Equal(before);
    }

    [Fact]
    public void Apply_WithoutPlan_TakesAPackagingAsPlanSpellsIt()
    {
        var machine = Path.Combine(_folder, "machine.json");
        File.WriteAllText(machine, """{ "os": "linux", "arch": "x86_64", "glibc": "2.35", "driver": "550.54.15", "python": "3.12", "gpus": [ { "name": "RTX 3090" } ] }""");
        var here = new Dictionary<string, string> { ["CUDACOMPAT_MACHINE"] = machine, ["HOME"] = _folder };

        var (exitCode, output, errors) = CliProcess.Run(["apply", "--dry-run", "--packaging", "mamba", "--prefix", Path.Combine(_folder, "x")], environment: here);

        exitCode.Should().Be(0, errors);
        output.Should().Contain("with conda").And.Contain("nothing was changed");
        CliProcess.Run(["apply", "--dry-run", "--packaging", "nix"], environment: here).Errors.Should().Contain("packaging").And.Contain("nix");
    }

    [Theory]
    [InlineData("\"size\": 99999999999999999999999", "$.steps[0].size", "out of range")]
    [InlineData("\"size\": 1.5", "$.steps[0].size", "whole")]
    [InlineData("\"description\": \"\\ud800\"", "$.steps[0].description", "surrogate")]
    public void Apply_FieldThatHoldsNoValue_IsNamedWithWhatIsWrong(string field, string path, string told)
    {
        var plan = $$"""{"stack":{},"compatibility":"full","steps":[{"kind":"download","component":"a","url":"https://x.example/y",{{field}}}]}""";

        var (exitCode, _, errors) = CliProcess.Run(["apply", "-", "--dry-run"], plan);

        exitCode.Should().Be(2);
        errors.Should().Contain(path).And.Contain(told);
    }

    [Fact]
    public void Apply_StatusOfAJournalWithAnotherPlan_IsDamaged()
    {
        if (OperatingSystem.IsWindows())
            return; // there the variables are the user's, not a file's
        var journal = Path.Combine(_folder, "journal");
        Run("--yes", "--journal", journal).ExitCode.Should().Be(0);
        RunWithoutPlan("--status", "--journal", journal).Output.Should().Contain(": done");
        File.WriteAllText(Path.Combine(journal, "plan.json"), """{"stack":{},"compatibility":"full","steps":[]}""");

        var (exitCode, output, _) = RunWithoutPlan("--status", "--journal", journal);

        exitCode.Should().Be(1);
        output.Should().Contain("damaged");
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

    private string[] Picture() => [.. Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(f => f + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))))];

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments) => RunWithoutPlan(["-", "--trust-plan", .. arguments]);

    private (int ExitCode, string Output, string Errors) RunWithoutPlan(params string[] arguments) => CliProcess.Run(
        ["apply", .. arguments],
        Plan,
        new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["SHELL"] = "/bin/bash",
            ["XDG_STATE_HOME"] = Path.Combine(_folder, "state"),
            ["XDG_CACHE_HOME"] = Path.Combine(_folder, "cache"),
        });
}
