using System.Diagnostics;
using CudaCompat.Planning;
using CudaCompat.Resolution;
using CudaCompat.Verification;
using CudaCompat.Versions;

namespace CudaCompat.Execution.Tests;

public sealed class VerifierTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [NeedsProgramsFact("python3", "sh")]
    public async Task Verify_StackInstalledByHand_ChecksEachGpu()
    {
        PutToolkit("12.8");
        PutTorch(Wheels.TorchCode, "2.8.0+cu128", "\"12.8\"", gpus: 3);

        var report = await Verifier.VerifyAsync(Options());

        report.Proved.Should().BeTrue(Told(report));
        report.Checks.Where(c => c.Name == "kernel").Select(c => c.Subject).Should().Equal("GPU 0 Fake GPU 0 (9.0)", "GPU 1 Fake GPU 1 (9.0)", "GPU 2 Fake GPU 2 (9.0)");
        report.Checks.Single(c => c.Name == "nvcc").Found.Should().Be("12.8");
        report.Checks.Single(c => c.Name == "cudnn").Found.Should().Be("9.10.2");
        System.Text.Encoding.UTF8.GetString(report.ToJson()).Should().Contain("\"status\":\"ok\"").And.Contain("\"proves\":[\"nvcc\",\"cudnn\",\"torch\",\"kernel\"]");
    }

    [NeedsProgramsFact("python3", "sh")]
    public async Task Verify_OtherVersionsThanExpected_FailEachWithCauseAndNextStep()
    {
        PutToolkit("11.8");
        PutTorch(Wheels.TorchCode, "2.8.0+cpu", "None", gpus: 0);
        var expected = new StackDocument { Torch = PackageVersion.Parse("2.8.0"), CudaTag = CudaTag.Parse("cu128"), Toolkit = CudaVersion.Parse("12.8.1"), Cudnn = DottedVersion.Parse("9.9.0") };

        var report = await Verifier.VerifyAsync(Options() with { Expected = expected, ExpectedGpus = 1 });

        report.Succeeded.Should().BeFalse();
        var failed = report.Checks.Where(c => c.Status == VerificationStatus.Failed).ToArray();
        failed.Select(c => c.Name).Should().Equal("nvcc", "cudnn", "torch", "kernel");
        failed.Should().OnlyContain(c => c.Cause != null && c.Next != null);
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_KernelComputesWrongOrRaises_FailsForThatGpuOnly()
    {
        var code = Wheels.TorchCode.Replace("def arange(start, end, device=None, dtype=None):", """
            def arange(start, end, device=None, dtype=None):
                if device == "cuda:1":
                    raise RuntimeError("CUDA error: no kernel image is available for execution on the device")
                if device == "cuda:2":
                    return Tensor([0] * (end - start))
            """);
        PutTorch(code, "2.8.0+cu128", "\"12.8\"", gpus: 3);

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch", "kernel"] });

        report.Checks.Where(c => c.Name == "kernel").Select(c => c.Status).Should().Equal(VerificationStatus.Passed, VerificationStatus.Failed, VerificationStatus.Failed);
        report.Checks.Where(c => c.Name == "kernel").ElementAt(1).Cause.Should().NotBeNullOrEmpty();
        report.Checks.Where(c => c.Name == "kernel").ElementAt(2).Message.Should().Contain("wrong result");
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_NothingThere_SaysSoAndDoesNotFail()
    {
        Run("python3", "-m", "venv", "--without-pip", _scratch["venv"]);

        var report = await Verifier.VerifyAsync(Options());

        report.Checks.Should().OnlyContain(c => (c.Status == VerificationStatus.NotThere || c.Status == VerificationStatus.NotTried) && c.Message.Length > 0, Told(report));
        report.Summary.Should().StartWith("Nothing was proved. Not there: nvcc, cudnn, torch, torchvision, torchaudio. Not tried: kernel (");
        report.Succeeded.Should().BeTrue();
        report.Proved.Should().BeFalse();
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_TorchIsBroken_TellsWhy()
    {
        PutTorch("raise OSError('libcudnn.so.9: cannot open shared object file: No such file or directory')", "", "", 0);

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch", "kernel"] });

        report.Checks[0].Should().Match<VerificationCheck>(c => c.Status == VerificationStatus.Failed && c.Message.Contains("libcudnn") && c.Cause != null);
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_CompanionThatDoesNotImport_FailsAndIsNotProved()
    {
        PutTorch(Wheels.TorchCode, "2.13.0+cpu", "None", 0);
        PutPackage("torchvision", "0.28.0", "raise RuntimeError('operator torchvision::nms does not exist')");

        var report = await Verifier.VerifyAsync(Options());

        var failed = report.Checks.Should().ContainSingle(c => c.Status == VerificationStatus.Failed, Told(report)).Subject;
        (failed.Name, failed.Message).Should().Be(("torchvision", "RuntimeError: operator torchvision::nms does not exist"));
        failed.Cause.Should().Contain("torchvision");
        report.Proves.Should().Equal("torch");
        report.Summary.Should().Contain("Proved: torch 2.13.0+cpu. Failed: torchvision.").And.Contain("kernel (a CPU build of torch)").And.Contain("torchaudio");
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_TextThatShowsNoCause_NamesNone()
    {
        PutTorch(Wheels.TorchCode, "2.13.0+cpu", "None", 0);
        PutPackage("torchaudio", "2.11.0", "raise RuntimeError('a numpyish thing nobody has seen')");

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch", "torchaudio"] });

        report.Checks.Should().ContainSingle(c => c.Status == VerificationStatus.Failed).Which.Should().Match<VerificationCheck>(c => c.Cause == null && c.Next!.Contains("cudacompat doctor"));
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_CompanionThatEndsPython_IsTheOneThatFails()
    {
        PutTorch(Wheels.TorchCode, "2.13.0+cpu", "None", 0);
        PutPackage("torchvision", "0.28.0", "import os, signal\nos.kill(os.getpid(), signal.SIGBUS)");

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch", "torchvision"] });

        report.Proves.Should().Equal("torch");
        report.Checks.Should().ContainSingle(c => c.Status == VerificationStatus.Failed).Which.Should().Match<VerificationCheck>(c => c.Name == "torchvision" && c.Message.Contains("Bus error"));
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_AnotherModuleNamedTorch_IsNotTorch()
    {
        PutTorch("", "", "", 0);

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch"] });

        report.Checks.Should().ContainSingle().Which.Should().Match<VerificationCheck>(c => c.Status == VerificationStatus.Failed && c.Message.Contains("it is not PyTorch"));
    }

    [NeedsProgramsFact("python3")]
    public async Task Verify_PythonHangs_IsEndedAtTheTimeLimit()
    {
        PutTorch("import time\ntime.sleep(600)", "", "", 0);

        var report = await Verifier.VerifyAsync(Options() with { Checks = ["torch"], TimeLimit = TimeSpan.FromSeconds(2) });

        report.Checks.Should().ContainSingle().Which.Message.Should().Contain("time limit");
    }

    private static string Told(VerificationReport report) => string.Join("; ", report.Checks.Select(c => $"{c.Name} {c.Status}: {c.Message}")).Replace("{", "{{").Replace("}", "}}");

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    private VerificationOptions Options() => new() { Toolkit = _scratch["cuda"], Python = _scratch["venv"] };

    private void PutToolkit(string release)
    {
        Directory.CreateDirectory(_scratch["cuda/bin"]);
        Directory.CreateDirectory(_scratch["cuda/include"]);
        File.WriteAllText(_scratch["cuda/bin/nvcc"], FullStack.NvccScript.Replace("12.8", release));
        Run("chmod", "+x", _scratch["cuda/bin/nvcc"]);
        File.WriteAllText(_scratch["cuda/include/cudnn_version.h"], FullStack.CudnnHeaderText);
    }

    private void PutPackage(string name, string version, string code)
    {
        var site = Path.Combine(Directory.EnumerateDirectories(_scratch["venv/lib"], "python*").Single(), "site-packages");
        Directory.CreateDirectory(Path.Combine(site, name));
        File.WriteAllText(Path.Combine(site, name, "__init__.py"), code);
        Directory.CreateDirectory(Path.Combine(site, $"{name}-{version}.dist-info"));
    }

    private void PutTorch(string code, string version, string cuda, int gpus)
    {
        Run("python3", "-m", "venv", "--without-pip", _scratch["venv"]);
        var package = Path.Combine(Directory.EnumerateDirectories(_scratch["venv/lib"], "python*").Single(), "site-packages", "torch");
        Directory.CreateDirectory(package);
        File.WriteAllText(Path.Combine(package, "__init__.py"), code.Replace("{0}", version).Replace("{1}", cuda).Replace("{2}", gpus > 0 ? "True" : "False").Replace("{3}", gpus.ToString()));
    }
}
