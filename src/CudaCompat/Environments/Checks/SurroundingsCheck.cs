using System.Globalization;
using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;
using CudaCompat.Resolution;
using CudaCompat.Versions;

namespace CudaCompat.Environments.Checks;

/// <summary>What variables and folders around the environment do to it: hidden GPUs, another CUDA_HOME, modules that come before its own.</summary>
internal static partial class SurroundingsCheck
{
    public static IEnumerable<Finding> Run(EnvironmentReading reading) =>
        HiddenDevices(reading).Concat(CudaHome(reading)).Concat(ShadowedModules(reading)).Concat(DevicePermissions(reading));

    private static IEnumerable<Finding> HiddenDevices(EnvironmentReading reading)
    {
        if (reading.Torch.Tag is not { IsCpu: false })
            yield break;
        if (reading.Variable("CUDA_VISIBLE_DEVICES") is { } devices && Hides(devices.Trim(), reading.Surroundings.Gpus) is { } why)
        {
            yield return new Finding(
                "devices-hidden",
                Severity.Warning,
                "CUDA_VISIBLE_DEVICES",
                $"CUDA_VISIBLE_DEVICES={devices} {why}: torch.cuda.is_available() is False whatever is installed.",
                [])
            { Command = reading.Layout.IsWindows ? "set CUDA_VISIBLE_DEVICES=" : "unset CUDA_VISIBLE_DEVICES" };
        }

        if (reading.Variable("NVIDIA_VISIBLE_DEVICES") is { } container && container.Trim() is "void" or "none")
        {
            yield return new Finding(
                "devices-hidden",
                Severity.Warning,
                "NVIDIA_VISIBLE_DEVICES",
                $"NVIDIA_VISIBLE_DEVICES={container}: the container was started without GPUs.",
                [])
            { Command = "docker run --gpus all …" };
        }
    }

    // The list ends at the first entry that is no device; nothing before it, nothing visible.
    private static string? Hides(string devices, int? gpus)
    {
        if (devices.Length == 0)
            return "is set and empty, which hides every GPU";
        var first = devices.Split(',')[0].Trim();
        if (first.StartsWith("GPU-", StringComparison.Ordinal) || first.StartsWith("MIG-", StringComparison.Ordinal))
            return null;
        if (!int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) || index < 0)
            return "hides every GPU";
        return gpus is { } count and > 0 && index >= count ? $"names a GPU that is not there (there are {count}, counted from 0)" : null;
    }

    private static IEnumerable<Finding> CudaHome(EnvironmentReading reading)
    {
        var name = reading.Variable("CUDA_HOME") is { Length: > 0 } ? "CUDA_HOME" : "CUDA_PATH";
        if (reading.Variable(name) is not { Length: > 0 } home || !reading.Torch.IsThere || reading.Layout.IsWindows != OperatingSystem.IsWindows())
            yield break;
        var unset = reading.Layout.IsWindows ? $"set {name}=" : $"unset {name}";
        if (!Directory.Exists(home))
        {
            yield return new Finding(
                "cuda-home", Severity.Warning, name, $"{name}={home} names a folder that is not there: building extensions fails, and so does what looks for nvcc there.", [])
            { File = home, Command = unset };
        }
        else if (ToolkitVersion(home) is { } toolkit && reading.Torch.Tag is { Cuda: { } cuda } && toolkit.MajorMinor != cuda)
        {
            var isOther = toolkit.Major != cuda.Major;
            yield return new Finding(
                "cuda-home",
                isOther ? Severity.Warning : Severity.Info,
                name,
                $"{name}={home} is CUDA {toolkit}, {reading.Torch} was built for CUDA {cuda}: " + (isOther ? "torch refuses to build extensions with it." : "torch builds extensions with it and warns."),
                [])
            { File = home, Command = isOther ? unset : null };
        }
    }

    private static CudaVersion? ToolkitVersion(string home)
    {
        var file = Path.Combine(home, "version.json");
        if (OrdinaryFile.Exists(file) && JsonVersion().Match(File.ReadAllText(file)) is { Success: true } json && CudaVersion.TryParse(json.Groups["v"].Value, out var version))
            return version;
        file = Path.Combine(home, "include", "cuda.h");
        if (OrdinaryFile.Exists(file))
        {
            foreach (var line in File.ReadLines(file).Take(2000))
            {
                if (HeaderVersion().Match(line) is { Success: true } header && int.TryParse(header.Groups["v"].Value, CultureInfo.InvariantCulture, out var number) && number is >= 1000 and < 100000)
                    return new CudaVersion(number / 1000, number % 1000 / 10);
            }
        }

        return null;
    }

    private static IEnumerable<Finding> ShadowedModules(EnvironmentReading reading)
    {
        if (!reading.Torch.IsThere)
            yield break;
        string[] modules = [.. reading.Family.Select(m => m.Key), .. ((string[])["numpy", "triton"]).Where(m => reading.Packages.Find(m) is not null)];
        var separator = reading.Layout.IsWindows ? ';' : ':';
        foreach (var folder in (reading.Variable("PYTHONPATH") ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries).Where(f => !reading.Sites.Contains(f.TrimEnd('/'))))
        {
            foreach (var module in modules)
            {
                if (ModuleIn(folder, module) is { } file)
                {
                    yield return new Finding(
                        "path-shadowed",
                        Severity.Error,
                        module,
                        $"PYTHONPATH names {folder}, whose own '{module}' comes before the environment's: Python imports {file}.",
                        [])
                    { File = file, Command = reading.Layout.IsWindows ? "set PYTHONPATH=" : LibraryCheck.Without(reading, "PYTHONPATH", folder) };
                }
            }
        }

        foreach (var module in modules)
        {
            if (ModuleIn(reading.Surroundings.CurrentFolder, module) is { } file && !reading.Sites.Contains(reading.Surroundings.CurrentFolder))
            {
                yield return new Finding(
                    "path-shadowed",
                    Severity.Warning,
                    module,
                    $"The current folder has a '{module}' of its own, which Python imports before the environment's when it is started here: {file}.",
                    [])
                { File = file, Command = "cd /" };
            }
        }

        if (reading.Layout.UserSite is { } user)
        {
            foreach (var member in reading.Family.Where(m => m.Folder is not null && m.Folder.StartsWith(user, StringComparison.Ordinal)))
            {
                if (reading.Packages.FindAll(member.Key).Any(p => p.Site != user))
                {
                    yield return new Finding(
                        "path-shadowed",
                        Severity.Warning,
                        member.Key,
                        $"{member.Key} of the user's own packages ({user}) comes before the one that is installed for all.",
                        [])
                    { File = member.Folder, Command = "export PYTHONNOUSERSITE=1" };
                }
            }
        }

        if (reading.Variable("PYTHONHOME") is { Length: > 0 } pythonHome && reading.Layout.IsVirtual)
        {
            yield return new Finding("environment-broken", Severity.Warning, "PYTHONHOME", $"PYTHONHOME={pythonHome} makes every Python take its standard library from there.", [])
            {
                Command = reading.Layout.IsWindows ? "set PYTHONHOME=" : "unset PYTHONHOME",
            };
        }
    }

    // A folder without __init__.py is a module only where nothing else of that name is found (a namespace).
    private static string? ModuleIn(string folder, string module)
    {
        string[] files = [Path.Combine(folder, module, "__init__.py"), Path.Combine(folder, module + ".py")];
        return files.FirstOrDefault(OrdinaryFile.Exists);
    }

    private static IEnumerable<Finding> DevicePermissions(EnvironmentReading reading)
    {
        const string Control = "/dev/nvidiactl";
        if (reading.Torch.Tag is not { IsCpu: false } || !OperatingSystem.IsLinux() || !OrdinaryFile.Exists(Control))
            yield break;
        const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(Control) & Everybody) != Everybody && !CanOpen(Control))
            yield return new Finding("permissions", Severity.Error, Control, $"This user may not use {Control}: CUDA sees no GPU.", []) { File = Control, Command = "sudo usermod -aG video,render $USER" };
    }

    private static bool CanOpen(string device)
    {
        try
        {
            using var file = File.OpenHandle(device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // it may be opened; what else is wrong with it is the driver's to tell
        }
    }

    [GeneratedRegex("""
        "cuda"\s*:\s*\{[^}]*"version"\s*:\s*"(?<v>\d+\.\d+(?:\.\d+)?)"
        """, RegexOptions.CultureInvariant)]
    private static partial Regex JsonVersion();

    [GeneratedRegex(@"^\s*#\s*define\s+CUDA_VERSION\s+(?<v>\d{4,5})\b", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderVersion();
}
