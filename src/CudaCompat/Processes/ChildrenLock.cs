using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CudaCompat.Processes;

/// <summary>
/// A lock that the programs of a run inherit: as long as one of them lives, whoever comes next sees it, also where the run itself was killed.
/// On Linux; elsewhere nothing is held.
/// </summary>
internal sealed partial class ChildrenLock : IDisposable
{
    private const int ReadWriteCreate = 0x2 | 0x40;
    private const int ExclusiveNow = 0x2 | 0x4;

    private int _handle;

    private ChildrenLock(int handle) => _handle = handle;

    /// <summary>Takes the lock; null while a program of an earlier run holds it.</summary>
    public static ChildrenLock? TryTake(string file)
    {
        if (!OperatingSystem.IsLinux())
            return new ChildrenLock(-1);
        // Without O_CLOEXEC, on purpose: the programs that this process starts inherit it.
        var handle = Open(file, ReadWriteCreate, 0x180);
        if (handle < 0)
            return new ChildrenLock(-1);
        if (FileLock(handle, ExclusiveNow) == 0)
            return new ChildrenLock(handle);
        _ = Close(handle);
        return null;
    }

    /// <summary>The programs that hold a file open, as a person would name them.</summary>
    public static IReadOnlyList<string> HoldersOf(string file)
    {
        var holders = new List<string>();
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    if (process.Id != Environment.ProcessId && Directory.EnumerateFiles($"/proc/{process.Id}/fd").Any(f => new FileInfo(f).LinkTarget == file))
                        holders.Add($"{process.ProcessName} ({process.Id})");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
                {
                    // Another user's, or gone.
                }
            }
        }

        return holders;
    }

    /// <summary>Gives the lock back, once: the number of a handle that is closed is soon that of somebody else's file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, -1) is >= 0 and var handle)
            _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileLock(int handle, int operation);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
