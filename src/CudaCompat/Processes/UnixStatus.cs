using System.Runtime.InteropServices;

namespace CudaCompat.Processes;

/// <summary>What Linux knows of a path beyond .NET: who owns it, how many names it has, its time to the nanosecond.</summary>
internal readonly partial record struct UnixStatus(int Mode, uint Owner, uint Group, uint Names, long Seconds, uint Nanoseconds)
{
    private const int Folder = 0x4000;
    private const int Link = 0xA000;
    private const int Ordinary = 0x8000;
    private const int TypeBits = 0xF000;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint Basic = 0x7FF;

    public bool IsFolder => (Mode & TypeBits) == Folder;

    public bool IsLink => (Mode & TypeBits) == Link;

    /// <summary>The user that this process acts as.</summary>
    public static uint User { get; } = OperatingSystem.IsWindows() ? 0 : EffectiveUser();

    /// <summary>The group that this process acts as.</summary>
    public static uint UserGroup { get; } = OperatingSystem.IsWindows() ? 0 : EffectiveGroup();

    /// <summary>The status of a path, links not followed; null where there is nothing, or the system does not tell.</summary>
    public static UnixStatus? Of(string path) => Of(path, NoFollow);

    /// <summary>Whether a path leads to an ordinary file and not to a FIFO, a socket or a device; null where the system does not tell.</summary>
    public static bool? IsOrdinary(string path) => Of(path, 0) is { } status ? (status.Mode & TypeBits) == Ordinary : null;

    private static UnixStatus? Of(string path, int links)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> answer = stackalloc byte[256];
        try
        {
            if (Statx(CurrentFolder, path, links, Basic, ref MemoryMarshal.GetReference(answer)) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // a C library from before statx
        }

        uint Word(Span<byte> from, int at) => BitConverter.ToUInt32(from[at..]);
        return new UnixStatus(
            BitConverter.ToUInt16(answer[28..]), Word(answer, 20), Word(answer, 24), Word(answer, 16),
            BitConverter.ToInt64(answer[112..]), Word(answer, 120));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveGroup();
}
