namespace CudaCompat.Detection;

/// <summary>The machine document that was to stand for the machine cannot be read.</summary>
public sealed class MachineDocumentException : Exception
{
    internal MachineDocumentException(string file, string message, Exception? inner = null)
        : base(message, inner) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }
}
