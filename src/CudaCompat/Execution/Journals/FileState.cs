namespace CudaCompat.Execution.Journals;

/// <summary>What stands at a path: file, folder or link, and enough to tell whether it was touched since.</summary>
/// <param name="Kind">file | folder | link.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="Ticks">Last write of a file, UTC ticks.</param>
/// <param name="Mode">Unix permission bits.</param>
/// <param name="Target">Where a link points, as written.</param>
internal sealed record FileState(string Kind, long Size, long Ticks, int Mode, string? Target)
{
    public const string File = "file";
    public const string Folder = "folder";
    public const string Link = "link";

    /// <summary>The state of a path, links not followed; null where there is nothing.</summary>
    public static FileState? Of(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
            return new FileState(Link, 0, 0, 0, target);
        if (info.Exists)
            return new FileState(File, info.Length, info.LastWriteTimeUtc.Ticks, ModeOf(info), null);
        return Directory.Exists(path) ? new FileState(Folder, 0, 0, ModeOf(info), null) : null;
    }

    /// <summary>Removes what stands at a path; a link is removed, not what it points to.</summary>
    public static void Remove(string path)
    {
        switch (Of(path)?.Kind)
        {
            case Folder:
                MakeRemovable(path);
                Directory.Delete(path, recursive: true);
                break;
            case Link when OperatingSystem.IsWindows() && new DirectoryInfo(path).Exists:
                Directory.Delete(path);
                break;
            case not null:
                if (OperatingSystem.IsWindows())
                    System.IO.File.SetAttributes(path, FileAttributes.Normal);
                System.IO.File.Delete(path);
                break;
            default:
                break;
        }
    }

    // A folder without write permission (archives have them) does not let its files go.
    private static void MakeRemovable(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                System.IO.File.SetAttributes(file, FileAttributes.Normal);
            return;
        }

        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if ((System.IO.File.GetUnixFileMode(folder) & all) != all)
            System.IO.File.SetUnixFileMode(folder, System.IO.File.GetUnixFileMode(folder) | all);
        foreach (var child in new DirectoryInfo(folder).EnumerateDirectories())
        {
            if (child.LinkTarget is null)
                MakeRemovable(child.FullName);
        }
    }

    private static int ModeOf(FileInfo info) => OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode & 0xFFF;
}
