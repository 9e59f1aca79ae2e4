namespace CudaCompat.Planning;

/// <summary>A plan document is not what it should be.</summary>
public sealed class PlanDocumentException : Exception
{
    /// <summary>Says where and what.</summary>
    public PlanDocumentException(string path, string message, Exception? innerException = null)
        : base(path.Length > 0 ? $"{path}: {message}" : message, innerException) => Path = path;

    /// <summary>The JSON path of the field that is wrong, such as $.steps[2].method; empty where the whole text is.</summary>
    public string Path { get; }
}
