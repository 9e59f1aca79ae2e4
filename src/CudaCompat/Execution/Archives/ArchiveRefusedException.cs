namespace CudaCompat.Execution.Archives;

/// <summary>An archive is damaged or is not what an honest one looks like; nothing of it is used.</summary>
public sealed class ArchiveRefusedException : Exception
{
    /// <summary>Says which archive and why.</summary>
    public ArchiveRefusedException(string archive, string reason)
        : base($"{archive} is refused: {reason}") => (Archive, Reason) = (archive, reason);

    /// <summary>The archive.</summary>
    public string Archive { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }
}
