namespace CudaCompat.Cli;

/// <summary>An argument is not accepted; the message names it and says what is.</summary>
internal sealed class UsageException(string message) : Exception(message);
