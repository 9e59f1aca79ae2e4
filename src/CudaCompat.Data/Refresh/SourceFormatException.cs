namespace CudaCompat.Data.Refresh;

/// <summary>A source is not of the shape that its parser knows. The message names the file, the place in it and what was wrong.</summary>
internal sealed class SourceFormatException : Exception
{
    public SourceFormatException(string file, string place, string problem, Exception? inner = null)
        : base($"{file}, {place}: {problem}", inner)
    {
        File = file;
        Place = place;
    }

    /// <summary>The file, relative to the folder of sources.</summary>
    public string File { get; }

    /// <summary>Line, row or JSON path.</summary>
    public string Place { get; }
}
