using System.Runtime.InteropServices;

namespace CudaCompat.Detection.Host;

/// <summary>The C library of this process.</summary>
internal static partial class CLibrary
{
    /// <summary>glibc's version; null where the C library is another (musl, Windows, macOS).</summary>
    public static string? GlibcVersion()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(GnuGetLibcVersion());
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial IntPtr GnuGetLibcVersion();
}
