using CudaCompat.Detection.Host;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds Pythons and environments and reads torch out of their metadata, without importing it.</summary>
internal sealed class PythonProbe(DetectionHost host, ProcessRunner runner, string? named) : IProbe
{
    private const int MaximumEnvironments = 64;

    public string Name => "Python";

    public int Steps => 3;

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var pythons = new List<FoundPython>();
        var cudnn = new List<FoundCudnn>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, kind) in Places().Take(MaximumEnvironments))
        {
            if (!seen.Add(kind is "venv" or "named" ? path : host.Files.Resolve(path)))
                continue;
            var environment = await new PythonEnvironment(host, runner).ReadAsync(path, kind, cancellation).ConfigureAwait(false);
            if (environment is null)
                continue;
            var chosen = pythons.Count == 0;
            pythons.Add(environment.Python with { IsChosen = chosen });
            if (chosen)
                cudnn.AddRange(environment.BundledCudnn);
        }

        return pythons.Count == 0 ? [] : [new Findings(Name) { Pythons = pythons, Cudnn = cudnn }];
    }

    /// <summary>Interpreters and environment folders; the first that is one is the chosen one.</summary>
    private IEnumerable<(string Path, string Kind)> Places()
    {
        if (named is not null)
            yield return (named, "named");
        if (host.Variable("VIRTUAL_ENV") is { } venv)
            yield return (venv, "venv");
        if (host.Variable("CONDA_PREFIX") is { } conda)
            yield return (conda, "conda");
        foreach (var name in (string[])["python3", "python"])
        {
            foreach (var path in host.Programs.FindAll(name))
                yield return (path, "system");
        }

        if (!host.IsWindows)
        {
            foreach (var name in host.Files.FileNames("/usr/bin", "python3.*").Where(n => PythonVersion.TryParse(n["python".Length..], out _)))
                yield return ("/usr/bin/" + name, "system");
        }

        if (host.HomeFolder is not { } home)
            yield break;
        var pyenv = host.Join(host.Variable("PYENV_ROOT") ?? host.Join(home, ".pyenv"), "versions");
        foreach (var name in host.Files.FolderNames(pyenv))
            yield return (host.Join(pyenv, name), "pyenv");
        foreach (var line in (host.Files.ReadText(host.Join(home, ".conda", "environments.txt")) ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            yield return (line, "conda");
    }
}
