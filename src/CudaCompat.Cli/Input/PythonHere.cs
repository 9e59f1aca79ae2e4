namespace CudaCompat.Cli.Input;

/// <summary>
/// The Python of this machine as far as an install command depends on it: where the system's package manager owns it (PEP 668), pip refuses, and
/// where none is there, pip is missing; the command then makes an environment first.
/// </summary>
/// <param name="root">The root of the file system.</param>
/// <param name="variable">The environment.</param>
internal sealed class PythonHere(string root, Func<string, string?> variable)
{
    private const string Marker = "EXTERNALLY-MANAGED";

    /// <summary>That of this machine.</summary>
    public static PythonHere OfThisMachine { get; } = new(Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } drive ? drive : "/", Environment.GetEnvironmentVariable);

    /// <summary>The command, which begins with "pip ", as it works here.</summary>
    public string Command(string pip)
    {
        if (IsInEnvironment || !IsManaged && Exists("pip"))
            return pip;
        return OperatingSystem.IsWindows()
            ? $"py -m venv .venv; .venv\\Scripts\\{pip}"
            : $"{Missing}python3 -m venv .venv && .venv/bin/{pip}";
    }

    /// <summary>A command that follows the first, in the environment that it made.</summary>
    public string Following(string pip)
    {
        if (IsInEnvironment || !IsManaged && Exists("pip"))
            return pip;
        return (OperatingSystem.IsWindows() ? ".venv\\Scripts\\" : ".venv/bin/") + pip;
    }

    private bool IsInEnvironment => !string.IsNullOrEmpty(variable("VIRTUAL_ENV")) || !string.IsNullOrEmpty(variable("CONDA_PREFIX"));

    private bool IsManaged => Libraries.Any(folder => File.Exists(Path.Combine(folder, Marker)));

    // Debian and Ubuntu split the part of Python that makes environments off into a package of its own.
    private string Missing
    {
        get
        {
            if (!File.Exists(Path.Combine(root, "usr", "bin", "apt-get")) || Exists("python3") && Libraries.Any(folder => Directory.Exists(Path.Combine(folder, "ensurepip"))))
                return "";
            return (variable("USER") == "root" || variable("HOME") == "/root" ? "" : "sudo ") + "apt-get install -y python3-venv && ";
        }
    }

    private IEnumerable<string> Libraries => ((IEnumerable<string>)["lib", "lib64"]).Select(name => Path.Combine(root, "usr", name)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateDirectories(folder, "python3*"));

    private bool Exists(string program) => (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));
}
