namespace CudaCompat.Data.Refresh;

/// <summary>
/// One row of a source. Every row read must end up used or rejected with a reason: that is what "rows in = used + rejected" counts.
/// </summary>
internal class SourceRecord(SourceFile file, string place, string key)
{
    /// <summary>The file it stands in.</summary>
    public SourceFile File { get; } = file;

    /// <summary>Where in the file: "line 12".</summary>
    public string Place { get; } = place;

    /// <summary>What the row is about, for the report of rejects.</summary>
    public string Key { get; } = key;

    /// <summary>True once a fact was taken from it.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Rejection { get; private set; }

    /// <summary>Marks it as used. A row that gives several facts may be marked again; use by any subject outweighs a rejection by another.</summary>
    public void Use()
    {
        IsUsed = true;
        Rejection = null;
    }

    /// <summary>Marks it as not usable, with the reason.</summary>
    public void Reject(string reason)
    {
        if (!IsUsed)
            Rejection ??= reason;
    }

    /// <summary>An error at this row.</summary>
    public SourceFormatException Error(string problem, Exception? inner = null) => new(File.Path, Place, problem, inner);
}

/// <summary>One row of a source as its parser read it.</summary>
/// <typeparam name="T">What the parser makes of a row.</typeparam>
internal sealed class SourceRecord<T>(SourceFile file, string place, string key, T value) : SourceRecord(file, place, key)
{
    /// <summary>The parsed row.</summary>
    public T Value { get; } = value;
}
