using System.Diagnostics;
using System.Text.Json.Nodes;
using CudaCompat.Cli.Output;
using CudaCompat.Cli.Tests.Real;
using CudaCompat.Explaining;

namespace CudaCompat.Cli.Tests;

/// <summary>doctor --fix and detect --python-path as a person meets them.</summary>
public sealed class DoctorFixCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cudacompat-doctor-fix-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RealProgramFact("python3")]
    public void Fix_Leftover_IsShownAskedForDoneAndUndone()
    {
        var venv = Environment();
        var leftover = Directory.EnumerateDirectories(venv, "~orch-2.12.0.dist-info", SearchOption.AllDirectories).First();
        string[] doctor = ["doctor", "--python-path", venv, "--fix", "--journal", Path.Combine(_folder, "journal"), "--cache", Path.Combine(_folder, "cache")];

        var shown = CliProcess.Run([.. doctor, "--dry-run"]);
        var nobody = CliProcess.Run(doctor);
        var there = Directory.Exists(leftover);
        var done = CliProcess.Run([.. doctor, "--yes", "--json"]);
        var gone = !Directory.Exists(leftover);
        var undone = CliProcess.Run(["apply", "--rollback", "--yes", "--journal", Path.Combine(_folder, "journal")]);

        shown.ExitCode.Should().Be(0, shown.Errors);
        shown.Output.Should().Contain("What is done to mend it").And.Contain("1. rm -r ").And.Contain("~orch-2.12.0.dist-info");
        nobody.ExitCode.Should().Be(2);
        nobody.Errors.Should().Contain("--yes");
        there.Should().BeTrue("neither of them changes anything");
        done.ExitCode.Should().Be(0, done.Errors + done.Output);
        var fix = JsonNode.Parse(done.Output)!["fix"]!;
        fix["outcome"]!.GetValue<string>().Should().Be("mended");
        fix["mended"]!.AsArray().Should().ContainSingle().Which!["rule"]!.GetValue<string>().Should().Be("package-incomplete");
        fix["left"]!.AsArray().Should().BeEmpty();
        gone.Should().BeTrue();
        undone.ExitCode.Should().Be(0, undone.Errors);
        File.Exists(Path.Combine(leftover, "METADATA")).Should().BeTrue();
    }

    [RealProgramFact("python3")]
    public void Fix_SoundEnvironment_HasNothingToDo()
    {
        var venv = Environment();
        Directory.Delete(Directory.EnumerateDirectories(venv, "~orch-2.12.0.dist-info", SearchOption.AllDirectories).First(), recursive: true);

        var (exitCode, output, errors) = CliProcess.Run(["doctor", "--python-path", venv, "--fix", "--yes"]);

        exitCode.Should().Be(0, errors);
        output.Should().Contain("There is nothing to mend.");
    }

    [Theory]
    [InlineData("--yes, --dry-run, --index, --journal and --cache belong to --fix", "doctor", "--yes")]
    [InlineData("--index: 'ftp://x' is not an https address", "doctor", "--fix", "--index", "ftp://x")]
    [InlineData("--python-path: '/nowhere' is no Python interpreter", "doctor", "--python-path", "/nowhere")]
    [InlineData("--python-path: '/nowhere' is no Python interpreter", "detect", "--python-path", "/nowhere")]
    [InlineData("--python-path: '' is no Python interpreter", "detect", "--python-path", "")]
    [InlineData("--python-path: '/nowhere' is no Python interpreter", "explain", "--python-path", "/nowhere")]
    public void PathOrOption_ThatIsNone_IsBadInput(string told, params string[] arguments)
    {
        var (exitCode, output, errors) = CliProcess.Run(arguments);
        exitCode.Should().Be(2);
        output.Should().BeEmpty();
        errors.Should().Contain(told);
    }

    [RealProgramFact("python3")]
    public void Detect_PythonPath_TellsThePackagesOfThatEnvironment()
    {
        var venv = Environment();
        var (exitCode, output, errors) = CliProcess.Run(["detect", "--python-path", venv, "--json"]);
        exitCode.Should().Be(0, errors);
        JsonNode.Parse(output)!["installed"]!["torch"]!.GetValue<string>().Should().Be("2.13.0+cpu");

        CliProcess.Run(["detect", "--python-path", venv, "--driver", "535.104.05"]).ExitCode.Should().Be(2, "a machine that is given has no environment here");
    }

    [Fact]
    public void Explanation_OfEveryExample_IsTwelveLinesAtMost()
    {
        foreach (var example in CauseTable.Curated.Rows.SelectMany(r => r.Examples))
        {
            using var writer = new StringWriter();
            ExplanationText.Write(writer, Explainer.Explain(string.Concat(Enumerable.Repeat(example + "\n", 3))), new Paint(false));
            writer.ToString().TrimEnd().Split('\n').Length.Should().BeLessThanOrEqualTo(12, example);
        }
    }

    // A torch that computes as much as the proof asks, and what an interrupted upgrade left beside it.
    private string Environment()
    {
        var venv = Path.Combine(_folder, "venv");
        using (var python = Process.Start("python3", ["-m", "venv", "--without-pip", venv]))
            python.WaitForExit();
        var site = Path.Combine(Directory.EnumerateDirectories(Path.Combine(venv, "lib"), "python*").Single(), "site-packages");
        Put("torch/__init__.py", """
            __version__ = '2.13.0+cpu'
            float32 = 'float32'
            class version:
                cuda = None
            class Tensor:
                def __init__(self, values): self.values = values
                def __mul__(self, x): return Tensor([v * x for v in self.values])
                def __add__(self, x): return Tensor([v + x for v in self.values])
                def cpu(self): return self
                def reshape(self, shape): return self
                def tolist(self): return [float(v) for v in self.values]
            def arange(start, end, device=None, dtype=None): return Tensor(range(start, end))
            def ones(shape, device=None): return Tensor([1.0])
            def matmul(a, b): return Tensor([64.0] * 4096)
            """);
        Put("torch/version.py", "__version__ = '2.13.0+cpu'\ncuda = None\n");
        Put("torch-2.13.0+cpu.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0+cpu\n");
        Put("numpy-2.3.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: numpy\nVersion: 2.3.0\n");
        Put("~orch-2.12.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 2.12.0\n");
        return venv;

        void Put(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(site, path))!);
            File.WriteAllText(Path.Combine(site, path), text);
        }
    }
}
