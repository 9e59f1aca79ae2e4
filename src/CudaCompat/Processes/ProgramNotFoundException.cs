namespace CudaCompat.Processes;

/// <summary>A program could not be found on a trusted path or could not be started.</summary>
public sealed class ProgramNotFoundException : Exception
{
    /// <summary>Says which program, and why.</summary>
    public ProgramNotFoundException(string program, string message)
        : base(message) => Program = program;

    /// <summary>The program asked for.</summary>
    public string Program { get; }
}
