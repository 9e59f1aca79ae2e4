using CudaCompat.Detection.Host;

namespace CudaCompat.Detection.Probes;

/// <summary>The folders where a CUDA toolkit may lie, in the order that a compiler would find them.</summary>
internal static class ToolkitFolders
{
    private static readonly string[] Variables = ["CUDA_HOME", "CUDA_PATH", "CUDA_ROOT", "CUDA_TOOLKIT_ROOT_DIR", "CUDAToolkit_ROOT"];

    /// <summary>Each folder once, links followed, with its place on PATH.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="python">A Python or an environment that was named; null where none was.</param>
    public static IReadOnlyList<(string Folder, int? PathOrder)> Of(DetectionHost host, string? python = null)
    {
        var folders = new List<(string Folder, int? PathOrder)>();
        var seen = new HashSet<string>(host.IsWindows ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var order = 0;
        foreach (var folder in OnPath(host))
        {
            if (Add(folder, order))
                order++;
        }

        foreach (var folder in Named(host).Concat(OfEnvironments(host, python)).Concat(Usual(host)))
            Add(folder, null);
        return folders;

        bool Add(string folder, int? place)
        {
            if (!host.Files.FolderExists(folder) || !seen.Add(host.Files.Resolve(folder.TrimEnd('/', '\\'))))
                return false;
            folders.Add((folder.TrimEnd('/', '\\'), place));
            return true;
        }
    }

    /// <summary>The parents of the bin folders on PATH that hold nvcc.</summary>
    private static IEnumerable<string> OnPath(DetectionHost host)
    {
        var nvcc = host.IsWindows ? "nvcc.exe" : "nvcc";
        foreach (var folder in host.Programs.PathFolders())
        {
            if (!host.Files.FileExists(host.Join(folder, nvcc)))
                continue;
            var real = host.Files.Resolve(host.Join(folder, nvcc));
            var bin = real[..Math.Max(real.LastIndexOfAny(['/', '\\']), 1)];
            var cut = bin.LastIndexOfAny(['/', '\\']);
            if (cut > 0)
                yield return bin[..cut];
        }
    }

    private static IEnumerable<string> Named(DetectionHost host) =>
        Variables.Select(host.Variable)
            .Concat(host.Environment.Keys.Where(k => k.StartsWith("CUDA_PATH_V", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(host.Variable))
            .Append(host.Variable("CONDA_PREFIX"))
            .OfType<string>();

    /// <summary>NVIDIA's packages in Python environments: nvidia/cu13 in the folder of packages.</summary>
    private static IEnumerable<string> OfEnvironments(DetectionHost host, string? python)
    {
        foreach (var place in new[] { python, host.Variable("VIRTUAL_ENV"), host.Variable("CONDA_PREFIX") }.OfType<string>())
        {
            var root = host.Files.FolderExists(place) ? place.TrimEnd('/', '\\') : Above(Above(place));
            var sites = host.IsWindows
                ? [host.Join(root, "Lib", "site-packages")]
                : host.Files.FolderNames(host.Join(root, "lib"), "python3*").Select(n => host.Join(root, "lib", n, "site-packages"));
            foreach (var maker in sites.Select(s => host.Join(s, "nvidia")))
            {
                foreach (var name in host.Files.FolderNames(maker, "cu*"))
                    yield return host.Join(maker, name);
            }
        }

        static string Above(string path) => path[..Math.Max(path.LastIndexOfAny(['/', '\\']), 0)];
    }

    private static IEnumerable<string> Usual(DetectionHost host)
    {
        if (host.IsWindows)
        {
            var root = host.Join(host.Variable("ProgramFiles") ?? @"C:\Program Files", "NVIDIA GPU Computing Toolkit", "CUDA");
            return host.Files.FolderNames(root, "v*").Reverse().Select(n => host.Join(root, n));
        }

        return new[] { "/usr/local/cuda" }
            .Concat(host.Files.FolderNames("/usr/local", "cuda-*").Reverse().Select(n => "/usr/local/" + n))
            .Append("/opt/cuda")
            .Append("/usr/lib/cuda")
            .Append("/usr/lib/nvidia-cuda-toolkit");
    }
}
