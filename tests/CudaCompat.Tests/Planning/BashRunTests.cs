using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CudaCompat.Machines;
using CudaCompat.Matrix.Rows;
using CudaCompat.Planning;
using CudaCompat.Planning.Formats;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Tests.Planning;

/// <summary>The bash script of a plan, really run: against a local server, with small archives in the true shape of the redistributables.</summary>
public sealed class BashRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cudacompat plan's ");
    private readonly HttpListener _server = new();
    private readonly string _address;

    public BashRunTests()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        _address = $"http://127.0.0.1:{port}/";
        _server.Prefixes.Add(_address);
        _server.Start();
        _ = Serve();
    }

    private string Served => Directory.CreateDirectory(Path.Combine(_folder.FullName, "served")).FullName;

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.FullName, "work")).FullName;

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_MergesArchives_SetsVariables_AndProvesThem()
    {
        var (exit, said) = Run(Plan());

        exit.Should().Be(0, said);
        File.Exists(Path.Combine(Work, "cuda-12.8.1/bin/nvcc")).Should().BeTrue();
        File.Exists(Path.Combine(Work, "cuda-12.8.1/lib/libcudnn.so.9")).Should().BeTrue("an archive's lib64 joins lib through the link");
        File.Exists(Path.Combine(Work, "cuda-12.8.1/include/cudnn_version.h")).Should().BeTrue();
        var (_, path) = Shell(". ./cudacompat-env.sh; printf '%s\\n' \"$CUDA_HOME\" \"${PATH%%:*}\" \"$LD_LIBRARY_PATH\"");
        path.Trim().Split('\n').Should().Equal(Work + "/cuda-12.8.1", Work + "/cuda-12.8.1/bin", Work + "/cuda-12.8.1/lib64");
        Run(Plan()).Exit.Should().Be(0, "a second run changes nothing");
    }

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_WithAChangedFile_StopsBeforeItIsUsed()
    {
        var plan = Plan();
        File.AppendAllText(Path.Combine(Served, "nvcc.tar.xz"), "tampered");

        var (exit, said) = Run(plan);

        exit.Should().Be(1);
        said.Should().Contain("is not the expected file").And.Contain("could not get");
        Directory.Exists(Path.Combine(Work, "cuda-12.8.1")).Should().BeFalse();
    }

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_WhoseMirrorFails_TakesTheOrigin()
    {
        var plan = Plan();
        var steps = plan.Steps.Select(s => s is DownloadStep d ? d with { Url = _address + "gone/" + d.FileName, Mirrors = [d.Url!] } : s);
        var (exit, said) = Run(plan with { Steps = [.. steps] });
        exit.Should().Be(0, said);
    }

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_WithoutItsOptionalPart_LeavesTheToolkitOut()
    {
        var plan = Plan();
        var (exit, said) = Run(plan with { Steps = [.. plan.Steps.Select(s => s is VerifyStep ? s : s with { Optional = true })] }, ("SKIP_OPTIONAL", "1"));
        exit.Should().Be(0, said);
        Directory.Exists(Path.Combine(Work, "cuda-12.8.1")).Should().BeFalse();
    }

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_ForAnotherCuda_FailsItsProof()
    {
        var (exit, said) = Run(Plan() with { Stack = new StackDocument { Toolkit = CudaVersion.Parse("12.9.1") } });
        exit.Should().Be(1);
        said.Should().Contain("nvcc is not CUDA 12.9");
    }

    [ProgramFact("bash", "curl", "tar", "xz", "sha256sum")]
    public void Script_WithARunfile_PutsCudnnWhereTheToolkitHasItsLibraries()
    {
        File.WriteAllText(Path.Combine(Served, "cuda.run"), "#!/bin/sh\nprefix=${3#--installpath=}\nmkdir -p \"$prefix/bin\" \"$prefix/targets/lib\"\nln -s targets/lib \"$prefix/lib64\"\n"
            + "printf '#!/bin/sh\\necho release 12.8, V12.8.93\\n' >\"$prefix/bin/nvcc\"\nchmod +x \"$prefix/bin/nvcc\"\n");
        var plan = Plan();
        Archive("cudnn.tar.xz", "cudnn-linux-x86_64-9.10.2.21_cuda12-archive", ("lib/libcudnn.so.9", "so"), ("include/cudnn_version.h", "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 10\n#define CUDNN_PATCHLEVEL 2\n"));
        var (exit, said) = Run(plan with
        {
            Steps =
            [
                Download("cuda.run"),
                new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "runfile", Prefix = "cuda-12.8.1", FileName = "cuda.run", Command = ["bash", "cuda.run", "--silent", "--toolkit", "--installpath=cuda-12.8.1"] },
                Download("cudnn.tar.xz"),
                new CudnnStep { Component = "cudnn", Version = "9.10.2.21", Method = "redist", Prefix = "cuda-12.8.1", FileName = "cudnn.tar.xz" },
                plan.Steps[^1],
            ],
        });

        exit.Should().Be(0, said);
        File.Exists(Path.Combine(Work, "cuda-12.8.1/targets/lib/libcudnn.so.9")).Should().BeTrue();
    }

    public void Dispose()
    {
        _server.Close();
        _folder.Delete(recursive: true);
    }

    private InstallPlan Plan()
    {
        Archive("nvcc.tar.xz", "cuda_nvcc-linux-x86_64-12.8.93-archive", ("bin/nvcc", "#!/bin/sh\necho 'Cuda compilation tools, release 12.8, V12.8.93'\n"));
        Archive("cudart.tar.xz", "cuda_cudart-linux-x86_64-12.8.90-archive", ("lib/libcudart.so.12", "so"), ("include/cuda.h", "h"));
        Archive("cudnn.tar.xz", "cuda", ("lib64/libcudnn.so.9", "so"), ("include/cudnn_version.h", "#define CUDNN_MAJOR 9\n#define CUDNN_MINOR 10\n#define CUDNN_PATCHLEVEL 2\n"));
        return new InstallPlan
        {
            Stack = new StackDocument { Toolkit = CudaVersion.Parse("12.8.1"), Cudnn = DottedVersion.Parse("9.10.2") },
            Compatibility = "full",
            Machine = new DriverInfo { OperatingSystem = OperatingSystemFamily.Linux },
            Steps =
            [
                Download("nvcc.tar.xz"),
                Download("cudart.tar.xz"),
                new ToolkitStep { Component = "toolkit", Version = "12.8.1", Method = "redist", Prefix = "cuda-12.8.1", Archives = ["nvcc.tar.xz", "cudart.tar.xz"] },
                Download("cudnn.tar.xz"),
                new CudnnStep { Component = "cudnn", Version = "9.10.2.21", Method = "archive", Prefix = "cuda-12.8.1", FileName = "cudnn.tar.xz" },
                new EnvironmentStep
                {
                    Component = "stack",
                    Scope = "shell-file",
                    Set = new Dictionary<string, string> { ["CUDA_HOME"] = "cuda-12.8.1" },
                    Prepend = new Dictionary<string, IReadOnlyList<string>> { ["PATH"] = ["cuda-12.8.1/bin"], ["LD_LIBRARY_PATH"] = ["cuda-12.8.1/lib64"] },
                },
                new VerifyStep { Component = "stack", Checks = ["nvcc", "cudnn"] },
            ],
        };
    }

    private DownloadStep Download(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Served, file));
        return new DownloadStep { Component = "toolkit", Url = _address + file, FileName = file, Size = bytes.Length, Checksum = new Checksum("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))) };
    }

    private void Archive(string name, string top, params (string Path, string Text)[] files)
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder.FullName, "source-" + top)).FullName;
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(source, top, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
            if (!OperatingSystem.IsWindows() && text.StartsWith("#!", StringComparison.Ordinal))
                File.SetUnixFileMode(full, (UnixFileMode)0b111_101_101);
        }

        File.Delete(Path.Combine(Served, name));
        Start("tar", ["-cJf", Path.Combine(Served, name), "-C", source, top], "").Exit.Should().Be(0);
    }

    private (int Exit, string Said) Run(InstallPlan plan, params (string Name, string Value)[] variables) => Start("bash", ["-"], PlanFormats.Find("bash")!.Write(plan), variables);

    private (int Exit, string Said) Shell(string text) => Start("bash", ["-c", text], "", ("LD_LIBRARY_PATH", ""));

    private (int Exit, string Said) Start(string program, string[] arguments, string input, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Work };
        start.Environment["CUDACOMPAT_CACHE"] = Path.Combine(_folder.FullName, "cache");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + error.GetAwaiter().GetResult());
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await _server.GetContextAsync();
                var file = Path.Combine(Served, context.Request.Url!.AbsolutePath.TrimStart('/'));
                if (File.Exists(file))
                    context.Response.Close(File.ReadAllBytes(file), willBlock: false);
                else
                    context.Response.StatusCode = 404;
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or HttpListenerException)
        {
            // The test has ended.
        }
    }
}
