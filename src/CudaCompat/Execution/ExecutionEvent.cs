namespace CudaCompat.Execution;

/// <summary>Something that happened during a run, for progress displays and logs. Secrets in it are masked.</summary>
public abstract record ExecutionEvent
{
    private protected ExecutionEvent()
    {
    }
}

/// <summary>A step begins; one that is done already does not.</summary>
/// <param name="Index">The place of the step in the plan, from 0.</param>
/// <param name="Kind">The kind of the step, as in the plan document.</param>
/// <param name="Description">What it changes.</param>
public sealed record StepStarted(int Index, string Kind, string Description) : ExecutionEvent;

/// <summary>A step ended, however it did.</summary>
/// <param name="Report">Its outcome.</param>
public sealed record StepEnded(StepReport Report) : ExecutionEvent;

/// <summary>A download goes on; several may at once.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Bytes">Bytes that are there.</param>
/// <param name="TotalBytes">Bytes in all, null where the server does not say.</param>
/// <param name="BytesPerSecond">The speed of late.</param>
/// <param name="Remaining">Time left at that speed, null where not known.</param>
public sealed record DownloadAdvanced(string FileName, long Bytes, long? TotalBytes, double BytesPerSecond, TimeSpan? Remaining) : ExecutionEvent;

/// <summary>A download was interrupted and is tried again.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Delay">How long it waits first.</param>
public sealed record DownloadRetried(string FileName, string Reason, TimeSpan Delay) : ExecutionEvent;

/// <summary>An archive is unpacked.</summary>
/// <param name="FileName">The archive.</param>
/// <param name="Entries">How many entries it had.</param>
/// <param name="Bytes">How many bytes they hold.</param>
public sealed record ArchiveUnpacked(string FileName, int Entries, long Bytes) : ExecutionEvent;

/// <summary>A program of a step printed a line.</summary>
/// <param name="Index">The step.</param>
/// <param name="Line">The line.</param>
public sealed record ProgramPrinted(int Index, string Line) : ExecutionEvent;

/// <summary>Something a person should know.</summary>
/// <param name="Message">One sentence.</param>
public sealed record Noted(string Message) : ExecutionEvent;
