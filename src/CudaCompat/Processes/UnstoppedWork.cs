namespace CudaCompat.Processes;

/// <summary>Says whether a program is at work that must come to its end, such as a package manager; whoever wants to end this process waits for it.</summary>
internal static class UnstoppedWork
{
    private static readonly Lock Gate = new();
    private static int count;
    private static string? current;

    /// <summary>The program at work; null where there is none.</summary>
    public static string? Current
    {
        get
        {
            lock (Gate)
                return count > 0 ? current : null;
        }
    }

    public static void Begin(string program)
    {
        lock (Gate)
            (count, current) = (count + 1, program);
    }

    public static void End()
    {
        lock (Gate)
            count--;
    }
}
