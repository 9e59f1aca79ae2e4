using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CudaCompat.Execution.Journals;

/// <summary>Writes that are on disk when they return, and links that cost no space.</summary>
internal static partial class DurableFiles
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only the user may read (it may hold passwords); one that exists stays as it is.</summary>
    public static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private);
    }

    /// <summary>
    /// Writes a file whole or not at all: beside it first, then in its place. Owner, mode, access lists and labels stay. A file with several
    /// names is written in place, since a new one would part from the others.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (Processes.UnixStatus.Of(path) is { Names: > 1, IsFolder: false, IsLink: false })
        {
            WriteInPlace(path, content);
            return;
        }

        var temporary = path + ".cudacompat-new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(content);
            if (File.Exists(path))
                UnixAttributes.Copy(path, temporary, times: false);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes over the content of a file.</summary>
    public static void WriteInPlace(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        stream.Write(content);
        stream.SetLength(content.Length);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Copies a file with all it has; the copy is on disk when this returns.</summary>
    public static void Copy(string from, string to)
    {
        Duplicate(from, to);
        using var stream = new FileStream(to, FileMode.Open, FileAccess.Read);
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
    }

    /// <summary>Copies a file with all it has, by reference where the file system can; whoever calls makes it durable.</summary>
    public static void Duplicate(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        UnixAttributes.Copy(from, to, times: true);
    }

    /// <summary>Gives a file a second name; a copy where the file system cannot.</summary>
    public static void Link(string from, string to)
    {
        if (OperatingSystem.IsWindows() ? CreateHardLink(to, from, 0) : HardLink(from, to) == 0)
            return;
        Copy(from, to);
    }

    /// <summary>Makes the names in a folder durable; only Unix needs it.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = Fsync(handle);
        _ = Close(handle);
    }

    /// <summary>Makes everything written to the file system of a folder durable, in one call.</summary>
    public static void FlushFileSystem(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var handle = Open(folder, 0);
        if (handle < 0)
            return;
        _ = SyncFs(handle);
        _ = Close(handle);
    }

    /// <summary>The SHA-256 of a file in lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int HardLink(string from, string to);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string to, string from, nint attributes);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "syncfs")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
