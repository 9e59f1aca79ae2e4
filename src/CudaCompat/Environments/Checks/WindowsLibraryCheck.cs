using System.Text.RegularExpressions;
using CudaCompat.Binaries;
using CudaCompat.Environments.Libraries;
using CudaCompat.Resolution;

namespace CudaCompat.Environments.Checks;

/// <summary>
/// The DLLs that torch's own DLLs and extension modules import. torch adds its lib folder (and conda's Library\bin) to the search and
/// loads every DLL in it when it is imported. Windows' own DLLs are judged on Windows alone.
/// </summary>
internal static partial class WindowsLibraryCheck
{
    public static List<Finding> Run(EnvironmentReading reading, PipCommand pip, IReadOnlySet<string> failing)
    {
        var torch = reading.Torch.Folder!;
        var folders = new List<string> { Path.Combine(torch, "lib"), torch, Path.Combine(reading.Layout.Root, "Library", "bin"), reading.Layout.Root };
        if (reading.Layout.Settings.GetValueOrDefault("home") is { } home)
            folders.Add(home);
        folders.AddRange(reading.Sites.Select(s => Path.Combine(s, "nvidia")).Where(Directory.Exists).SelectMany(n => Directory.EnumerateDirectories(n, "bin", SearchOption.AllDirectories)));
        if (OperatingSystem.IsWindows())
        {
            folders.Add(Environment.SystemDirectory);
            folders.AddRange((reading.Variable("PATH") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries));
        }

        var there = folders.Where(Directory.Exists).Distinct(StringComparer.OrdinalIgnoreCase)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.dll")).Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var findings = new List<Finding>();
        Judge("torch", Files(Path.Combine(torch, "lib"), "*.dll").Concat(Files(torch, "_C*.pyd")));
        foreach (var companion in reading.Family.Where(m => m.Key != "torch" && m.Folder is not null && !failing.Contains(m.Key)))
            Judge(companion.Key, Files(companion.Folder!, "_C*.pyd").Concat(Files(Path.Combine(companion.Folder!, "lib"), "*torchaudio*.pyd")));
        return findings;

        void Judge(string package, IEnumerable<string> files)
        {
            foreach (var library in files.Select(SharedLibrary.Read).OfType<SharedLibrary>())
            {
                foreach (var name in library.Needed.Where(n => !there.Contains(n) && IsJudged(n)).Where(n => !findings.Exists(f => f.Subject == n)))
                {
                    findings.Add(new Finding(
                        "library-missing",
                        Severity.Error,
                        name,
                        $"{name}, which {Path.GetFileName(library.Path)} of {package} needs, is nowhere in the environment" + (IsRuntime(name) ? ": it belongs to the Visual C++ runtime." : "."),
                        [])
                    {
                        File = library.Path,
                        Command = IsRuntime(name) ? "winget install Microsoft.VCRedist.2015+.x64" : null,
                        Mending = !IsRuntime(name) && reading.Packages.Find(package) is { } owner ? pip.Reinstall(owner) : null,
                    });
                }
            }
        }
    }

    // The API sets (api-ms-win-…) are no files; elsewhere than on Windows only what torch's packages bring can be missed.
    private static bool IsJudged(string name) =>
        !name.StartsWith("api-ms-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("python3", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("nvcuda", StringComparison.OrdinalIgnoreCase) && (OperatingSystem.IsWindows() || IsOfTorch().IsMatch(name));

    private static bool IsRuntime(string name) => name.StartsWith("msvcp", StringComparison.OrdinalIgnoreCase) || name.StartsWith("vcruntime", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];

    [GeneratedRegex(@"^(?:c10|torch|shm|uv|fbgemm|asmjit|libiomp5md|libiompstubs5md|cudart64|cublas|cudnn|cufft|curand|cusolver|cusparse|cupti64|nvrtc|nvJitLink|nvToolsExt|caffe2)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IsOfTorch();
}
