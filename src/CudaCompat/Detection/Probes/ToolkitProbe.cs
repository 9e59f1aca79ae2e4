using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds CUDA toolkits: by their version files, then by nvcc, then by the package manager's list; and forward-compatibility libraries beside them.</summary>
internal sealed class ToolkitProbe(DetectionHost host, ProbeRunner runner) : IProbe
{
    public string Name => "CUDA toolkits";

    public int Steps => 4;

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
        toolkits = await new ToolkitPackages(host, runner).AttachAsync(toolkits, cancellation).ConfigureAwait(false);
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
}
