namespace CudaCompat.Detection.Host;

/// <summary>
/// Finds programs by absolute path: in the system's folders, and for tools that people install themselves also on PATH, but never in the current folder,
/// below a relative entry, or where everybody may write.
/// </summary>
internal sealed class TrustedPrograms(DetectionHost host)
{
    private static readonly string[] UnixFolders = ["/usr/lib/wsl/lib", "/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/run/current-system/sw/bin"];

    /// <summary>A program that belongs to the system or the driver; null where no system folder has it.</summary>
    public string? FindInSystem(string name) => First(SystemFolders(), name);

    /// <summary>A program that the user may have installed: the first on PATH, then the system's.</summary>
    public string? Find(string name) => First(PathFolders(), name) ?? FindInSystem(name);

    /// <summary>Every place on PATH and in the system that has the program, in order; /bin that is a link to /usr/bin is one place.</summary>
    public IEnumerable<string> FindAll(string name) =>
        PathFolders().Concat(SystemFolders()).DistinctBy(host.Files.Resolve, StringComparer.Ordinal).Select(f => host.Join(f, FileName(name))).Where(host.Files.FileExists);

    /// <summary>The trusted folders of PATH, in order.</summary>
    public IEnumerable<string> PathFolders()
    {
        foreach (var entry in (host.Variable("PATH") ?? "").Split(host.IsWindows ? ';' : ':'))
        {
            var folder = entry.Trim().Trim('"');
            if (IsTrusted(folder))
                yield return folder;
        }
    }

    private string[] SystemFolders()
    {
        if (!host.IsWindows)
            return UnixFolders;
        var system = host.Join(host.Variable("SystemRoot") ?? @"C:\Windows", "System32");
        return [system, host.Join(host.Variable("ProgramFiles") ?? @"C:\Program Files", "NVIDIA Corporation", "NVSMI")];
    }

    private string? First(IEnumerable<string> folders, string name) =>
        folders.Select(f => host.Join(f, FileName(name))).FirstOrDefault(host.Files.FileExists);

    private string FileName(string name) => host.IsWindows && !name.Contains('.', StringComparison.Ordinal) ? name + ".exe" : name;

    private bool IsTrusted(string folder)
    {
        var isAbsolute = host.IsWindows ? folder.Length > 2 && folder[1] == ':' && folder[2] is '\\' or '/' : folder.StartsWith('/');
        if (!isAbsolute || folder.Contains("..", StringComparison.Ordinal) || !host.Files.FolderExists(folder))
            return false;
        var real = Path.TrimEndingDirectorySeparator(host.Files.Map(folder));
        if (host.CurrentFolder.Length > 0 && string.Equals(real, Path.TrimEndingDirectorySeparator(host.CurrentFolder), StringComparison.OrdinalIgnoreCase))
            return false;
        if (OperatingSystem.IsWindows())
            return true;
        try
        {
            var mode = File.GetUnixFileMode(real);
            return (mode & UnixFileMode.OtherWrite) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
