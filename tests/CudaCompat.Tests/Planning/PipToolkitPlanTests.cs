using CudaCompat.Machines;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>Plans whose toolkit is packages of the environment: for which machines, with which packages, and what stays as torch pins it.</summary>
public sealed class PipToolkitPlanTests
{
    private const string Linux = "linux/x86_64/580.95.05/RTX 4090/3.12", Windows = "windows/x86_64/581.29/RTX 4090/3.12";

    /// <summary>Machine and request, then the method, the toolkit and the packages. The numbers are by hand from what the releases of cuda-toolkit require and torch pins.</summary>
    [Theory]
    [InlineData(Linux, "compiles", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88")]
    [InlineData("linux/aarch64/580.95.05/GH200/3.12", "compiles", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88")]
    [InlineData("wsl/x86_64/581.29/RTX 4090/3.12", "compiles", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88")]
    [InlineData(Windows, "compiles", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88 nvidia-cublas==13.1.1.3 nvidia-cusolver==12.0.4.66 nvidia-cusparse==12.6.3.3")]
    [InlineData(Linux, "compiles packaging=uv", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88")]
    [InlineData(Linux, "compiles torch=2.15.0", "pip", "13.2.2", "cccl==13.2.86 crt==13.2.86 nvcc==13.2.86 runtime==13.2.86 nvvm==13.2.86")]
    [InlineData(Linux, "compiles torch=2.14.0 cuda=cu132", "pip", "13.2.2", "cccl==13.2.86 crt==13.2.86 nvcc==13.2.86 runtime==13.2.75 nvvm==13.2.86")]
    [InlineData(Linux, "compiles torch=2.9.1 cuda=cu130", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.48 nvvm==13.0.88")]
    [InlineData(Linux, "compiles torch=2.13.0 cuda=cu132", "pip", "13.2.2", "cccl==13.2.86 crt==13.2.86 nvcc==13.2.86 nvvm==13.2.86")]
    [InlineData(Linux, "compiles toolkit=13.0.0", "pip", "13.0.0", "cccl==13.0.50 crt==13.0.48 nvcc==13.0.48 runtime==13.0.96 nvvm==13.0.48")]
    [InlineData(Linux, "from=pip", "pip", "13.0.3", "cccl==13.0.85 crt==13.0.88 nvcc==13.0.88 runtime==13.0.96 nvvm==13.0.88")]
    [InlineData(Linux, "from=pip components=toolkit", "pip", "13.5.0", "cccl==13.3.5.0.6 crt==13.5.37 nvcc==13.5.37 runtime==13.5.37 nvvm==13.5.37")]
    [InlineData("linux/x86_64/580.95.05/RTX 4090/3.12", "from=pip components=toolkit toolkit=13.1", "pip", "13.1.2", "cccl==13.1.115 crt==13.1.115 nvcc==13.1.115 runtime==13.1.80 nvvm==13.1.115")]
    [InlineData("windows/aarch64/616.41/GB10/3.12", "from=pip components=toolkit toolkit=13.4", "pip", "13.4.3", "cccl==13.3.4.3.1 crt==13.4.92 nvcc==13.4.92 runtime==13.4.92 nvvm==13.4.92")]
    [InlineData(Linux, "", "redist", "13.0.3", null)]
    [InlineData(Linux, "compiles from=redist", "redist", "13.0.3", null)]
    [InlineData("linux/x86_64/550.54.15/RTX 4090/3.12", "compiles", "redist", "12.6.3", null)]
    [InlineData(Linux, "compiles cuda=cu126", "redist", "12.6.3", null)]
    [InlineData("linux/x86_64/580.95.05/V100/3.12", "compiles", "redist", "12.6.3", null)]
    [InlineData(Linux, "compiles components=toolkit", "redist", null, null)]
    public void Plan_OfAMachine_TakesTheToolkitSo(string machine, string request, string method, string? toolkit, string? packages)
    {
        var plan = Resolve(machine, request).Plan!;

        var step = plan.Steps.OfType<ToolkitStep>().Single();
        step.Method.Should().Be(method);
        if (toolkit is not null)
            step.Version.Should().Be(toolkit);
        if (packages is null)
            return;
        step.Components.Should().Equal(packages.Split(' ').Select(p => p.StartsWith("nvidia-", StringComparison.Ordinal) || p.StartsWith("nvvm", StringComparison.Ordinal) ? p.Replace("nvvm", "nvidia-nvvm") : "nvidia-cuda-" + p));
        var steps = plan.Steps.ToList();
        steps.IndexOf(step).Should().BeGreaterThan(steps.FindIndex(s => s is PythonStep)).And.BeGreaterThan(steps.FindIndex(s => s is TorchStep));
        step.RequiresAdmin.Should().BeFalse();
        step.Pip!.Links.Should().BeEquivalentTo(machine.StartsWith("windows", StringComparison.Ordinal) || string.CompareOrdinal(step.Version, "13.2") >= 0 ? null : new Dictionary<string, string> { ["lib64"] = "lib" });
        var environment = plan.Steps.OfType<EnvironmentStep>().Single();
        environment.Scope.Should().Be("activate");
        environment.Set["CUDA_HOME"].Should().Be(step.Prefix).And.EndWith(machine.StartsWith("windows", StringComparison.Ordinal) ? @"\Lib\site-packages\nvidia\cu13" : "/site-packages/nvidia/cu13");
        InstallPlanDocument.Write(InstallPlanDocument.Read(InstallPlanDocument.Write(plan))).Should().Equal(InstallPlanDocument.Write(plan));
    }

    [Theory]
    [InlineData("linux/x86_64/550.54.15/RTX 4090/3.12", "from=pip", "redist", "torch 2.14.1+cu126")]
    [InlineData("linux/x86_64/580.95.05/V100/3.12", "from=pip compiles", "redist", "torch 2.14.1+cu126")]
    [InlineData(Linux, "from=pip toolkit=12.4 compiles", "redist", "torch 2.6.0+cu124")]
    [InlineData(Linux, "from=pip torch=2.14.1 cuda=cu130 toolkit=13.2 compiles", "redist", "torch 2.14.1+cu130")]
    public void Plan_ForWhichThePackagesDoNotFit_IsRefusedByName_WithWhatToTake(string machine, string request, string way, string gives)
    {
        var result = Resolve(machine, request);

        result.Verdict.Should().Be(PlanVerdict.Refused);
        result.Findings.Should().Contain(f => f.Rule == "toolkit-not-from-pip" && f.Severity == Severity.Error && f.Message.Contains("--toolkit-from redist"));
        result.Remedies.Should().Contain(r => r.Change == "toolkitFrom" && r.To == way && r.Gives == gives);
    }

    [Fact]
    public void Request_OfPipForCondaPackages_IsBad()
    {
        var act = () => Resolve(Linux, "from=pip packaging=conda");

        act.Should().Throw<BadRequestException>().WithMessage("*environment of pip or uv; with conda take conda*");
    }

    [Fact]
    public void Cudnn_OnLinux_IsTheOneThatTorchPins_AndOnWindowsTheNewestPackage()
    {
        var linux = Resolve(Linux, "compiles").Plan!;
        var windows = Resolve(Windows, "compiles").Plan!;

        (linux.Stack.Cudnn.ToString(), linux.Steps.OfType<CudnnStep>().Single().Components.Single()).Should().Be(("9.24.0.43", "nvidia-cudnn-cu13==9.24.0.43"));
        windows.Steps.OfType<CudnnStep>().Single().Should().Match<CudnnStep>(s => s.Method == "pip" && s.Pip!.Links == null && s.Components[0] == $"nvidia-cudnn-cu13=={windows.Stack.Cudnn}");
        windows.Notes.Should().Contain(n => n.Contains("no import library"));
        linux.Notes.Should().NotContain(n => n.Contains("no import library"));
    }

    [Fact]
    public void Cudnn_ThatIsAskedForInAnotherVersion_StaysOutOfTheEnvironment()
    {
        var plan = Resolve(Linux, "compiles cudnn=9.27").Plan!;

        var step = plan.Steps.OfType<CudnnStep>().Single();
        (step.Method, step.Prefix).Should().Be(("redist", "cudnn-9.27.0.42"));
        plan.Steps.OfType<EnvironmentStep>().Single().Set["CUDNN_HOME"].Should().Be("cudnn-9.27.0.42");
        plan.Notes.Should().Contain(n => n.Contains("9.24.0.43, which torch 2.14.1 pins"));
    }

    [Fact]
    public void Runtime_OfWhichNoSourceSaysTorchsPin_IsLeftToTorch_AndTold() =>
        Resolve(Linux, "compiles torch=2.13.0 cuda=cu132").Plan!.Notes.Should().Contain(n => n.Contains("nvidia-cuda-runtime is the one that torch 2.13.0+cu132 brings") && n.Contains("not known"));

    [Fact]
    public void Commands_NameThePackages_ThenWhatIsDoneByHand()
    {
        var linux = Resolve(Linux, "compiles").Plan!.Commands;
        var windows = Resolve(Windows, "compiles packaging=uv").Plan!.Commands;

        linux[1].Should().Be("pip install nvidia-cuda-cccl==13.0.85 nvidia-cuda-crt==13.0.88 nvidia-cuda-nvcc==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-nvvm==13.0.88 nvidia-cudnn-cu13==9.24.0.43");
        linux.Skip(2).Should().ContainInOrder("ln -sfn lib \"$CUDA_HOME/lib64\"", "ln -sfn lib \"$CUDNN_HOME/lib64\"");
        windows[1].Should().StartWith("uv pip install nvidia-cuda-cccl==");
        windows[2].Should().StartWith("$env:CUDA_HOME = ").And.EndWith(@"\nvidia\cu13""");
    }

    [Fact]
    public void Mirror_OfTheDefaultIndex_ServesThePackagesToo()
    {
        var plan = Resolver.Plan(Machine(Linux), new PlanRequest { Compiles = true, Mirror = "tuna" });

        var step = plan.Steps.OfType<ToolkitStep>().Single();
        step.Pip!.IndexUrl.Should().Contain("tuna");
        step.Command.Should().ContainInConsecutiveOrder("--index-url", step.Pip.IndexUrl);
        plan.Commands.Should().Contain(c => c.StartsWith("pip install nvidia-cuda-cccl") && c.EndsWith(step.Pip.IndexUrl!));
    }

    [Theory]
    [InlineData("requirements", Linux, "nvidia-cuda-nvcc==13.0.88", "--extra-index-url https://pypi.org/simple", "#   ln -sfn lib \"$CUDA_HOME/lib64\"")]
    [InlineData("pyproject", Linux, "    \"nvidia-cuda-nvcc==13.0.88\",", "torch = { index = \"pytorch-cu130\" }", "#   ln -sfn lib \"$CUDA_HOME/lib64\"")]
    [InlineData("environment", Linux, "      - \"nvidia-nvvm==13.0.88\"", "      - \"--extra-index-url https://pypi.org/simple\"", "#   ln -sfn lib \"$CUDA_HOME/lib64\"")]
    [InlineData("bash", Linux, "[ -e \"$root\"/.venv/lib/python3.12/site-packages/nvidia/cu13/lib64 ] || ln -s lib \"$root\"/.venv/lib/python3.12/site-packages/nvidia/cu13/lib64", "  printf 'export CUDNN_HOME=%q\\n' \"$root\"/.venv/lib/python3.12/site-packages/nvidia/cudnn", "  printf 'export CUDA_HOME=%q\\n' \"$root\"/.venv/lib/python3.12/site-packages/nvidia/cu13")]
    [InlineData("dockerfile", Linux, "ENV CUDA_HOME=\"/opt/cudacompat/.venv/lib/python3.12/site-packages/nvidia/cu13\"", "ENV PATH=\"/opt/cudacompat/.venv/lib/python3.12/site-packages/nvidia/cu13/bin\"${PATH:+:$PATH}", "for library in \"$root\"/.venv/lib/python3.12/site-packages/nvidia/cu13/lib/lib*.so.*; do")]
    [InlineData("powershell", Windows, @"$env:CUDA_HOME = (Full '.venv\Lib\site-packages\nvidia\cu13')", @"$folder = Full '.venv\Lib\site-packages\nvidia\cu13\bin\x86_64'", @"Run (Full '.venv\Scripts\python.exe') @('-m', 'pip', 'install', 'nvidia-cudnn-cu13==9.27.0.42')")]
    public void Format_OfSuchAPlan_HasThePackagesAndWhatTheyNeed(string format, string machine, params string[] lines)
    {
        var text = PlanFormats.Find(format)!.Write(Resolve(machine, "compiles").Plan!);

        text.Split('\n').Should().Contain(lines);
        text.Should().NotContain("nvidia-cuda-nvcc = {", "only torch's own packages are of PyTorch's index");
    }

    [Theory]
    [InlineData("\"prefix\":\".venv/lib/python3.12/site-packages/nvidia/cu13\"", "\"prefix\":\"/usr/local/cuda\"", "$.steps[2].prefix")]
    [InlineData("\"prefix\":\".venv/lib/python3.12/site-packages/nvidia/cu13\"", "\"prefix\":\".venv/../cu13\"", "$.steps[2].prefix")]
    [InlineData("\"lib64\":\"lib\"", "\"lib64\":\"../../etc\"", "$.steps[2].pip")]
    [InlineData("\"linkerNames\":\"lib\"", "\"linkerNames\":\"..\"", "$.steps[2].pip")]
    [InlineData("\"nvidia-cuda-nvcc==13.0.88\"", "\"--index-url=http://x\"", "$.steps[2].components[2]")]
    [InlineData("{\"kind\":\"toolkit\",\"method\":\"pip\"", "{\"kind\":\"toolkit\",\"method\":\"redist\"", "$.steps[2].pip")]
    [InlineData("\"install\",\"nvidia-cuda-cccl==13.0.85\"", "\"install\",\"evil==1\"", "$.steps[2].command")]
    public void Document_ThatSaysMoreThanPackagesMay_IsRefused(string text, string instead, string path)
    {
        var json = System.Text.Encoding.UTF8.GetString(InstallPlanDocument.Write(Resolve(Linux, "compiles").Plan!));
        json.Should().Contain(text);

        var act = () => InstallPlanDocument.Read(json.Replace(text, instead));

        act.Should().Throw<PlanDocumentException>().Which.Message.Should().Contain(path);
    }

    [Fact]
    public void Check_OfThePlannedStack_FindsNoErrorInIt()
    {
        foreach (var machine in (string[])[Linux, Windows])
        {
            var plan = Resolve(machine, "compiles").Plan!;
            Resolver.Check(Machine(machine), plan.Stack).Verdict.Should().Be(CheckVerdict.Compatible);
        }
    }

    private static DriverInfo Machine(string text)
    {
        var parts = text.Split('/');
        OperatingSystemNames.Instance.TryParse(parts[0], out var os).Should().BeTrue();
        CpuArchitectureNames.Instance.TryParse(parts[1], out var arch).Should().BeTrue();
        return new DriverInfo
        {
            OperatingSystem = os,
            Architecture = arch,
            Glibc = os == OperatingSystemFamily.Windows ? null : DottedVersion.Parse("2.35"),
            Driver = DriverVersion.Parse(parts[2]),
            Gpus = [new Gpu { Name = parts[3] }],
            Python = PythonVersion.Parse(parts[4]),
            Gcc = os == OperatingSystemFamily.Windows ? null : DottedVersion.Parse("13.2"),
            Msvc = os == OperatingSystemFamily.Windows ? DottedVersion.Parse("19.40") : null,
        };
    }

    private static PlanResult Resolve(string machine, string request)
    {
        var asked = request.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('=')).ToDictionary(w => w[0], w => w.Length > 1 ? w[1] : "");
        VersionSpec? Spec(string name) => asked.TryGetValue(name, out var value) ? VersionSpec.Parse(value) : null;
        return Resolver.TryPlan(Machine(machine), new PlanRequest
        {
            Compiles = asked.ContainsKey("compiles") ? true : null,
            ToolkitFrom = asked.GetValueOrDefault("from"),
            Packaging = asked.GetValueOrDefault("packaging"),
            Torch = Spec("torch"),
            Cuda = asked.GetValueOrDefault("cuda"),
            Toolkit = Spec("toolkit"),
            Cudnn = Spec("cudnn"),
            Components = asked.TryGetValue("components", out var components) ? components.Split(',') : asked.ContainsKey("cuda") || asked.ContainsKey("torch") ? ["toolkit", "cudnn", "torch"] : null,
        });
    }
}
