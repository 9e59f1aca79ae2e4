using CudaCompat.Planning;

namespace CudaCompat.Execution.Tests;

public sealed class PlanFoldersTests
{
    [Fact]
    public void Resolve_RelativeFoldersAndVariables_BecomeAbsoluteEverywhereAndStaySo()
    {
        Environment.SetEnvironmentVariable("CUDACOMPAT_TEST_FOLDER", Path.GetTempPath().TrimEnd('/'));
        var windows = OperatingSystem.IsWindows(); // elsewhere %NAME% is a name like any other
        var plan = FullStack.Of(
        [
            new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "redist", Prefix = "cuda-12.8.1" },
            new CudnnStep { Component = "cudnn", Version = "9.10.2", Method = "redist", Prefix = "cuda-12.8.1" },
            new PythonStep { Component = "python", Method = "venv", Environment = "%CUDACOMPAT_TEST_FOLDER%/venv" },
            new TorchStep { Component = "torch", Method = "pip", Environment = ".venv", Requirements = ["torch==1"], Command = [".venv/bin/python", "-m", "pip", "install", "torch==1"] },
            new EnvironmentStep
            {
                Component = "stack",
                Scope = "shell-file",
                Set = new Dictionary<string, string> { ["CUDA_HOME"] = "cuda-12.8.1", ["CUDA_VISIBLE_DEVICES"] = "0,1" },
                Prepend = new Dictionary<string, IReadOnlyList<string>> { ["PATH"] = ["cuda-12.8.1/bin"] },
            },
        ]);
        var here = Path.GetFullPath("cuda-12.8.1");

        var resolved = PlanFolders.Resolve(plan, null);

        resolved.Steps.OfType<ToolkitStep>().Single().Prefix.Should().Be(here);
        resolved.Steps.OfType<CudnnStep>().Single().Prefix.Should().Be(here);
        resolved.Steps.OfType<PythonStep>().Single().Environment.Should().Be(windows ? Path.Combine(Path.GetTempPath(), "venv") : Path.GetFullPath("%CUDACOMPAT_TEST_FOLDER%/venv"));
        resolved.Steps.OfType<TorchStep>().Single().Environment.Should().Be(Path.GetFullPath(".venv"));
        resolved.Steps.OfType<TorchStep>().Single().Command![0].Should().Be(Path.GetFullPath(".venv") + "/bin/python");
        var environment = resolved.Steps.OfType<EnvironmentStep>().Single();
        environment.Set.Should().Equal(new Dictionary<string, string> { ["CUDA_HOME"] = here, ["CUDA_VISIBLE_DEVICES"] = "0,1" });
        environment.Prepend["PATH"].Should().Equal(here + "/bin");
        InstallPlanDocument.Write(PlanFolders.Resolve(resolved, null)).Should().Equal(InstallPlanDocument.Write(resolved), "a resumed run finds the same plan");
    }
}
