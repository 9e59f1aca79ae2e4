using System.Text.RegularExpressions;
using CudaCompat.Binaries;
using CudaCompat.Detection.Host;
using CudaCompat.Environments.Libraries;
using CudaCompat.Environments.Requirements;
using CudaCompat.Resolution;

namespace CudaCompat.Environments.Checks;

/// <summary>What the loader would find for torch and its companions: libraries that are missing, and libraries of others that come first.</summary>
internal static partial class LibraryCheck
{
    /// <summary>The findings; companions of which an import is known to fail are left out, since their libraries are missing for that reason.</summary>
    public static List<Finding> Run(EnvironmentReading reading, PipCommand pip, IReadOnlySet<string> failing)
    {
        if (reading.Torch.Folder is not { } torch)
            return [];
        return reading.Layout.IsWindows ? WindowsLibraryCheck.Run(reading, pip, failing) : Directory.Exists(Path.Combine(torch, "lib")) ? OfLinux(reading, pip, torch, failing) : [];
    }

    private static List<Finding> OfLinux(EnvironmentReading reading, PipCommand pip, string torch, IReadOnlySet<string> failing)
    {
        var lib = Path.Combine(torch, "lib");
        var machine = SharedLibrary.Read(Path.Combine(lib, "libc10.so"))?.Machine;
        var knowsSystem = OperatingSystem.IsLinux() && (machine is null || machine == reading.Surroundings.Machine);
        var interpreter = reading.Layout.Interpreter is { } link ? PythonLayout.Real(link) : null;
        var variable = (reading.Variable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var search = new LoaderSearch(variable, interpreter is null ? null : SharedLibrary.Read(interpreter)?.Rpath, Path.GetDirectoryName(interpreter), knowsSystem);
        var findings = new List<Finding>();

        // What importing torch loads, in its order; then what it loads when it is needed.
        var first = new[] { Path.Combine(lib, "libtorch_global_deps.so") }.Concat(Files(torch, "_C.*.so")).Concat(Files(torch, "_C.so")).ToArray();
        var later = Files(lib, "lib*.so").Except(first, StringComparer.Ordinal).ToArray();
        Judge(first, "torch", Severity.Error);
        Judge(later, "torch", Severity.Error);
        if (reading.Torchvision.Folder is { } vision && !failing.Contains("torchvision"))
        {
            Judge([.. Files(vision, "_C*.so")], "torchvision", Severity.Error);
            Judge([.. Files(vision, "image*.so")], "torchvision", Severity.Warning);
        }

        // libtorchaudio before the extension module that needs it, as torchaudio loads them; what reads media files is loaded where its libraries are there.
        if (reading.Torchaudio.Folder is { } audio && !failing.Contains("torchaudio"))
        {
            var own = Files(Path.Combine(audio, "lib"), "*torchaudio*.so").Where(f => !f.Contains("ffmpeg", StringComparison.Ordinal) && !f.Contains("sox", StringComparison.Ordinal));
            Judge([.. own.OrderBy(f => !Path.GetFileName(f).StartsWith("lib", StringComparison.Ordinal))], "torchaudio", Severity.Error);
        }

        findings.AddRange(Preloaded(reading, search));
        return findings;

        void Judge(IReadOnlyList<string> roots, string package, Severity severity)
        {
            var troubles = roots.Where(OrdinaryFile.Exists).SelectMany(search.Load).ToArray();
            foreach (var missing in troubles.Where(t => t.Taken is null && !IsPreloaded(reading, t.Name)).GroupBy(t => t.Name, StringComparer.Ordinal))
                findings.Add(Missing(reading, pip, package, severity, missing.Key, missing.First().Asker.Path));
            foreach (var other in troubles.Where(t => t.Taken is not null).DistinctBy(t => t.Name))
                findings.Add(Shadowed(reading, other));
        }
    }

    private static Finding Missing(EnvironmentReading reading, PipCommand pip, string package, Severity severity, string name, string asker)
    {
        var owner = reading.Packages.All.FirstOrDefault(p => asker.StartsWith(Path.Combine(p.Site, p.Key), StringComparison.Ordinal)) ?? reading.Packages.Find(package);
        return new Finding(
            "library-missing",
            severity,
            name,
            $"{name}, which {Path.GetFileName(asker)} of {package} needs, is nowhere in the environment and not on the loader's path.",
            [])
        { File = asker, Mending = Mend() };

        // Where a package of that name is asked for, that is what is missing; else what asks was not installed whole.
        Mending? Mend() => owner is null ? null : package == "torch" && reading.Torch.Package is { } torch ? pip.ReinstallWithAll(torch) : pip.Reinstall(owner);
    }

    // torch itself looks for these in nvidia/*/lib where its own libraries do not find them.
    private static bool IsPreloaded(EnvironmentReading reading, string name) =>
        reading.Sites.Select(s => Path.Combine(s, "nvidia")).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Any(f => File.Exists(Path.Combine(f, "lib", name)));

    private static Finding Shadowed(EnvironmentReading reading, LoaderTrouble trouble)
    {
        var folder = Path.GetDirectoryName(trouble.Taken)!;
        var (taken, own) = (VersionOf(trouble.Taken!), OwnVersion(reading, trouble.Own!));
        var severity = (taken, own) switch
        {
            ({ } other, { } mine) when other.CompareTo(mine) < 0 => Severity.Error,
            ({ }, { }) => Severity.Info,
            _ => Severity.Warning,
        };
        return new Finding(
            "library-shadowed",
            severity,
            trouble.Name,
            $"{trouble.Name} is taken from {folder}, which LD_LIBRARY_PATH names, in place of the environment's own{(taken is null ? "" : $" (it is {taken}" + (own is null ? ")" : $", the environment has {own})"))}: " +
            $"{Path.GetFileName(trouble.Asker.Path)} searches by RUNPATH, which comes after LD_LIBRARY_PATH.",
            [])
        { File = trouble.Taken, Command = Without(reading, "LD_LIBRARY_PATH", folder) };
    }

    /// <summary>The line that takes one folder out of a variable with colons.</summary>
    public static string Without(EnvironmentReading reading, string variable, string folder)
    {
        var rest = (reading.Variable(variable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(f => f.TrimEnd('/') != folder.TrimEnd('/')).ToArray();
        return rest.Length == 0 ? $"unset {variable}" : $"export {variable}={string.Join(':', rest)}";
    }

    private static IEnumerable<Finding> Preloaded(EnvironmentReading reading, LoaderSearch search)
    {
        foreach (var entry in (reading.Variable("LD_PRELOAD") ?? "").Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            var name = SharedLibrary.Read(entry)?.Name ?? Path.GetFileName(entry);
            if (entry.Contains('/', StringComparison.Ordinal) && !File.Exists(entry))
            {
                yield return new Finding("library-missing", Severity.Warning, name, $"LD_PRELOAD names {entry}, which is not there.", []) { File = entry, Command = "unset LD_PRELOAD" };
            }
            else if (search.Loaded.TryGetValue(name, out var own) && own.Length > 0 && own != entry)
            {
                yield return new Finding("library-shadowed", Severity.Warning, name, $"LD_PRELOAD puts {entry} before the environment's own {reading.Shown(own)}.", []) { File = entry, Command = "unset LD_PRELOAD" };
            }
        }
    }

    // libnvJitLink.so.12 is a link to libnvJitLink.so.12.8.93.
    private static ReleaseVersion? VersionOf(string path) =>
        NumberBehind().Match(Path.GetFileName(PythonLayout.Real(path))) is { Success: true } m && m.Groups["v"].Value.Contains('.', StringComparison.Ordinal) ? ReleaseVersion.Parse(m.Groups["v"].Value) : null;

    // A wheel's library has no number but that of its package.
    private static ReleaseVersion? OwnVersion(EnvironmentReading reading, string path)
    {
        var name = Path.GetFileName(path);
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(path)));
        var word = name.Split('.')[0]["lib".Length..].ToLowerInvariant();
        var package = reading.Packages.All.FirstOrDefault(p => p.Key.StartsWith($"nvidia-{folder}", StringComparison.Ordinal))
            ?? reading.Packages.All.FirstOrDefault(p => p.Key.StartsWith($"nvidia-{word}", StringComparison.Ordinal));
        return VersionOf(path) ?? ReleaseVersion.Parse(package?.Version);
    }

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal) : [];

    [GeneratedRegex(@"\.so\.(?<v>\d+(?:\.\d+)+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberBehind();
}
