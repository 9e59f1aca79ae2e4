namespace CudaCompat.Data.Refresh;

/// <summary>
/// One subject of the data: reads its documents and adds its facts. Subjects run in the order of <see cref="Subjects.All"/>,
/// so that a derived one (which driver prints which CUDA version) can read what earlier ones found.
/// </summary>
internal interface ISubject
{
    /// <summary>A name for messages: "cuDNN files".</summary>
    string Name { get; }

    /// <summary>Reads from <paramref name="sources"/> and adds to <paramref name="facts"/>.</summary>
    void Read(SourceFolder sources, FactStore facts);
}
