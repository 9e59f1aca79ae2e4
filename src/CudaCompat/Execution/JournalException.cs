namespace CudaCompat.Execution;

/// <summary>A journal cannot be used: held by another run, damaged, of another plan, or there is none.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do, with the cause.</summary>
    public JournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
