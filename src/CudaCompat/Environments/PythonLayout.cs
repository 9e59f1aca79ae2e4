using System.Text.RegularExpressions;
using CudaCompat.Detection.Host;

namespace CudaCompat.Environments;

/// <summary>Where a Python environment lies and which folders its packages come from, found out by files alone: nothing is started.</summary>
internal sealed partial record PythonLayout
{
    /// <summary>The folder of the environment.</summary>
    public required string Root { get; init; }

    /// <summary>The interpreter; null where there is none (or only a link to nowhere).</summary>
    public string? Interpreter { get; init; }

    /// <summary>True for the folders of Windows: Lib\site-packages, Scripts.</summary>
    public bool IsWindows { get; init; }

    /// <summary>pyvenv.cfg's entries; empty where it is no virtual environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>True for a virtual environment.</summary>
    public bool IsVirtual => Settings.Count > 0;

    /// <summary>True for an environment of conda.</summary>
    public bool IsConda { get; init; }

    /// <summary>3.11.7, or 3.11 where no file says more; null where none says it.</summary>
    public string? Version { get; init; }

    /// <summary>The folders with packages, in the order in which Python searches them.</summary>
    public required IReadOnlyList<string> Sites { get; init; }

    /// <summary>The user's own folder of packages, where this Python looks into it; null else.</summary>
    public string? UserSite { get; init; }

    /// <summary>The layout of what is at <paramref name="path"/>; null where that is no Python environment.</summary>
    /// <param name="path">A folder of an environment, its bin folder, a folder of packages, or an interpreter.</param>
    /// <param name="home">The user's home folder; null to leave the user's packages out.</param>
    public static PythonLayout? Find(string path, string? home)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path))
            return OfFolder(path, home);
        if (!IsInterpreterName(Path.GetFileName(path)) || !IsLinkOrFile(path))
            return null;
        if (OfFolder(Prefix(path), home) is { } own && (own.IsVirtual || own.IsConda || own.Sites.Any(Directory.Exists)))
            return own with { Interpreter = IsThere(path) ? path : null };
        var real = Real(path);
        return real != path && OfFolder(Prefix(real), home) is { } linked ? linked with { Interpreter = IsThere(path) ? path : null } : null;
    }

    /// <summary>The path with every link followed; the path itself where that fails.</summary>
    public static string Real(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    /// <summary>True where there is a file or a link, be it one to nowhere.</summary>
    public static bool IsLinkOrFile(string path) => File.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>True where a file is there, behind every link. <see cref="File.Exists"/> is true of a link to nowhere.</summary>
    public static bool IsThere(string path) =>
        File.Exists(path) && (new FileInfo(path) is { LinkTarget: null } || File.Exists(Real(path)) && new FileInfo(Real(path)).LinkTarget is null);

    private static PythonLayout? OfFolder(string root, string? home)
    {
        if (Path.GetFileName(root) is "bin" or "Scripts" && Path.GetDirectoryName(root) is { } above && Known(above, home) is { } parent)
            return parent;
        return Known(root, home);
    }

    private static PythonLayout? Known(string root, string? home)
    {
        if (Path.GetFileName(root) is "site-packages" or "dist-packages" || Directory.EnumerateDirectories(root, "*.dist-info").Any())
        {
            var lib = Path.GetDirectoryName(root)!;
            var isWindows = Path.GetFileName(lib) == "Lib";
            return new PythonLayout { Root = root, Sites = [root], IsWindows = isWindows, Version = FolderVersion().Match(Path.GetFileName(lib)) is { Success: true } m ? m.Groups["v"].Value : null };
        }

        var settings = ReadSettings(Path.Combine(root, "pyvenv.cfg"));
        var conda = Directory.Exists(Path.Combine(root, "conda-meta"));
        var windows = Directory.Exists(Path.Combine(root, "Lib", "site-packages")) && !Directory.Exists(Path.Combine(root, "lib", "python3"))
            && (OperatingSystem.IsWindows() || Directory.Exists(Path.Combine(root, "Scripts")) || File.Exists(Path.Combine(root, "python.exe")));
        var interpreter = InterpreterOf(root, windows);
        var versions = windows ? [] : Versions(root);
        if (settings.Count == 0 && !conda && interpreter is null && !windows && versions.Length == 0)
            return null;
        var version = settings.GetValueOrDefault("version") ?? settings.GetValueOrDefault("version_info") ?? CondaPython(root) ?? NameVersion(interpreter) ?? versions.FirstOrDefault();
        var layout = new PythonLayout
        {
            Root = root,
            Interpreter = interpreter is not null && IsThere(interpreter) ? interpreter : null,
            IsWindows = windows,
            Settings = settings,
            IsConda = conda,
            Version = version,
            Sites = [],
        };
        return layout.WithSites(versions, home);
    }

    private PythonLayout WithSites(string[] versions, string? home)
    {
        var number = Version is null ? null : string.Join('.', Version.Split('.').Take(2));
        var sites = new List<string>();
        string? user = null;
        var sharesSystem = !IsVirtual || Settings.GetValueOrDefault("include-system-site-packages") == "true";
        AddOwn(Root, IsVirtual || versions.Length == 1 ? versions : versions.Where(v => v.TrimEnd('t') == number));
        if (sharesSystem && !IsConda && !IsWindows && home is not null && number is not null)
        {
            user = Path.Combine(home, ".local", "lib", $"python{number}", "site-packages");
            if (Directory.Exists(user))
                sites.Insert(IsVirtual ? sites.Count : 0, user);
            else
                user = null;
        }

        if (IsVirtual && sharesSystem && Settings.GetValueOrDefault("home") is { } bin && Path.GetDirectoryName(bin.TrimEnd('/')) is { Length: > 0 } prefix)
            AddOwn(prefix, Versions(prefix).Where(v => v == number));
        return this with { Sites = [.. sites.Where(Directory.Exists).DistinctBy(Real)], UserSite = user };

        void AddOwn(string prefix, IEnumerable<string> names)
        {
            if (IsWindows)
            {
                sites.Add(Path.Combine(prefix, "Lib", "site-packages"));
                return;
            }

            foreach (var name in names)
            {
                if (prefix == "/usr")
                    sites.Add($"/usr/local/lib/python{name}/dist-packages");
                sites.Add(Path.Combine(prefix, "lib", "python" + name, "site-packages"));
                if (new DirectoryInfo(Path.Combine(prefix, "lib64")).LinkTarget is null)
                    sites.Add(Path.Combine(prefix, "lib64", "python" + name, "site-packages"));
                if (prefix == "/usr")
                    sites.Add("/usr/lib/python3/dist-packages");
            }
        }
    }

    // The newest first, by number: 3.11 before 3.9.
    private static string[] Versions(string root)
    {
        var lib = Path.Combine(root, "lib");
        return !Directory.Exists(lib)
            ? []
            : [.. Directory.EnumerateDirectories(lib, "python3.*").Select(f => FolderVersion().Match(Path.GetFileName(f))).Where(m => m.Success)
                .Select(m => m.Groups["v"].Value).OrderByDescending(v => int.Parse(v.TrimEnd('t').Split('.')[1], System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static string? InterpreterOf(string root, bool windows)
    {
        string[] places = windows
            ? [Path.Combine(root, "Scripts", "python.exe"), Path.Combine(root, "python.exe")]
            : [Path.Combine(root, "bin", "python"), Path.Combine(root, "bin", "python3")];
        return places.FirstOrDefault(IsThere) ?? places.FirstOrDefault(IsLinkOrFile);
    }

    private static string Prefix(string interpreter)
    {
        var folder = Path.GetDirectoryName(interpreter)!;
        return Path.GetFileName(folder) is "bin" or "Scripts" ? Path.GetDirectoryName(folder)! : folder;
    }

    private static string? CondaPython(string root)
    {
        var meta = Path.Combine(root, "conda-meta");
        return Directory.Exists(meta)
            ? Directory.EnumerateFiles(meta, "python-*.json").Select(f => CondaPackage().Match(Path.GetFileName(f))).FirstOrDefault(m => m.Success)?.Groups["v"].Value
            : null;
    }

    private static string? NameVersion(string? interpreter) =>
        interpreter is not null && FolderVersion().Match(Path.GetFileName(Real(interpreter))) is { Success: true } name ? name.Groups["v"].Value.TrimEnd('t') : null;

    private static Dictionary<string, string> ReadSettings(string file)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!OrdinaryFile.Exists(file))
            return settings;
        foreach (var line in File.ReadLines(file).Take(100))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
                settings[name] = value;
        }

        return settings;
    }

    private static bool IsInterpreterName(string name) => InterpreterName().IsMatch(name);

    [GeneratedRegex(@"^(?:python|pypy)(?:\d+(?:\.\d+)?t?)?w?(?:\.exe)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex InterpreterName();

    [GeneratedRegex(@"^python(?<v>3\.\d{1,2}t?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex FolderVersion();

    [GeneratedRegex(@"^python-(?<v>3\.\d+\.\d+)-", RegexOptions.CultureInvariant)]
    private static partial Regex CondaPackage();
}
