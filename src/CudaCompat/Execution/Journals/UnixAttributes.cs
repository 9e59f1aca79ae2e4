using System.Runtime.InteropServices;
using System.Text;
using CudaCompat.Processes;

namespace CudaCompat.Execution.Journals;

/// <summary>
/// What a file has beside its content: owner, group, mode, times to the nanosecond, extended attributes (access lists, SELinux labels and
/// capabilities among them). A file that is replaced by a new one keeps them.
/// </summary>
internal static partial class UnixAttributes
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int Room = 1 << 16;

    /// <summary>Gives a file what another has, as far as this user may and the file system can.</summary>
    /// <param name="from">The file that has them.</param>
    /// <param name="to">The file that gets them.</param>
    /// <param name="times">True for the times too.</param>
    public static void Copy(string from, string to, bool times)
    {
        if (!OperatingSystem.IsLinux() || UnixStatus.Of(from) is not { IsLink: false } status || UnixStatus.Of(to) is not { } now)
        {
            if (times)
                File.SetLastWriteTimeUtc(to, File.GetLastWriteTimeUtc(from));
            return;
        }

        if (status.Owner != now.Owner || status.Group != now.Group)
            _ = ChangeOwner(to, status.Owner, status.Group);
        File.SetUnixFileMode(to, (UnixFileMode)(status.Mode & 0xFFF)); // after the owner: changing that takes the set-user bits away
        CopyExtended(from, to);
        if (times)
            _ = SetTimes(CurrentFolder, to, [status.Seconds, status.Nanoseconds, status.Seconds, status.Nanoseconds], NoFollow);
    }

    private static void CopyExtended(string from, string to)
    {
        var names = new byte[Room];
        var length = ListExtended(from, names, Room);
        if (length <= 0)
            return;
        var value = new byte[Room];
        foreach (var name in Encoding.UTF8.GetString(names, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var size = GetExtended(from, name, value, Room);
            if (size >= 0)
                _ = SetExtended(to, name, value, (nuint)size, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "llistxattr", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ListExtended(string path, [Out] byte[] names, nuint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetExtended(string path, string name, [Out] byte[] value, nuint size);

    [LibraryImport("libc", EntryPoint = "lsetxattr", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetExtended(string path, string name, byte[] value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "utimensat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetTimes(int folder, string path, long[] accessAndModification, int flags);
}
