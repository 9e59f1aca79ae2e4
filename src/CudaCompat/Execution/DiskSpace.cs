namespace CudaCompat.Execution;

/// <summary>Asks whether there is room before anything is written.</summary>
internal static class DiskSpace
{
    /// <summary>What stays free for everything else.</summary>
    private const long Reserve = 64L << 20;

    /// <summary>A sentence where the folder's disk has too little room for that many bytes more; else null.</summary>
    public static string? Shortage(string folder, long bytes)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        try
        {
            var free = new DriveInfo(existing).AvailableFreeSpace;
            return free - Reserve >= bytes ? null : $"{bytes} bytes are needed in {folder}, but only {free} are free on its disk.";
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null; // a file system that does not tell
        }
    }
}
