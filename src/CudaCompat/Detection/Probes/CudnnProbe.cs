using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds cuDNN copies outside Python packages: by header, then by the names of its libraries.</summary>
internal sealed class CudnnProbe(DetectionHost host) : IProbe
{
    private const string WindowsLibrary = "cudnn64_";

    private static readonly string[] Headers = ["cudnn_version.h", "cudnn.h"];

    public string Name => "cuDNN";

    public Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var found = new List<FoundCudnn>();
        foreach (var folder in LoaderPath.OfEnvironment(host))
            AddLibraries(folder, isOnLoaderPath: true);
        foreach (var folder in IncludeFolders())
        {
            foreach (var header in Headers)
            {
                if (host.Files.ReadText(host.Join(folder, header)) is { } text && CudnnHeaderText.Parse(text) is { } version)
                {
                    Add(version, host.Join(folder, header));
                    break;
                }
            }
        }

        foreach (var folder in LibraryFolders())
            AddLibraries(folder, isOnLoaderPath: false);
        foreach (var folder in WindowsLibraryFolders())
        {
            foreach (var name in host.Files.FileNames(folder, WindowsLibrary + "*.dll"))
            {
                // The name holds the major version alone; the header beside it, where there is one, has told more.
                if (DottedVersion.TryParse(name[WindowsLibrary.Length..^".dll".Length], out var major) && major.Parts == 1)
                    Add(major, host.Join(folder, name));
            }
        }

        return Task.FromResult<IReadOnlyList<Findings>>(found.Count == 0 ? [] : [new Findings(Name) { Cudnn = found }]);

        void AddLibraries(string folder, bool isOnLoaderPath)
        {
            foreach (var name in host.Files.FileNames(folder, "libcudnn.so.*"))
            {
                if (DottedVersion.TryParse(name["libcudnn.so.".Length..], out var version) && version.Parts >= 3)
                    Add(version, host.Join(folder, name), isOnLoaderPath);
            }
        }

        void Add(DottedVersion version, string path, bool isOnLoaderPath = false)
        {
            if (!found.Exists(f => f.Version == version || version.StartsWith(f.Version) || version.Parts == 1 && f.Version.StartsWith(version)))
                found.Add(new FoundCudnn(version, path, false) { IsOnLoaderPath = isOnLoaderPath });
        }
    }

    private IEnumerable<string> IncludeFolders()
    {
        foreach (var (folder, _) in ToolkitFolders.Of(host))
        {
            yield return host.Join(folder, "include");
            yield return host.Join(folder, "targets", "x86_64-linux", "include");
        }

        if (host.IsWindows)
        {
            foreach (var release in WindowsReleases())
            {
                var include = host.Join(release, "include");
                yield return include;
                foreach (var cuda in host.Files.FolderNames(include).Reverse())
                    yield return host.Join(include, cuda);
            }
        }
        else
        {
            yield return "/usr/include";
            yield return "/usr/include/x86_64-linux-gnu";
            yield return "/usr/include/aarch64-linux-gnu";
            yield return "/usr/local/include";
        }
    }

    /// <summary>bin and bin\x64 of the toolkits and of cuDNN's own installer, which has a folder for each CUDA in between.</summary>
    private IEnumerable<string> WindowsLibraryFolders()
    {
        if (!host.IsWindows)
            yield break;
        foreach (var root in ToolkitFolders.Of(host).Select(t => t.Folder).Concat(WindowsReleases()))
        {
            var bin = host.Join(root, "bin");
            yield return bin;
            foreach (var name in host.Files.FolderNames(bin).Reverse())
            {
                yield return host.Join(bin, name);
                yield return host.Join(bin, name, "x64");
            }
        }
    }

    /// <summary>The folders of cuDNN's own installer, the newest first.</summary>
    private IEnumerable<string> WindowsReleases()
    {
        var root = host.Join(host.Variable("ProgramFiles") ?? @"C:\Program Files", "NVIDIA", "CUDNN");
        return host.Files.FolderNames(root, "v*").Reverse().Select(n => host.Join(root, n));
    }

    private IEnumerable<string> LibraryFolders() => host.IsWindows
        ? []
        : ToolkitFolders.Of(host).SelectMany(t => new[] { host.Join(t.Folder, "lib64"), host.Join(t.Folder, "lib") })
            .Concat(["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/lib"]);
}
