namespace CudaCompat.Documents;

/// <summary>An input document is not what it should be; says where and what is accepted.</summary>
public sealed class BadInputException : Exception
{
    internal BadInputException(string path, string message, Exception? inner = null)
        : base(message, inner) => Path = path;

    /// <summary>The JSON path of the offending value, such as $.gpus[0].computeCapability.</summary>
    public string Path { get; }
}
