namespace CudaCompat.Cli;

/// <summary>The exit codes of the contract.</summary>
internal static class ExitCode
{
    /// <summary>Done, compatible, plan found.</summary>
    public const int Done = 0;

    /// <summary>A step or a check failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or bad input.</summary>
    public const int BadInput = 2;

    /// <summary>No compatible plan, incompatible.</summary>
    public const int Incompatible = 3;

    /// <summary>The data cannot decide.</summary>
    public const int Unknown = 4;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
