using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds cuDNN copies outside Python packages: by header, then by the names of its libraries.</summary>
internal sealed class CudnnProbe(DetectionHost host) : IProbe
{
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
        {
            AddLibraries(folder, isOnLoaderPath: false);
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
            if (!found.Exists(f => f.Version == version || version.StartsWith(f.Version)))
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
            var root = host.Join(host.Variable("ProgramFiles") ?? @"C:\Program Files", "NVIDIA", "CUDNN");
            foreach (var release in host.Files.FolderNames(root, "v*").Reverse())
            {
                var include = host.Join(root, release, "include");
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

    private IEnumerable<string> LibraryFolders() => host.IsWindows
        ? []
        : ToolkitFolders.Of(host).SelectMany(t => new[] { host.Join(t.Folder, "lib64"), host.Join(t.Folder, "lib") })
            .Concat(["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/lib"]);
}
