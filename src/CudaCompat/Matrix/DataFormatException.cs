namespace CudaCompat.Matrix;

/// <summary>A data file is not what it should be; the message names file, row and reason.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    public DataFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and where, with the reader's own error.</summary>
    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
