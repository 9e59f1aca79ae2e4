using System.Diagnostics;

namespace CudaCompat.Cli.Tests;

/// <summary><c>data check</c> and <c>data update</c> as a person types them, with data that the repository's own script has signed.</summary>
public sealed class DataUpdateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cudacompat-update-").FullName;

    private string Stick => Path.Combine(_folder, "stick");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Update_FromAStickOfOnesOwn_IsTakenAndUsed()
    {
        Sign();
        var (exit, output, errors) = Run("data", "update", "--from", Stick, "--key", Path.Combine(_folder, "public.pem"), "--offline");
        exit.Should().Be(0, errors);
        output.Should().MatchRegex(@"^Data \S+ is the newest\.");
        File.Exists(Path.Combine(_folder, "share/cudacompat/data/current")).Should().BeTrue();
        Run("data").Exit.Should().Be(0);
        Run("data", "check", "--from", Path.Combine(Stick, "index.json"), "--key", Path.Combine(_folder, "public.pem")).Output.Should().Contain("is the newest");
    }

    [Fact]
    public void Update_SignedByNobodyTheProgramKnows_ExitsOneAndTakesNothing()
    {
        Sign();
        var (exit, _, errors) = Run("data", "update", "--from", Stick);
        exit.Should().Be(1);
        errors.Should().Contain("not signed by a key of this program");
        Directory.Exists(Path.Combine(_folder, "share/cudacompat")).Should().BeFalse();
    }

    [Theory]
    [InlineData("--from", "data", "update")]
    [InlineData("--offline", "data", "check", "--from", "https://example.org/", "--offline")]
    [InlineData("--key", "data", "check", "--from", "/nowhere", "--key", "/nowhere.pem")]
    public void Update_WrongUsage_ExitsTwoAndNamesTheArgument(string named, params string[] arguments)
    {
        var (exit, _, errors) = Run(arguments);
        exit.Should().Be(2);
        errors.Should().Contain(named);
    }

    private (int Exit, string Output, string Errors) Run(params string[] arguments) =>
        CliProcess.Run(arguments, environment: new Dictionary<string, string> { ["HOME"] = _folder, ["XDG_DATA_HOME"] = Path.Combine(_folder, "share") });

    private void Sign()
    {
        var key = Path.Combine(_folder, "key.pem");
        Program("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key);
        Program("openssl", "ec", "-in", key, "-pubout", "-out", Path.Combine(_folder, "public.pem"));
        Program("bash", Path.Combine(CliProcess.RepositoryRoot, "scripts/sign-data.sh"), key, Stick);
    }

    private static void Program(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, error.Result);
    }
}
