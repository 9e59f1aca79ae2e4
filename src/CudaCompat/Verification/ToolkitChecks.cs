using CudaCompat.Detection.Text;
using CudaCompat.Processes;

namespace CudaCompat.Verification;

/// <summary>Checks of the toolkit: what nvcc says, what cuDNN's header says, whether nvcc compiles.</summary>
internal sealed class ToolkitChecks(VerificationOptions options, TrustedPath programs)
{
    private const string Kernel = "__global__ void add(float* x) { x[threadIdx.x] += 1.0f; }\nint main() { add<<<1, 32>>>(nullptr); return 0; }\n";

    private static readonly string[] NvccNames = ["bin/nvcc", "bin/nvcc.exe"];
    private static readonly string[] SystemIncludes = OperatingSystem.IsWindows() ? [] : ["/usr/include", "/usr/include/x86_64-linux-gnu", "/usr/include/aarch64-linux-gnu"];
    private static readonly string[] UsualRoots = OperatingSystem.IsWindows() ? [] : ["/usr/local/cuda"];

    /// <summary>The release that nvcc prints: 12.8.</summary>
    private static string? Release(string output) => NvccText.Parse(output)?.Release.ToString();

    public async Task<VerificationCheck> NvccAsync(CancellationToken cancellation)
    {
        var expected = options.Expected?.Toolkit is { } toolkit ? $"{toolkit.Major}.{toolkit.Minor}" : null;
        if (FindNvcc() is not { } nvcc)
            return Absent("nvcc", options.Toolkit ?? "nvcc", expected, "nvcc is not there", "the toolkit is not installed, or is elsewhere", "name its folder with --toolkit, or apply a plan with the component toolkit.");
        ProcessResult result;
        try
        {
            result = await RunAsync(nvcc, ["-V"], cancellation).ConfigureAwait(false);
        }
        catch (ProgramNotFoundException e)
        {
            return new VerificationCheck("nvcc", nvcc, VerificationStatus.Failed, expected, null, e.Message, "it is for another processor, or is damaged", "install the toolkit anew.");
        }

        if (Release(result.Output) is not { } release)
            return new VerificationCheck("nvcc", nvcc, VerificationStatus.Failed, expected, null, $"nvcc -V: {result.Outcome}, no release in its output", "it is damaged", "install the toolkit anew.");
        return expected is null || release == expected
            ? new VerificationCheck("nvcc", nvcc, VerificationStatus.Passed, expected, release, $"nvcc is of release {release}")
            : new VerificationCheck("nvcc", nvcc, VerificationStatus.Failed, expected, release, $"nvcc is of release {release}, the plan says {expected}", "another toolkit is found first", "put the plan's toolkit first on PATH, or name its folder with --toolkit.");
    }

    public VerificationCheck Cudnn()
    {
        var expected = options.Expected?.Cudnn?.ToString();
        var root = Root();
        // NVIDIA's packages lie side by side in an environment: nvidia/cu13, nvidia/cudnn.
        string?[] places = [options.Cudnn, root, root is null ? null : PackagedToolkit.CudnnBeside(root)];
        var folders = places.OfType<string>().Select(p => Path.Combine(p, "include")).Concat(options.Toolkit is null ? SystemIncludes : []).ToArray();
        if (CudnnHeader.Find(folders) is not { } header)
            return Absent("cudnn", options.Toolkit ?? "cudnn", expected, "cuDNN's header is not there", "cuDNN is not installed, or is elsewhere (torch brings its own copy and does not need this one)", "apply a plan with the component cudnn, if you build with it.");
        var same = expected is null || header.Version.Split('.').SequenceEqual(expected.Split('.').Take(3));
        return same
            ? new VerificationCheck("cudnn", header.File, VerificationStatus.Passed, expected, header.Version, $"the header is of cuDNN {header.Version}")
            : new VerificationCheck("cudnn", header.File, VerificationStatus.Failed, expected, header.Version, $"the header is of cuDNN {header.Version}, the plan says {expected}", "another copy was put there", "remove it, then apply the plan again.");
    }

    public async Task<VerificationCheck> CompileAsync(CancellationToken cancellation)
    {
        if (FindNvcc() is not { } nvcc)
            return Absent("compile", options.Toolkit ?? "nvcc", null, "nvcc is not there", "the toolkit is not installed", "install it.");
        var folder = Directory.CreateTempSubdirectory("cudacompat-compile-").FullName;
        try
        {
            var source = Path.Combine(folder, "kernel.cu");
            await File.WriteAllTextAsync(source, Kernel, cancellation).ConfigureAwait(false);
            string[] arguments = ["-o", Path.Combine(folder, "kernel"), source];
            var result = await RunAsync(nvcc, arguments, cancellation).ConfigureAwait(false);
            if (result.Succeeded)
                return new VerificationCheck("compile", nvcc, VerificationStatus.Passed, null, null, "nvcc compiles a kernel");
            var release = Release((await RunAsync(nvcc, ["-V"], cancellation).ConfigureAwait(false)).Output);
            foreach (var compiler in HostCompilers.AcceptedBy(release, programs))
            {
                if ((await RunAsync(nvcc, ["-ccbin", compiler, .. arguments], cancellation).ConfigureAwait(false)).Succeeded)
                    return new VerificationCheck("compile", nvcc, VerificationStatus.Passed, null, compiler, $"nvcc compiles a kernel with -ccbin {compiler}; the compiler that it takes by itself does not do", null, $"give nvcc -ccbin {compiler}, or set NVCC_PREPEND_FLAGS to that.");
            }

            var said = string.Join('\n', result.Tail.TakeLast(10));
            var (cause, next) = FailureCauses.Of(said, "`cudacompat check --compiles` says which host compilers it takes.");
            return new VerificationCheck("compile", nvcc, VerificationStatus.Failed, null, said, $"nvcc does not compile a kernel: {(result.Tail is [.., var last] ? last : result.Outcome)}", cause, next);
        }
        catch (ProgramNotFoundException e)
        {
            return new VerificationCheck("compile", nvcc, VerificationStatus.Failed, null, null, e.Message, "it is damaged", "install the toolkit anew.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static VerificationCheck Absent(string name, string subject, string? expected, string message, string cause, string next) => expected is null
        ? new VerificationCheck(name, subject, VerificationStatus.NotThere, null, null, message + ".", cause, next)
        : new VerificationCheck(name, subject, VerificationStatus.Failed, expected, null, $"{message}, the plan says {expected}.", cause, next);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private Task<ProcessResult> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var environment = options.RunId is { } run ? new Dictionary<string, string?> { [LeftoverProcesses.Variable] = run } : [];
        return ProcessRunner.RunAsync(new ProcessRequest(program, arguments) { TimeLimit = options.TimeLimit, Environment = environment }, cancellation);
    }

    private string? Root() => options.Toolkit ?? Variable("CUDA_HOME") ?? Variable("CUDA_PATH")
        ?? (FindNvcc() is { } nvcc ? Path.GetDirectoryName(Path.GetDirectoryName(nvcc)) : null);

    private string? FindNvcc()
    {
        string?[] roots = options.Toolkit is not null ? [options.Toolkit] : [Variable("CUDA_HOME"), Variable("CUDA_PATH")];
        return In(roots) ?? (options.Toolkit is not null ? null : programs.Find("nvcc") ?? In([PackagedToolkit.Of(options.Python ?? Variable("VIRTUAL_ENV"))]) ?? In(UsualRoots));
    }

    private static string? In(string?[] roots) =>
        roots.OfType<string>().SelectMany(r => NvccNames.Select(n => Path.Combine(Path.GetFullPath(r), n))).FirstOrDefault(File.Exists);
}
