using CudaCompat.Detection.Host;
using CudaCompat.Resolution;

namespace CudaCompat.Environments.Checks;

/// <summary>Whether the environment itself can be used: its interpreter, its base Python, its folder of packages.</summary>
internal static class LayoutCheck
{
    public static IEnumerable<Finding> Run(EnvironmentReading reading, PipCommand pip)
    {
        var layout = reading.Layout;
        var subject = reading.Shown(layout.Root);
        var number = layout.Version is { } version ? string.Join('.', version.Split('.').Take(2)) : "3";
        if (layout.IsVirtual && layout.Interpreter is null)
        {
            var link = Path.Combine(layout.Root, layout.IsWindows ? "Scripts" : "bin", layout.IsWindows ? "python.exe" : "python");
            var target = PythonLayout.IsLinkOrFile(link) ? new FileInfo(link).LinkTarget : null;
            yield return Broken(
                target is null ? $"The environment has no interpreter: {reading.Shown(link)} is not there." : $"The environment's interpreter is a link to {target}, which is not there: its base Python was removed or moved.",
                target is null ? layout.Root : link);
        }
        else if (layout.IsVirtual && layout.IsWindows == OperatingSystem.IsWindows() && layout.Settings.GetValueOrDefault("home") is { Length: > 0 } home && !Directory.Exists(home))
        {
            yield return Broken($"The base Python of the environment is gone: pyvenv.cfg names {home}, which is not there.", Path.Combine(layout.Root, "pyvenv.cfg"));
        }
        else if (OtherBase(layout) is { } other)
        {
            yield return Broken($"The environment was made for Python {number}, and its interpreter is now Python {other}: what is installed for {number} is not seen.", layout.Interpreter!) with { Severity = Severity.Warning };
        }

        if (layout.Sites.Count == 0)
            yield return Broken("The environment has no folder of packages (site-packages).", layout.Root);
        if (MovedFrom(layout) is var (script, old))
        {
            yield return Broken($"The environment was moved: its scripts (pip, torchrun, activate) still start {old}.", script) with
            {
                Severity = Severity.Warning,
                Mending = pip.ReinstallScripts(reading.Packages.All.Where(p => HasScript(layout, p, old))),
            };
        }

        Finding Broken(string message, string file) => new("environment-broken", Severity.Error, subject, message, []) { File = file, Mending = layout.IsVirtual ? pip.Relink(number) : null };
    }

    // After an upgrade of the system python3 is another version. Only where the link leads to the very folder that pyvenv.cfg names is that known.
    private static string? OtherBase(PythonLayout layout)
    {
        if (!layout.IsVirtual || layout.IsWindows || layout.Interpreter is null || layout.Version is null
            || new FileInfo(layout.Interpreter).LinkTarget is not { } link || Path.GetDirectoryName(link) != layout.Settings.GetValueOrDefault("home"))
            return null;
        var name = Path.GetFileName(PythonLayout.Real(layout.Interpreter));
        var real = name.StartsWith("python3.", StringComparison.Ordinal) ? name["python".Length..] : null;
        return real is not null && real.TrimEnd('t') != string.Join('.', layout.Version.Split('.').Take(2)) ? real : null;
    }

    private static (string Script, string Old)? MovedFrom(PythonLayout layout)
    {
        var pip = Path.Combine(layout.Root, "bin", "pip");
        if (!layout.IsVirtual || layout.IsWindows || !OrdinaryFile.Exists(pip))
            return null;
        using var reader = new StreamReader(pip);
        var first = reader.ReadLine() ?? "";
        if (!first.StartsWith("#!/", StringComparison.Ordinal) || first.Length > 1024)
            return null;
        var old = first[2..].Split(' ')[0];
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(old));
        return Path.GetFileName(old).StartsWith("python", StringComparison.Ordinal) && folder is { Length: > 1 }
            && folder != layout.Root && Real(folder) != Real(layout.Root) ? (pip, old) : null;
    }

    // RECORD lists scripts by their way out of the folder of packages.
    private static bool HasScript(PythonLayout layout, InstalledPackage package, string old) => package.Record is { } record && File.ReadLines(record)
        .Where(l => l.StartsWith("../../../bin/", StringComparison.Ordinal))
        .Select(l => Path.Combine(layout.Root, l["../../../".Length..].Split(',')[0]))
        .Any(f => File.Exists(f) && File.ReadLines(f).FirstOrDefault()?.StartsWith("#!" + old, StringComparison.Ordinal) == true);

    private static string Real(string folder) => Directory.Exists(folder) ? new DirectoryInfo(folder).ResolveLinkTarget(true)?.FullName ?? folder : folder;
}
