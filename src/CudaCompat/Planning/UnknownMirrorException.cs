namespace CudaCompat.Planning;

/// <summary>A mirror was asked for that the data does not know.</summary>
public sealed class UnknownMirrorException : Exception
{
    internal UnknownMirrorException(string name, IReadOnlyList<string> known)
        : base($"There is no mirror '{name}'; known are {string.Join(", ", known)}.")
    {
        Name = name;
        Known = known;
    }

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>The names that are known.</summary>
    public IReadOnlyList<string> Known { get; }
}
