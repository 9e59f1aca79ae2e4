using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds CUDA toolkits: by their version files, then by nvcc, then by Debian's package list; and forward-compatibility libraries beside them.</summary>
internal sealed class ToolkitProbe(DetectionHost host, ProcessRunner runner) : IProbe
{
    private const string PackageList = "/var/lib/dpkg/status";

    public string Name => "CUDA toolkits";

    public int Steps => 3;

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var toolkits = new List<FoundToolkit>();
        var compat = new List<FoundCompatLibrary>();
        foreach (var (folder, order) in ToolkitFolders.Of(host))
        {
            if (await IdentifyAsync(folder, order, cancellation).ConfigureAwait(false) is { } toolkit)
                toolkits.Add(toolkit);
            compat.AddRange(CompatLibraries(folder));
        }

        if (host.Programs.Find("nvcc") is { } nvcc && !toolkits.Exists(t => t.PathOrder is not null)
            && await AskAsync(nvcc, "/usr", 0, cancellation).ConfigureAwait(false) is { } system)
            toolkits.Insert(0, system);
        foreach (var package in Packages())
        {
            if (!toolkits.Exists(t => t.Version.MajorMinor == package.Version.MajorMinor))
                toolkits.Add(package);
        }

        return toolkits.Count == 0 && compat.Count == 0 ? [] : [new Findings(Name) { Toolkits = toolkits, CompatLibraries = compat }];
    }

    private async Task<FoundToolkit?> IdentifyAsync(string folder, int? order, CancellationToken cancellation)
    {
        foreach (var (file, parse) in new (string, Func<string, ToolkitFileFacts?>)[] { ("version.json", ToolkitFileText.ParseJson), ("version.txt", ToolkitFileText.ParseText) })
        {
            var path = host.Join(folder, file);
            if (host.Files.ReadText(path) is { } text && parse(text)?.Version is { } version)
                return new FoundToolkit(version, folder, path, order);
        }

        var nvcc = host.Join(folder, "bin", host.IsWindows ? "nvcc.exe" : "nvcc");
        return host.Files.FileExists(nvcc) && folder != "/usr" ? await AskAsync(nvcc, folder, order, cancellation).ConfigureAwait(false) : null;
    }

    private async Task<FoundToolkit?> AskAsync(string nvcc, string folder, int? order, CancellationToken cancellation)
    {
        var output = await runner.RunAsync(nvcc, ["--version"], cancellation).ConfigureAwait(false);
        return NvccText.Parse(output.Output) is { } facts ? new FoundToolkit(facts.Toolkit, folder, $"{nvcc} --version", order) : null;
    }

    private IEnumerable<FoundCompatLibrary> CompatLibraries(string folder)
    {
        var compat = host.Join(folder, "compat");
        var real = host.Files.Resolve(compat);
        var onLoaderPath = LoaderPath.All(host).Any(f => f == compat || host.Files.Resolve(f) == real);
        foreach (var name in host.Files.FileNames(compat, "libcuda.so.*.*"))
        {
            if (DriverVersion.TryParse(name["libcuda.so.".Length..], out var driver))
                yield return new FoundCompatLibrary(driver, host.Join(compat, name)) { IsOnLoaderPath = onLoaderPath };
        }
    }

    /// <summary>Toolkit packages of dpkg: cuda-nvcc-12-8 (12.8.93-1), nvidia-cuda-toolkit (11.8.89~11.8.0-5).</summary>
    private IEnumerable<FoundToolkit> Packages()
    {
        if (host.Files.ReadText(PackageList) is not { } list)
            yield break;
        string? package = null;
        var installed = false;
        foreach (var line in list.Split('\n'))
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal))
                (package, installed) = (line["Package: ".Length..], false);
            else if (line.StartsWith("Status: ", StringComparison.Ordinal))
                installed = line.EndsWith(" installed", StringComparison.Ordinal);
            else if (installed && line.StartsWith("Version: ", StringComparison.Ordinal) && package is not null && VersionOf(package, line["Version: ".Length..]) is { } version)
                yield return new FoundToolkit(version, package, PackageList, null);
        }
    }

    private static CudaVersion? VersionOf(string package, string version)
    {
        if (package.StartsWith("cuda-nvcc-", StringComparison.Ordinal))
            return CudaVersion.TryParse(package["cuda-nvcc-".Length..].Replace('-', '.'), out var named) ? named : null;
        if (package != "nvidia-cuda-toolkit")
            return null;
        var upstream = version.Contains('~', StringComparison.Ordinal) ? version[(version.IndexOf('~', StringComparison.Ordinal) + 1)..] : version;
        var cut = upstream.IndexOfAny(['-', '+']);
        return CudaVersion.TryParse(cut < 0 ? upstream : upstream[..cut], out var toolkit) ? toolkit : null;
    }
}
