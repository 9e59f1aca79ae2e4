namespace CudaCompat.Cli.Input;

/// <summary>
/// The Python of this machine as far as an install command depends on it: where the system's package manager owns it (PEP 668) or none is there,
/// pip refuses or is missing, and the command makes an environment first.
/// </summary>
internal static class PythonHere
{
    private const string Marker = "EXTERNALLY-MANAGED";

    /// <summary>The command as it works here.</summary>
    public static string Command(string pip)
    {
        if (IsInEnvironment || !IsManaged && Exists("pip"))
            return pip;
        return OperatingSystem.IsWindows()
            ? $"py -m venv .venv; .venv\\Scripts\\{pip}"
            : $"python3 -m venv .venv && .venv/bin/{pip}";
    }

    private static bool IsInEnvironment =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("VIRTUAL_ENV")) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CONDA_PREFIX"));

    private static bool IsManaged
    {
        get
        {
            foreach (var root in (ReadOnlySpan<string>)["/usr/lib", "/usr/lib64"])
            {
                if (Directory.Exists(root) && Directory.EnumerateDirectories(root, "python3*").Any(folder => File.Exists(Path.Combine(folder, Marker))))
                    return true;
            }

            return false;
        }
    }

    private static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program)));
}
