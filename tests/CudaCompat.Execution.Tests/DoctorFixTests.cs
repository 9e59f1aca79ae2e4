using System.Diagnostics;
using System.IO.Compression;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Environments;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Planning;
using CudaCompat.Resolution;

namespace CudaCompat.Execution.Tests;

/// <summary>What the doctor finds is mended by its own commands: the real pip in real virtual environments, against an index on loopback.</summary>
#pragma warning disable CA1001 // the test runner calls DisposeAsync
public sealed class DoctorFixTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Scratch _scratch = new();
    private LocalServer _server = null!;
    private int _journals;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _scratch.Dispose();
    }

    private string Root => _scratch["venv"];

    private string Site => Directory.EnumerateDirectories(Path.Combine(Root, "lib"), "python*").Select(p => Path.Combine(p, "site-packages")).Single();

    [NeedsProgramsFact("python3")]
    public async Task Fix_CompanionsOfAnotherCudaAndADependencyGone_AreMendedProvedAndUndone()
    {
        QuickEnvironment.Make(Root);
        Put(Torch("2.13.0+cpu", null), Companion("torchvision", "0.28.0", "0.28.0+cu130"), Companion("torchaudio", "2.11.0", "2.11.0+cu130"));
        Directory.CreateDirectory(Path.Combine(Site, "~orch-2.12.0.dist-info"));
        File.WriteAllText(Path.Combine(Site, "~orch-2.12.0.dist-info", "METADATA"), "Metadata-Version: 2.1\nName: torch\nVersion: 2.12.0\n");
        var index = Index();
        var before = Picture();

        var found = Look(out var environment);
        var repairs = RepairPlan.Of(found, environment, index);
        var report = await Executor().RepairAsync(repairs.Plan!);
        var after = Look(out _);
        var rolledBack = await Executor().RollbackAsync(report.Journal);

        found.Findings.Where(f => f.Severity != Severity.Info).Select(f => f.Rule).Distinct().Should().Contain(["companion-cpu-cuda", "dependency-missing", "package-incomplete"]);
        repairs.Left.Should().BeEmpty();
        repairs.Commands.Should().HaveCount(3).And.ContainSingle(c => c.Contains("--force-reinstall --no-deps torchvision==0.28.0+cpu torchaudio==2.11.0+cpu --index-url"), "one run of pip brings both");
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        report.Steps[^1].Message.Should().Contain("torchvision").And.Contain("torchaudio");
        after.Findings.Where(f => f.Severity != Severity.Info).Should().BeEmpty(Told(after));
        rolledBack.Outcome.Should().Be(ExecutionOutcome.RolledBack);
        Scratch.Difference(before, Picture()).Should().BeEmpty();
    }

    [NeedsProgramsTheory("python3")]
    [InlineData("METADATA")]
    [InlineData("RECORD")]
    [InlineData("file")]
    [InlineData("dist-info")]
    [InlineData("twice")]
    public async Task Fix_TorchThatIsNotWhole_IsPutBack(string gone)
    {
        QuickEnvironment.Make(Root);
        Put(Torch("2.13.0+cpu", null), Wheels.Wheel("filelock", "3.13.1", "x = 1"));
        var info = Path.Combine(Site, "torch-2.13.0+cpu.dist-info");
        switch (gone)
        {
            case "METADATA" or "RECORD":
                File.Delete(Path.Combine(info, gone));
                if (gone == "RECORD")
                    File.Delete(Path.Combine(info, "METADATA")); // the list alone is not missed
                break;
            case "file":
                File.Delete(Path.Combine(Site, "torch", "functional.py"));
                break;
            case "dist-info":
                Directory.Delete(info, recursive: true);
                break;
            default:
                Directory.CreateDirectory(Path.Combine(Site, "torch-2.12.0.dist-info"));
                File.WriteAllText(Path.Combine(Site, "torch-2.12.0.dist-info", "METADATA"), "Metadata-Version: 2.1\nName: torch\nVersion: 2.12.0\n");
                break;
        }

        var index = Index();
        var before = Picture();

        var found = Look(out var environment);
        var report = await Executor().RepairAsync(RepairPlan.Of(found, environment, index).Plan!);
        var after = Look(out _);
        (await Executor().RollbackAsync(report.Journal)).Outcome.Should().Be(ExecutionOutcome.RolledBack);

        found.Findings.Should().Contain(f => f.Rule == (gone == "twice" ? "package-duplicate" : "package-incomplete"));
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        after.Findings.Where(f => f.Severity != Severity.Info).Should().BeEmpty(Told(after));
        Scratch.Difference(before, Picture()).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Fix_PythonThatIsGone_IsLinkedAgain()
    {
        QuickEnvironment.Make(Root);
        Put(Torch("2.13.0+cpu", null), Wheels.Wheel("filelock", "3.13.1", "x = 1"));
        var bin = Path.Combine(Root, "bin");
        foreach (var link in Directory.EnumerateFiles(bin, "python*").ToArray())
            File.Delete(link);
        File.CreateSymbolicLink(Path.Combine(bin, "python3"), "/opt/python-that-was-removed/bin/python3");
        File.CreateSymbolicLink(Path.Combine(bin, "python"), "python3");
        var before = Picture();

        var found = Look(out var environment);
        var repairs = RepairPlan.Of(found, environment, null);
        var report = await Executor().RepairAsync(repairs.Plan!);
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        var after = Look(out _);
        var runs = Run(Path.Combine(bin, "python"), "-c", "import torch; print(torch.__version__)");
        (await Executor().RollbackAsync(report.Journal)).Outcome.Should().Be(ExecutionOutcome.RolledBack);

        found.Findings.Should().Contain(f => f.Rule == "environment-broken" && f.Command!.Contains("-m venv --upgrade"));
        after.Findings.Where(f => f.Severity != Severity.Info).Should().BeEmpty(Told(after));
        runs.Should().Be("2.13.0+cpu");
        Scratch.Difference(before, Picture()).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Fix_EnvironmentThatWasMoved_StartsItsOwnPython()
    {
        Run("python3", "-m", "venv", _scratch["made"]);
        Directory.Move(_scratch["made"], Root);
        var pip = Path.Combine(Root, "bin", "pip");
        var version = Run(Path.Combine(Root, "bin", "python"), "-c", "import pip; print(pip.__version__)");
        Run(Path.Combine(Root, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", WheelFile("filelock", "3.13.1", Wheels.Wheel("filelock", "3.13.1", "x = 1")));
        _server.File($"/simple/pip/pip-{version}-py3-none-any.whl", PipWheel(version));
        _server.File("/simple/pip/", System.Text.Encoding.UTF8.GetBytes($"<html><body><a href=\"pip-{version}-py3-none-any.whl#sha256={Wheels.Sha256(PipWheel(version))}\">pip-{version}-py3-none-any.whl</a></body></html>"), "text/html");

        var found = Look(out var environment);
        var report = await Executor().RepairAsync(RepairPlan.Of(found, environment, _server.Url + "/simple").Plan!);

        found.Findings.Should().ContainSingle(f => f.Rule == "environment-broken").Which.Command.Should().Contain($"pip=={version}");
        report.Outcome.Should().Be(ExecutionOutcome.Finished, PlanExecutorTests.Told(report));
        File.ReadLines(pip).First().Should().StartWith("#!" + Root);
        Look(out _).Findings.Should().NotContain(f => f.Rule == "environment-broken");
    }

    [NeedsProgramsFact("python3")]
    public async Task Fix_IndexWithoutThePackage_FailsAndChangesNothing()
    {
        QuickEnvironment.Make(Root);
        Put(Torch("2.13.0+cpu", null), Companion("torchvision", "0.28.0", "0.28.0+cu130"), Wheels.Wheel("filelock", "3.13.1", "x = 1"));
        var before = Picture();
        _server.File("/empty/torchvision/", "<html><body></body></html>"u8.ToArray(), "text/html");

        var found = Look(out var environment);
        var report = await Executor().RepairAsync(RepairPlan.Of(found, environment, _server.Url + "/empty").Plan!);

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        report.Steps.Should().Contain(s => s.LastLines.Any(l => l.Contains("No matching distribution found for torchvision==0.28.0+cpu")));
        Scratch.Difference(before, Picture()).Should().BeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public void Plan_OfVariablesAndForeignPackages_LeavesThemToThePerson()
    {
        QuickEnvironment.Make(Root);
        Put(Torch("2.13.0+cpu", null), Companion("torchvision", "0.28.0", "0.28.0+cu130"), Wheels.Wheel("filelock", "3.13.1", "x = 1"));
        File.WriteAllText(Path.Combine(Site, "torchvision-0.28.0.dist-info", "INSTALLER"), "conda\n");
        var other = _scratch["other"];
        Directory.CreateDirectory(Path.Combine(other, "torch"));
        File.WriteAllText(Path.Combine(other, "torch", "__init__.py"), "");

        var found = Look(out var environment, ("PYTHONPATH", other));
        var repairs = RepairPlan.Of(found, environment, null);

        repairs.Plan.Should().BeNull();
        repairs.Left.Select(f => f.Rule).Should().BeEquivalentTo("path-shadowed", "companion-cpu-cuda");
        repairs.Left.Should().OnlyContain(f => f.Command != null && f.File != null);
    }

    [Theory]
    [InlineData("remove", "/etc/passwd", "$.steps[0].paths[0]")]
    [InlineData("install", "torch --index-url http://evil", "$.steps[0].requirements[0]")]
    [InlineData("install", "./torch.whl", "$.steps[0].requirements[0]")]
    [InlineData("uninstall", "-r", "$.steps[0].requirements[0]")]
    [InlineData("format", "x", "$.steps[0].method")]
    public void Document_WithARepairThatIsNone_IsRefused(string method, string word, string path)
    {
        var step = new RepairStep { Component = "environment", Method = method, Environment = Root, Requirements = method == "remove" ? [] : [word], Paths = method == "remove" ? [word] : [] };
        FluentActions.Invoking(() => PlanDocumentCheck.Check(FullStack.Of([step]))).Should().Throw<PlanDocumentException>().Which.Path.Should().Be(path);
    }

    [Fact]
    public void Review_OfAPlanFromElsewhereThatRepairs_Objects()
    {
        var step = new RepairStep { Component = "environment", Method = "install", Environment = Root, Requirements = ["torch==2.13.0"], Again = true };
        var plan = InstallPlanDocument.Read(InstallPlanDocument.Write(FullStack.Of([step])));
        plan.Steps.Should().ContainSingle().Which.Should().BeEquivalentTo(step);
        PlanReview.Of(plan, new ExecutionOptions()).Objections.Should().NotBeEmpty();
    }

    [NeedsProgramsFact("python3")]
    public async Task Remove_OfAFolderElsewhere_IsNotDone()
    {
        QuickEnvironment.Make(Root);
        var outside = _scratch["site-packages/~mine"];
        Directory.CreateDirectory(outside);
        var step = new RepairStep { Component = "environment", Method = "remove", Environment = Root, Paths = [outside] };

        var report = await Executor().RepairAsync(FullStack.Of([step]));

        report.Outcome.Should().Be(ExecutionOutcome.Failed);
        Directory.Exists(outside).Should().BeTrue();
    }

    // Stand-ins that say of themselves what the real ones say, and compute what the proof asks of them.
    private static byte[] Torch(string version, string? cuda) => Wheels.Wheel(
        "torch",
        version,
        [
            ("torch/__init__.py", Wheels.TorchCode.Replace("{0}", version).Replace("{1}", cuda is null ? "None" : $"\"{cuda}\"").Replace("{2}", "False").Replace("{3}", "0") + """

                Tensor.reshape = lambda self, *shape: self
                Tensor.to = lambda self, device: self
                def sin(x):
                    return x
                def tensor(values):
                    return Tensor([0, 2])

                """),
            ("torch/version.py", $"__version__ = '{version}'\ncuda = {(cuda is null ? "None" : $"'{cuda}'")}\n"),
            ("torch/functional.py", "x = 1\n"),
        ],
        "filelock");

    private static byte[] Companion(string name, string version, string inside) => Wheels.Wheel(
        name,
        version,
        [
            ($"{name}/__init__.py", $"import torch\nfrom . import ops, transforms\n__version__ = '{inside}'\nif {(inside.Contains("+cu") ? "True" : "False")} != (torch.version.cuda is not None):\n    raise RuntimeError('operator {name}::nms does not exist')\n"),
            ($"{name}/version.py", $"__version__ = '{inside}'\n"),
            ($"{name}/ops.py", "def nms(boxes, scores, threshold):\n    return boxes\n"),
            ($"{name}/transforms.py", "class Resample:\n    shape = (1, 800)\n    def __init__(self, a, b):\n        pass\n    def __call__(self, x):\n        return self\n"),
        ],
        "torch");

    private string Index() => Wheels.Index(
        _server,
        "/simple",
        ("torch", "2.13.0+cpu", Torch("2.13.0+cpu", null)),
        ("torchvision", "0.28.0+cpu", Companion("torchvision", "0.28.0+cpu", "0.28.0+cpu")),
        ("torchaudio", "2.11.0+cpu", Companion("torchaudio", "2.11.0+cpu", "2.11.0+cpu")),
        ("filelock", "3.13.1", Wheels.Wheel("filelock", "3.13.1", "x = 1")));

    // NumPy is listed and cannot be imported, so the proof leaves out what needs it.
    private void Put(params byte[][] wheels)
    {
        foreach (var wheel in wheels.Append(Wheels.Wheel("numpy", "2.3.0", [])))
        {
            using var archive = new ZipArchive(new MemoryStream(wheel));
            archive.ExtractToDirectory(Site);
        }
    }

    private string WheelFile(string package, string version, byte[] bytes)
    {
        var file = _scratch[Wheels.NameOf(package, version)];
        File.WriteAllBytes(file, bytes);
        return file;
    }

    // The pip of this machine's Python, as the wheel that it brings for its environments.
    private static byte[] PipWheel(string version) => File.ReadAllBytes(Run("python3", "-c",
        $"import ensurepip, glob, os; print(glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), '_bundled', 'pip-{version}-*.whl'))[0])"));

    private DoctorReport Look(out EnvironmentReport environment, params (string Name, string Value)[] variables)
    {
        var surroundings = EnvironmentSurroundings.Current() with { Variables = variables.ToDictionary(v => v.Name, v => v.Value), CurrentFolder = "/", Home = null, Gpus = 0 };
        environment = EnvironmentReader.Read(Root, surroundings, CompatibilityMatrix.Embedded)!;
        var machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux, Architecture = CpuArchitecture.X64, Gpus = [], Python = environment.Python };
        return Doctor.Examine(new DetectionReport { Machine = machine, Pythons = [new FoundPython { Path = Path.Combine(Root, "bin", "python"), Kind = "venv", IsChosen = true }] }, environment: environment);
    }

    // Byte code is written by whoever imports.
    private SortedDictionary<string, string> Picture()
    {
        var picture = Scratch.Picture(Root);
        foreach (var path in picture.Keys.Where(k => k.EndsWith(".pyc", StringComparison.Ordinal) || k.EndsWith("__pycache__", StringComparison.Ordinal)).ToArray())
            picture.Remove(path);
        return picture;
    }

    private PlanExecutor Executor() => new(new ExecutionOptions
    {
        JournalFolder = _scratch[$"journal-{_journals++}"],
        CacheFolder = _scratch["cache"],
    });

    private static string Told(DoctorReport report) => string.Join('\n', report.Findings.Select(f => $"{f.Severity} {f.Rule} {f.Subject}: {f.Message}"));

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
        return output;
    }
}
