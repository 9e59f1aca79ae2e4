using System.Runtime.Versioning;

namespace CudaCompat.Processes;

/// <summary>
/// Finds programs only where another user cannot have put them, as OpenSSH asks of its files: every folder up to the root belongs to root or
/// to the user and nobody else may write to it. Never the current folder. (Windows looks there first when a bare name is started, so a bare
/// name is never started.)
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
        return Candidates(program).FirstOrDefault(p => IsProgram(p) && WhyNot(p) is null);
    }

    /// <summary>The full path of a program.</summary>
    /// <exception cref="ProgramNotFoundException">It is not on a trusted path.</exception>
    public string Require(string program)
    {
        if (Find(program) is { } found)
            return found;
        var refused = program.AsSpan().IndexOfAny('/', '\\') >= 0 ? null : Candidates(program).Where(IsProgram).Select(p => WhyNot(p) is { } reason ? $"{p}: {reason}" : null).FirstOrDefault();
        throw new ProgramNotFoundException(program, $"the program {program} was not found on a trusted path{(refused is null ? "" : $" ({refused})")}.");
    }

    /// <summary>Why a file is not one that only root or the user can have put there; null where it is.</summary>
    public static string? WhyNot(string path)
    {
        if (OperatingSystem.IsWindows())
            return null; // folders on the machine's PATH carry access lists; those of the user's PATH are the user's own
        var pending = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "/";
        var links = 0;
        if (Refuse(current) is { } root)
            return root;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                current = Path.GetDirectoryName(current) ?? "/";
                continue;
            }

            var next = Path.Combine(current, name);
            if (Refuse(next) is { } reason)
                return reason;
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > 40)
                return $"{path} has too many links";
            if (target.StartsWith('/'))
                current = "/";
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").Reverse())
                pending.Push(part);
        }

        return null;
    }

    private static IEnumerable<string> Names(string program) =>
        OperatingSystem.IsWindows() && !Path.HasExtension(program) ? [program + ".exe"] : [program];

    private static bool IsProgram(string path)
    {
        if (!File.Exists(path))
            return false;
        return OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
    }

    private IEnumerable<string> Candidates(string program) =>
        folders.Where(Path.IsPathFullyQualified).SelectMany(folder => Names(program).Select(name => Path.Combine(folder, name)));

    // A folder like /tmp, where only the owner of a file may rename or remove it, is as good as one that nobody else may write to: what lies in it is asked next.
    [UnsupportedOSPlatform("windows")]
    private static string? Refuse(string path)
    {
        if (UnixStatus.Of(path) is not { } status)
        {
            var mode = File.Exists(path) || Directory.Exists(path) ? File.GetUnixFileMode(path) : 0;
            return (mode & UnixFileMode.OtherWrite) != 0 && (mode & UnixFileMode.StickyBit) == 0 ? $"{path} may be written by everybody" : null;
        }

        if (status.Owner != 0 && status.Owner != UnixStatus.User)
            return $"{path} belongs to another user";
        if (status.IsLink || (status.IsFolder && (status.Mode & (int)UnixFileMode.StickyBit) != 0))
            return null;
        if ((status.Mode & (int)UnixFileMode.OtherWrite) != 0)
            return $"{path} may be written by everybody";
        // Where each user has a group alone, as most distributions set it up, their files are writable by it.
        var ownGroup = UnixStatus.User != 0 && status.Group == UnixStatus.UserGroup && UnixStatus.UserGroup == UnixStatus.User;
        return (status.Mode & (int)UnixFileMode.GroupWrite) != 0 && !ownGroup ? $"{path} may be written by a group" : null;
    }
}
