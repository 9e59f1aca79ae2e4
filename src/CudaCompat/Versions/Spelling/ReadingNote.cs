namespace CudaCompat.Versions.Spelling;

/// <summary>How something that was given was understood, where that is not plain, or that two things given do not go together.</summary>
/// <param name="Rule">The rule id of the finding that it becomes: <see cref="ReadAs"/> or <see cref="FactsContradict"/>.</param>
/// <param name="Subject">What it is about: the field, such as "toolkit".</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Sources">The ids of the sources that say so.</param>
/// <param name="Weighs">True for a warning: a person would trip over it.</param>
internal sealed record ReadingNote(string Rule, string Subject, string Message, IReadOnlyList<string> Sources, bool Weighs = false)
{
    /// <summary>A form was taken for something.</summary>
    public const string ReadAs = "read-as";

    /// <summary>Two facts that cannot both be true.</summary>
    public const string FactsContradict = "facts-contradict";

    private const int ShownLength = 60;

    /// <summary>"'8902' is read as cuDNN 8.9.2: why."</summary>
    public static ReadingNote Of(string subject, string given, string readAs, string? because = null, IReadOnlyList<string>? sources = null) =>
        new(ReadAs, subject, $"'{Short(given)}' is read as {readAs}{(because is null ? "" : ": " + because)}.", sources ?? []);

    /// <summary>Two facts that do not go together, and which of them counts.</summary>
    public static ReadingNote Contradiction(string subject, string message, IReadOnlyList<string>? sources = null, bool weighs = false) =>
        new(FactsContradict, subject, message, sources ?? [], weighs);

    /// <summary>A text cut to what a sentence can hold.</summary>
    internal static string Short(string text) => text.Length > ShownLength ? text[..ShownLength] + "…" : text;
}
