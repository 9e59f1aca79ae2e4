using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CudaCompat.Detection.Text;
using CudaCompat.Machines;
using CudaCompat.Matrix;
using CudaCompat.Resolution.Rules;
using CudaCompat.Versions;
using Xunit.Abstractions;

namespace CudaCompat.Cli.Tests.Real;

/// <summary>A real nvcc, where the machine has one: what the tool says of it, and whether the data is right about it.</summary>
public sealed class RealNvccTests(ITestOutputHelper output)
{
    private const string Kernel = "#include <cstdio>\n#include <string>\n__global__ void add(float* x) { x[threadIdx.x] += 1.0f; }\nint main() { add<<<1, 32>>>(nullptr); return 0; }\n";

    [RealProgramFact("nvcc")]
    public void Detect_FindsTheToolkit_OnceForEachPlace()
    {
        var toolkit = Toolkit();
        var (code, document, errors) = CliProcess.Run(["detect", "--json"]);
        code.Should().Be(0, errors);
        var found = JsonDocument.Parse(document).RootElement.GetProperty("installed").GetProperty("toolkits").EnumerateArray().Select(t => CudaVersion.Parse(t.GetString()!).MajorMinor).ToArray();
        found.Should().Contain(toolkit);
        var text = CliProcess.Run(["detect"]).Output;
        output.WriteLine(text);
        if (File.Exists("/usr/share/doc/nvidia-cuda-toolkit/copyright"))
        {
            found.Should().ContainSingle("links and wrappers of one package are one toolkit");
            text.Should().Contain("nvidia-cuda-toolkit", "it is the distribution's package");
        }
    }

    [RealProgramFact("nvcc", "g++")]
    public void HostCompilers_AreTakenAndRefused_AsTheMatrixSays()
    {
        var toolkit = Toolkit();
        var row = CompatibilityMatrix.Embedded.HostCompiler(toolkit, OperatingSystemFamily.Linux, "gcc");
        row.Should().NotBeNull("the data knows the compilers of {0}", toolkit);
        var tried = 0;
        for (var major = 6; major <= 30; major++)
        {
            if (RealProgramFactAttribute.Find($"g++-{major}") is not { } compiler)
                continue;
            var allowed = HostCompilerRule.Accepts(row!, DottedVersion.Parse(major.ToString(CultureInfo.InvariantCulture)));
            var (taken, said) = Compile(compiler);
            output.WriteLine($"g++-{major}: the matrix {(allowed ? "takes" : "refuses")} it, nvcc {(taken ? "takes" : "refuses")} it");
            taken.Should().Be(allowed, $"g++-{major}: {said}");
            if (!allowed)
                said.Should().Contain("unsupported GNU version");
            tried++;
        }

        tried.Should().BePositive("some g++-N must be here");
    }

    [RealProgramFact("nvcc")]
    public void Targets_AreThoseOfTheMatrix()
    {
        var toolkit = Toolkit();
        var listed = Run("nvcc", "--list-gpu-arch").Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(a => a["compute_".Length..]).Where(a => char.IsAsciiDigit(a[^1])).Select(a => ComputeCapability.Parse($"{a[..^1]}.{a[^1]}")).Order().ToArray();
        var known = CompatibilityMatrix.Embedded.Architectures.Rows.Where(r => (r.FirstToolkit is not { } first || first <= toolkit) && (r.LastToolkit is not { } last || toolkit <= last))
            .Select(r => r.ComputeCapability).ToArray();
        output.WriteLine($"{toolkit}: {string.Join(' ', listed)}");
        known.Should().Equal(listed);
    }

    [RealProgramFact("nvcc", "g++")]
    public void Verify_OfTheToolkit_CompilesWithACompilerThatTheMatrixAllows()
    {
        var toolkit = Toolkit();
        foreach (var folder in new[] { null, "/usr", "/usr/lib/nvidia-cuda-toolkit" }.Where(f => f is null || File.Exists(f + "/bin/nvcc")))
        {
            string[] place = folder is null ? [] : ["--toolkit", folder];
            var (code, report, errors) = CliProcess.Run(["verify", "--checks", "nvcc,compile", "--json", .. place]);
            output.WriteLine(report);
            code.Should().Be(0, report + errors);
            var checks = JsonDocument.Parse(report).RootElement.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
            checks["nvcc"].GetProperty("found").GetString().Should().Be(toolkit.ToString());
            checks["compile"].GetProperty("status").GetString().Should().Be("ok");
        }
    }

    [RealProgramFact("nvcc", "g++", "sh")]
    public void Verify_WhereTheCompilerOfTheSystemIsTooNew_TakesAnotherThatIsAllowed()
    {
        // Debian's package picks an older g++ by itself; NVIDIA's own toolkits take the one of the system, as this one does.
        var system = RealProgramFactAttribute.Find("g++")!;
        var (taken, _) = Compile(system);
        var folder = Directory.CreateTempSubdirectory("cudacompat-real-").FullName;
        try
        {
            var nvcc = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName, "nvcc");
            File.WriteAllText(nvcc, $"#!/bin/sh\ncase \" $* \" in *' -ccbin '*|*' -V '*) exec {RealProgramFactAttribute.Find("nvcc")} \"$@\" ;; esac\nexec {RealProgramFactAttribute.Find("nvcc")} -ccbin {system} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(nvcc, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var (code, report, errors) = CliProcess.Run(["verify", "--toolkit", folder, "--checks", "compile", "--json"]);
            output.WriteLine(report);
            code.Should().Be(0, report + errors);
            if (!taken)
                report.Should().Contain("-ccbin /usr/bin/");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CudaVersion Toolkit() => NvccText.Parse(Run("nvcc", "--version").Output)!.Toolkit.MajorMinor;

    private static (bool Taken, string Said) Compile(string compiler)
    {
        var folder = Directory.CreateTempSubdirectory("cudacompat-real-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "kernel.cu"), Kernel);
            var (code, said) = Run("nvcc", "-ccbin", compiler, "-o", Path.Combine(folder, "kernel"), Path.Combine(folder, "kernel.cu"));
            return (code == 0, said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + errors.Result);
    }
}
