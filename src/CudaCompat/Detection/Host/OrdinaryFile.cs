using CudaCompat.Processes;

namespace CudaCompat.Detection.Host;

/// <summary>Files that have an end. Opening a FIFO waits for whoever writes to it, for ever if nobody does; a device may never end.</summary>
internal static class OrdinaryFile
{
    /// <summary>True where an ordinary file is there, behind every link.</summary>
    public static bool Exists(string path) => File.Exists(path) && UnixStatus.IsOrdinary(path) is not false;
}
