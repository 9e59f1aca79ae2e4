using System.Text.Json;
using CudaCompat.Detection;
using CudaCompat.Diagnosis;
using CudaCompat.Machines;
using CudaCompat.Resolution;
using CudaCompat.Versions;
using Xunit.Abstractions;

namespace CudaCompat.Cli.Tests.Real;

/// <summary>The torch of the distribution (Debian's python3-torch is a CPU build), where it is installed: known as what it is, by its files and by importing it.</summary>
public sealed class DistributionTorchTests(ITestOutputHelper output)
{
    private const string Python = "/usr/bin/python3";

    [DistributionTorchFact]
    public void Verify_SaysThatNoKernelRuns_BecauseItIsACpuBuild()
    {
        var (code, report, errors) = CliProcess.Run(["verify", "--python-path", Python, "--checks", "torch,kernel", "--json"]);
        output.WriteLine(report);
        code.Should().Be(1, "a kernel was asked for by name, and none was launched: " + errors);
        var checks = JsonDocument.Parse(report).RootElement.GetProperty("checks").EnumerateArray().ToLookup(c => c.GetProperty("name").GetString()!);
        checks["torch"].Should().OnlyContain(c => c.GetProperty("status").GetString() == "ok", "the processor computes");
        checks["kernel"].Should().ContainSingle().Which.GetProperty("message").GetString().Should().Contain("CPU build");
    }

    [DistributionTorchFact]
    public void Verify_UsesWhatItSpeaksOf_AndSaysWhatItProved()
    {
        var (code, report, errors) = CliProcess.Run(["verify", "--python-path", Python, "--no-color"]);
        output.WriteLine(report);
        code.Should().Be(0, errors);
        report.Trim().Split('\n')[^1].Should().StartWith("Proved: ").And.Contain("torch 1.13").And.Contain("Not tried: kernel (a CPU build of torch)");
        if (Directory.Exists("/usr/lib/python3/dist-packages/torchvision"))
            report.Should().Contain("torchvision is 0.14.1a0 and does what was asked of it");
    }

    [DistributionTorchFact]
    public void CompanionThatRaises_IsNeverProved_AndTheDoctorSaysWhereItComesFrom()
    {
        var folder = Directory.CreateTempSubdirectory("cudacompat-shadow-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "torchvision"));
            File.WriteAllText(Path.Combine(folder, "torchvision", "__init__.py"), "raise RuntimeError('operator torchvision::nms does not exist')\n");
            var variables = new Dictionary<string, string> { ["PYTHONPATH"] = folder };
            var (code, report, _) = CliProcess.Run(["verify", "--python-path", Python, "--no-color"], environment: variables);
            code.Should().Be(1);
            report.Trim().Split('\n')[^1].Should().Contain("Failed: torchvision").And.NotContain("torchvision 0");
            var (doctorCode, doctor, _) = CliProcess.Run(["doctor", "--python-path", Python, "--run", "--json"], environment: variables);
            doctorCode.Should().Be(1);
            var rules = JsonDocument.Parse(doctor).RootElement.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("rule").GetString()).ToArray();
            rules.Should().Contain("path-shadowed").And.Contain("does-not-work");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [DistributionTorchFact]
    public void Doctor_OfASoundDistribution_HasNoErrorAndNoWarning()
    {
        var (code, report, errors) = CliProcess.Run(["doctor", "--python-path", Python, "--run", "--json"]);
        output.WriteLine(report);
        code.Should().Be(0, errors);
        JsonDocument.Parse(report).RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("severity").GetString() != "info").Should().BeEmpty();
    }

    [DistributionTorchFact]
    public async Task Doctor_OnAMachineWithAGpu_FindsTheCpuBuild()
    {
        foreach (var import in new[] { false, true })
        {
            var found = await DriverDetector.DetectAsync(new DetectionOptions { Python = Python, ImportTorch = import, ProbeLimit = TimeSpan.FromSeconds(20) });
            found.Failures.Should().BeEmpty();
            found.Pythons[0].TorchIsCpu.Should().BeTrue();
            output.WriteLine($"torch {found.Pythons[0].Torch} by {found.Pythons[0].TorchSource}");
            var onGpu = found.Machine with { Gpus = [new Gpu { Name = "NVIDIA GeForce RTX 3090" }], Driver = DriverVersion.Parse("550.54.15") };
            var report = Doctor.Examine(found with { Machine = onGpu });
            report.Findings.Where(f => f.Subject.StartsWith("torch", StringComparison.Ordinal) && f.Severity == Severity.Error).Select(f => f.Rule).Should().Equal("cpu-only-build");
            report.Remedies.Should().NotBeEmpty();
            output.WriteLine(string.Join('\n', report.Findings.Select(f => f.Message).Concat(report.Remedies.Select(r => r.Message))));
        }
    }
}

/// <summary>A test with the distribution's torch: skipped in plain sight where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DistributionTorchFactAttribute : FactAttribute
{
    public DistributionTorchFactAttribute()
    {
        if (!File.Exists("/usr/lib/python3/dist-packages/torch/version.py"))
            Skip = "the distribution's torch is not here; Debian's python3-torch brings it (178 packages)";
    }
}
