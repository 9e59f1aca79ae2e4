using CudaCompat.Detection.Host;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>Finds Pythons and environments and reads torch out of their metadata; imports it only in the chosen one, and only where that is asked for.</summary>
internal sealed class PythonProbe(DetectionHost host, ProbeRunner runner, string? named, bool importTorch) : IProbe
{
    private const int MaximumEnvironments = 64;

    public string Name => "Python";

    public int Steps => importTorch ? 3 + TorchImport.Patience : 3;

    public async Task<IReadOnlyList<Findings>> RunAsync(CancellationToken cancellation)
    {
        var pythons = new List<FoundPython>();
        var cudnn = new List<FoundCudnn>();
        var found = new Findings(Name);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, kind) in Places().Take(MaximumEnvironments))
        {
            if (!seen.Add(kind is "venv" or "named" ? path : host.Files.Resolve(path)))
                continue;
            var environment = await new PythonEnvironment(host, runner).ReadAsync(path, kind, cancellation).ConfigureAwait(false);
            if (environment is null)
                continue;
            // Where one is named, no other stands in for it.
            var chosen = named is null ? pythons.Count == 0 : path == named;
            pythons.Add(environment.Python with { IsChosen = chosen });
            if (chosen)
                cudnn.AddRange(environment.BundledCudnn);
        }

        if (pythons.Count == 0)
            return [];
        if (importTorch && pythons[0].IsChosen)
        {
            var (imported, differs, failure) = await new TorchImport(host, runner).AskAsync(pythons[0], cancellation).ConfigureAwait(false);
            pythons[0] = imported;
            found = found with { Differs = differs, Failure = failure };
        }

        return [found with { Pythons = pythons, Cudnn = cudnn }];
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
            {
                if (path.Contains("\\WindowsApps\\", StringComparison.OrdinalIgnoreCase))
                    continue; // Windows' own pointer to its store
                if (!path.StartsWith(host.Join(Pyenv, "shims"), StringComparison.Ordinal))
                    yield return (path, "system");
                else if (PyenvChoice() is { } chosen)
                    yield return (chosen, "pyenv");
            }
        }

        if (!host.IsWindows)
        {
            foreach (var name in host.Files.FileNames("/usr/bin", "python3.*").Where(n => PythonVersion.TryParse(n["python".Length..], out _)))
                yield return ("/usr/bin/" + name, "system");
        }

        foreach (var name in host.Files.FolderNames(host.Join(Pyenv, "versions")))
            yield return (host.Join(Pyenv, "versions", name), "pyenv");
        foreach (var line in (host.Files.ReadText(host.Join(host.HomeFolder ?? "/", ".conda", "environments.txt")) ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            yield return (line, "conda");
    }

    private string Pyenv => host.Variable("PYENV_ROOT") ?? host.Join(host.HomeFolder ?? "/", ".pyenv");

    /// <summary>The version that pyenv's shims start, but for what the current folder says, which is not asked.</summary>
    private string? PyenvChoice()
    {
        var version = (host.Variable("PYENV_VERSION") ?? host.Files.ReadText(host.Join(Pyenv, "version")))?.Split(':', '\n')[0].Trim();
        return version is { Length: > 0 } and not "system" && !version.Contains("..", StringComparison.Ordinal) ? host.Join(Pyenv, "versions", version) : null;
    }
}
