namespace CudaCompat.Versions.Spelling;

/// <summary>
/// Gathers, while one document is read, what its fields were taken for: the readers of JSON values know neither the document that they are
/// read for nor each other, and reading happens on one thread.
/// </summary>
internal sealed class ReadingNotes : IDisposable
{
    [ThreadStatic]
    private static ReadingNotes? current;

    private readonly ReadingNotes? _outer;
    private List<ReadingNote>? _notes;

    private ReadingNotes(ReadingNotes? outer) => _outer = outer;

    /// <summary>The document that is being read; null outside of one, and then nobody is told.</summary>
    public static ReadingNotes? Current => current;

    /// <summary>What was noted so far.</summary>
    public IReadOnlyList<ReadingNote> Notes => _notes ?? (IReadOnlyList<ReadingNote>)[];

    /// <summary>Versions of torch that were given as a range where a stack names one version.</summary>
    public VersionSpec? TorchRange { get; set; }

    /// <summary>Begins a document; ends with <see cref="Dispose"/>.</summary>
    public static ReadingNotes Begin() => current = new ReadingNotes(current);

    public void Add(ReadingNote note) => (_notes ??= []).Add(note);

    public void Dispose() => current = _outer;
}
