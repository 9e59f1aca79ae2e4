using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;
using CudaCompat.Detection.Text;
using CudaCompat.Versions;

namespace CudaCompat.Detection.Probes;

/// <summary>A Python and the cuDNN packages in it.</summary>
internal sealed record PythonReading(FoundPython Python, IReadOnlyList<FoundCudnn> BundledCudnn);

/// <summary>Reads one interpreter or environment folder. The interpreter is started only where no file tells its version, and then isolated (-I).</summary>
internal sealed partial class PythonEnvironment(DetectionHost host, ProbeRunner runner)
{
    private const string VersionScript = "import sys,sysconfig;print('%d.%d%s'%(sys.version_info[0],sys.version_info[1],'t' if sysconfig.get_config_var('Py_GIL_DISABLED') else ''))";

    /// <summary>What is at <paramref name="path"/>; null where it is no Python.</summary>
    public async Task<PythonReading?> ReadAsync(string path, string kind, CancellationToken cancellation)
    {
        var isFolder = host.Files.FolderExists(path);
        if (!isFolder && !host.Files.FileExists(path))
            return null;
        var interpreter = isFolder ? Interpreter(path) : path;
        if (isFolder && interpreter is null && !host.Files.FileExists(host.Join(path, "pyvenv.cfg")))
            return null;
        var prefix = isFolder ? path : Prefix(path);
        var version = VersionByFiles(prefix, interpreter)
            ?? (interpreter is not null ? await AskAsync(interpreter, cancellation).ConfigureAwait(false) : null);
        var python = new FoundPython
        {
            Path = interpreter ?? path,
            Kind = host.Files.FileExists(host.Join(prefix, "pyvenv.cfg")) ? "venv" : host.Files.FolderExists(host.Join(prefix, "conda-meta")) ? "conda" : kind,
            Version = version,
        };
        var cudnn = new List<FoundCudnn>();
        foreach (var folder in PackageFolders(prefix, version))
            python = WithPackages(python, folder, cudnn);
        return new PythonReading(python, cudnn);
    }

    private string? Interpreter(string folder)
    {
        string[] places = host.IsWindows ? [host.Join(folder, "Scripts", "python.exe"), host.Join(folder, "python.exe")] : [host.Join(folder, "bin", "python3"), host.Join(folder, "bin", "python")];
        return places.FirstOrDefault(host.Files.FileExists);
    }

    /// <summary>The folder above bin or Scripts; on Windows a plain Python lies in its prefix.</summary>
    private static string Prefix(string interpreter)
    {
        var folder = interpreter[..Math.Max(interpreter.LastIndexOfAny(['/', '\\']), 1)];
        var name = folder[(folder.LastIndexOfAny(['/', '\\']) + 1)..];
        return name is "bin" or "Scripts" ? folder[..Math.Max(folder.LastIndexOfAny(['/', '\\']), 1)] : folder;
    }

    private PythonVersion? VersionByFiles(string prefix, string? interpreter)
    {
        if (host.Files.ReadText(host.Join(prefix, "pyvenv.cfg")) is { } settings
            && SettingsVersion().Match(settings) is { Success: true } setting && PythonVersion.TryParse(setting.Groups["v"].Value, out var ofVenv))
            return host.Files.FolderExists(host.Join(prefix, "lib", $"python{ofVenv}t")) ? new PythonVersion(ofVenv.Major, ofVenv.Minor, freeThreaded: true) : ofVenv;
        foreach (var name in host.Files.FileNames(host.Join(prefix, "conda-meta"), "python-*.json"))
        {
            if (CondaPackage().Match(name) is { Success: true } package && PythonVersion.TryParse(package.Groups["v"].Value, out var ofConda))
                return ofConda;
        }

        if (interpreter is not null)
        {
            var real = host.Files.Resolve(interpreter);
            var file = real[(real.LastIndexOfAny(['/', '\\']) + 1)..];
            if (file.StartsWith("python", StringComparison.Ordinal) && PythonVersion.TryParse(file["python".Length..], out var ofName))
                return ofName;
        }

        if (host.IsWindows)
        {
            foreach (var name in host.Files.FileNames(prefix, "python3*.dll"))
            {
                if (WindowsLibrary().Match(name) is { Success: true } library && PythonVersion.TryParse($"3.{library.Groups["minor"].Value}{library.Groups["t"].Value}", out var ofLibrary))
                    return ofLibrary;
            }
        }

        return null;
    }

    private async Task<PythonVersion?> AskAsync(string interpreter, CancellationToken cancellation)
    {
        var output = await runner.RunAsync(interpreter, ["-I", "-S", "-c", VersionScript], cancellation).ConfigureAwait(false);
        return output.Succeeded && PythonVersion.TryParse(output.Output.Trim(), out var version) ? version : null;
    }

    private IEnumerable<string> PackageFolders(string prefix, PythonVersion? version)
    {
        if (host.IsWindows)
        {
            yield return host.Join(prefix, "Lib", "site-packages");
            yield break;
        }

        var names = version is { } known ? [$"python{known}"] : host.Files.FolderNames(host.Join(prefix, "lib"), "python3*");
        foreach (var name in names)
            yield return host.Join(prefix, "lib", name, "site-packages");
        if (prefix == "/usr")
        {
            if (host.HomeFolder is { } home && version is { } user)
                yield return host.Join(home, ".local", "lib", $"python{user}", "site-packages");
            foreach (var name in names)
                yield return $"/usr/local/lib/{name}/dist-packages";
            yield return "/usr/lib/python3/dist-packages";
        }
    }

    private FoundPython WithPackages(FoundPython python, string folder, List<FoundCudnn> cudnn)
    {
        foreach (var name in host.Files.FolderNames(folder, "*.dist-info"))
        {
            if (DistInfo().Match(name) is not { Success: true } info)
                continue;
            var package = info.Groups["name"].Value.ToLowerInvariant();
            if (package.StartsWith("nvidia_cudnn", StringComparison.Ordinal) && DottedVersion.TryParse(info.Groups["v"].Value, out var bundled))
                cudnn.Add(new FoundCudnn(bundled, host.Join(folder, name), true));
            if (!PackageVersion.TryParse(info.Groups["v"].Value, out var version))
                continue;
            python = package switch
            {
                "torch" when python.Torch is null => python with { Torch = version, TorchSource = host.Join(folder, name) },
                "torchvision" when python.Torchvision is null => python with { Torchvision = version },
                "torchaudio" when python.Torchaudio is null => python with { Torchaudio = version },
                _ => python,
            };
        }

        // torch's own file names its CUDA, and its label where the metadata lost it (conda builds).
        var file = host.Join(folder, "torch", "version.py");
        if (python.TorchCuda is null && host.Files.ReadText(file) is { } text && TorchVersionText.Parse(text) is { } torch
            && (python.TorchSource is null || python.TorchSource.StartsWith(folder, StringComparison.Ordinal)))
            python = python with { Torch = torch.Version.Label is not null || python.Torch is null ? torch.Version : python.Torch, TorchCuda = torch.Cuda, TorchIsCpu = torch.IsCpu, TorchSource = file };
        return python with
        {
            Torchvision = python.Torchvision ?? VersionFile(host.Join(folder, "torchvision", "version.py")),
            Torchaudio = python.Torchaudio ?? VersionFile(host.Join(folder, "torchaudio", "version.py")),
        };
    }

    private PackageVersion? VersionFile(string path) => host.Files.ReadText(path) is { } text ? TorchVersionText.Parse(text)?.Version : null;

    [GeneratedRegex(@"^\s*version(?:_info)?\s*=\s*(?<v>\d+\.\d+(?:\.\d+)?)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex SettingsVersion();

    [GeneratedRegex(@"^python-(?<v>\d+\.\d+\.\d+)-", RegexOptions.CultureInvariant)]
    private static partial Regex CondaPackage();

    [GeneratedRegex(@"^python3(?<minor>\d{1,2})(?<t>t?)\.dll$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WindowsLibrary();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9_.]+)-(?<v>[^-]+)\.dist-info$", RegexOptions.CultureInvariant)]
    private static partial Regex DistInfo();
}
