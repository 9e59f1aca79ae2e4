namespace CudaCompat.Processes;

/// <summary>
/// Finds programs only where another user cannot have put them: absolute PATH folders that not everybody may write to, never the current
/// folder. (Windows looks in the current folder first when a bare name is started, so a bare name is never started.)
/// </summary>
internal sealed class TrustedPath(IReadOnlyList<string> folders)
{
    private static readonly string[] UnixDefaults = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>PATH of this process, then the system's own folders.</summary>
    public static TrustedPath Current { get; } = FromVariable(Environment.GetEnvironmentVariable("PATH"));

    public static TrustedPath FromVariable(string? path)
    {
        var folders = (path ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        folders.AddRange(OperatingSystem.IsWindows() ? [Environment.SystemDirectory] : UnixDefaults);
        return new TrustedPath(folders);
    }

    /// <summary>The full path of a program; null where it is not on a trusted path. A rooted name is taken as it is, if it exists.</summary>
    public string? Find(string program)
    {
        if (Path.IsPathFullyQualified(program))
            return IsProgram(program) ? program : null;
        if (program.AsSpan().IndexOfAny('/', '\\') >= 0)
            return null;
        return folders.Where(Path.IsPathFullyQualified)
            .SelectMany(folder => Names(program).Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(p => IsProgram(p) && IsTrusted(p));
    }

    /// <summary>The full path of a program.</summary>
    /// <exception cref="ProgramNotFoundException">It is not on a trusted path.</exception>
    public string Require(string program) => Find(program)
        ?? throw new ProgramNotFoundException(program, $"the program {program} was not found on a trusted path.");

    private static IEnumerable<string> Names(string program) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(program) ? [program + ".exe"] : [program];

    private static bool IsProgram(string path)
    {
        if (!File.Exists(path))
            return false;
        return OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
    }

    private static bool IsTrusted(string path)
    {
        if (OperatingSystem.IsWindows())
            return true; // folders on the machine's PATH carry access lists; those of the user's PATH are the user's own
        var folder = File.GetUnixFileMode(Path.GetDirectoryName(path)!);
        return (folder & UnixFileMode.OtherWrite) == 0 && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) == 0;
    }
}
