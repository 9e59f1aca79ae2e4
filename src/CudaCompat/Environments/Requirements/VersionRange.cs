namespace CudaCompat.Environments.Requirements;

/// <summary>The clauses of a requirement as PEP 440 has them: &gt;=4.10.0, ==2.8.0, !=8.3.*, ~=3.8.0. Clauses that cannot be read take every version.</summary>
internal sealed class VersionRange
{
    private static readonly string[] Operators = ["===", ">=", "<=", "==", "!=", "~=", ">", "<"];
    private readonly (string Operator, ReleaseVersion Version, bool Prefix)[] _clauses;

    private VersionRange(string text, (string, ReleaseVersion, bool)[] clauses)
    {
        Text = text;
        _clauses = clauses;
    }

    /// <summary>The clauses as written, without blanks and brackets; empty where every version is taken.</summary>
    public string Text { get; }

    public static VersionRange Parse(string text)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).Trim('(', ')');
        var clauses = new List<(string, ReleaseVersion, bool)>();
        foreach (var clause in plain.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Operators.FirstOrDefault(o => clause.StartsWith(o, StringComparison.Ordinal)) is not { } op)
                continue;
            var prefix = clause.EndsWith(".*", StringComparison.Ordinal);
            if (ReleaseVersion.Parse(prefix ? clause[op.Length..^2] : clause[op.Length..]) is { } version)
                clauses.Add((op, version, prefix));
        }

        return new VersionRange(plain, [.. clauses]);
    }

    /// <summary>True where the version is taken. An installed pre-release counts as any other: it is there.</summary>
    public bool Takes(ReleaseVersion version) => _clauses.All(c => Takes(version, c.Operator, c.Version, c.Prefix));

    private static bool Takes(ReleaseVersion version, string op, ReleaseVersion bound, bool prefix) => op switch
    {
        "==" or "===" => Equal(version, bound, prefix),
        "!=" => !Equal(version, bound, prefix),
        "~=" => version.CompareTo(bound) >= 0 && version.StartsWith(bound, Math.Max(bound.Parts - 1, 1)),
        ">=" => version.CompareTo(bound) >= 0,
        "<=" => version.CompareTo(bound) <= 0,
        ">" => version.CompareTo(bound) > 0,
        _ => version.CompareTo(bound) < 0 && !(version.IsPrerelease && !bound.IsPrerelease && version.StartsWith(bound, bound.Parts)),
    };

    private static bool Equal(ReleaseVersion version, ReleaseVersion bound, bool prefix) =>
        prefix ? version.StartsWith(bound, bound.Parts) : version.CompareTo(bound) == 0 && (bound.Label is null || bound.Label == version.Label);
}
