namespace CudaCompat.Planning.Formats;

/// <summary>A plan cannot be written in the asked format; the message says why and what to take instead.</summary>
public sealed class PlanFormatException : Exception
{
    internal PlanFormatException(string format, string reason)
        : base($"The format '{format}' does not fit this plan: {reason}") => Format = format;

    /// <summary>The asked format.</summary>
    public string Format { get; }
}
