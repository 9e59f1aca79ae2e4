using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds CUDA toolkits: by their version files, then by nvcc, then by the package manager's list; and forward-compatibility libraries beside them.</summary>
internal sealed partial class ToolkitProbe(DetectionHost host, ProbeRunner runner, string? python) : IProbe
{
    public string Name => "CUDA toolkits";

    public int Steps => 4;

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var toolkits = new List<FoundToolkit>();
        var compat = new List<FoundCompatLibrary>();
        foreach (var (folder, order) in ToolkitFolders.Of(host, python))
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
        if (host.Files.FileExists(nvcc) && OfPackage(folder, order) is { } package)
            return package;
        return host.Files.FileExists(nvcc) && folder != "/usr" ? await AskAsync(nvcc, folder, order, cancellation).ConfigureAwait(false) : null;
    }

    /// <summary>A toolkit that is packages of a Python environment: the package of nvcc bears the number that nvcc prints, so nothing is started.</summary>
    private FoundToolkit? OfPackage(string folder, int? order)
    {
        var site = folder;
        for (var i = 0; i < 2; i++)
            site = site[..Math.Max(site.LastIndexOfAny(['/', '\\']), 0)];
        foreach (var name in host.Files.FolderNames(site, "nvidia_cuda_nvcc-*.dist-info"))
        {
            if (CompilerPackage().Match(name) is { Success: true } info && folder.EndsWith("cu" + info.Groups["major"].Value, StringComparison.Ordinal)
                && CudaVersion.TryParse($"{info.Groups["major"].Value}.{info.Groups["minor"].Value}", out var version))
                return new FoundToolkit(version, folder, host.Join(site, name), order) { Package = $"nvidia-cuda-nvcc {info.Groups["v"].Value}" };
        }

        return null;
    }

    [GeneratedRegex(@"^nvidia_cuda_nvcc-(?<v>(?<major>\d{2})\.(?<minor>\d{1,2})\.\d{1,4}[^-]*)\.dist-info$", RegexOptions.CultureInvariant)]
    private static partial Regex CompilerPackage();

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
