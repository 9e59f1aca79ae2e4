using CudaCompat.Data.Refresh;
using CudaCompat.Matrix.Rows;

namespace CudaCompat.Data.Invariants;

/// <summary>A row that breaks a rule.</summary>
/// <param name="Invariant">The rule's name.</param>
/// <param name="Subject">The file of data/.</param>
/// <param name="Key">The row.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Next">What to do about it.</param>
internal sealed record Violation(string Invariant, string Subject, string Key, string Problem, string Next = "")
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant}: {Subject}, {Key}: {Problem}";
}

/// <summary>A rule that holds for the data as a whole; a source with which one would not hold is left out of a refresh.</summary>
/// <param name="Name">The name that messages give.</param>
/// <param name="Next">What a person does where it does not hold.</param>
/// <param name="Check">Every violation.</param>
internal sealed record Invariant(string Name, string Next, Func<CheckedData, IEnumerable<Violation>> Check)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Invariant> All { get; } = [.. RowInvariants.All, .. NvidiaInvariants.All, .. PyTorchInvariants.All];

    /// <summary>Every violation of every rule.</summary>
    public static IReadOnlyList<Violation> Violations(CheckedData data) => [.. All.SelectMany(i => i.Check(data).Select(v => v with { Next = i.Next }))];

    /// <summary>Violations in one sentence.</summary>
    public static string Says(IReadOnlyList<Violation> broken) => broken.Count == 1 ? $"an invariant is broken: {broken[0]}." : $"{broken.Count} rows break an invariant, the first: {broken[0]}.";
}

/// <summary>The data that is checked.</summary>
/// <param name="Hosts">The hosts that addresses may name.</param>
internal sealed record CheckedData(FactStore Facts, IReadOnlyCollection<SourceRow> Sources, IReadOnlySet<string> Hosts);
