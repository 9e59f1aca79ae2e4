using System.Text.RegularExpressions;

namespace CudaCompat.Environments.Requirements;

/// <summary>Evaluates environment markers (PEP 508): python_version &lt; "3.13" and platform_system == "Linux" and extra == "cublas".</summary>
internal static partial class Marker
{
    /// <summary>True where the marker holds; a marker that cannot be read does not.</summary>
    /// <param name="marker">The text behind the semicolon; null holds everywhere.</param>
    /// <param name="variables">The environment's values by name.</param>
    /// <param name="extras">The extras asked for; empty for none.</param>
    public static bool Holds(string? marker, IReadOnlyDictionary<string, string> variables, IReadOnlyCollection<string> extras)
    {
        if (marker is not { Length: > 0 and <= 4096 })
            return marker is null or "";
        var tokens = Token().Matches(marker).Select(m => m.Value).ToArray();
        return extras.Count == 0 ? Holds(tokens, variables, "") : extras.Any(e => Holds(tokens, variables, e)) || Holds(tokens, variables, "");
    }

    private static bool Holds(string[] tokens, IReadOnlyDictionary<string, string> variables, string extra)
    {
        var at = 0;
        var result = Or();
        return result && at == tokens.Length;

        bool Or()
        {
            var value = And();
            while (Next("or"))
                value = And() || value;
            return value;
        }

        bool And()
        {
            var value = Term();
            while (Next("and"))
                value = Term() && value;
            return value;
        }

        bool Term()
        {
            if (Next("("))
            {
                var inner = Or();
                return Next(")") && inner;
            }

            if (at + 2 >= tokens.Length)
            {
                at = tokens.Length + 1;
                return false;
            }

            var (left, op) = (tokens[at++], tokens[at++]);
            if (op == "not" && Next("in"))
                op = "not in";
            if (at >= tokens.Length)
                return false;
            return Compare(left, op, tokens[at++]);
        }

        bool Next(string word)
        {
            if (at >= tokens.Length || tokens[at] != word)
                return false;
            at++;
            return true;
        }

        bool Compare(string left, string op, string right)
        {
            var isExtra = left == "extra" || right == "extra";
            var (one, other) = (Value(left), Value(right));
            if (isExtra)
                (one, other) = (Requirement.KeyOf(one), Requirement.KeyOf(other));
            if (op is "in" or "not in")
                return other.Contains(one, StringComparison.Ordinal) == (op == "in");
            if (!isExtra && ReleaseVersion.Parse(one) is { } version && ReleaseVersion.Parse(other.TrimEnd('*').TrimEnd('.')) is not null)
                return VersionRange.Parse(op + other).Takes(version);
            return op switch
            {
                "==" or "===" => one == other,
                "!=" => one != other,
                "<" => string.CompareOrdinal(one, other) < 0,
                ">" => string.CompareOrdinal(one, other) > 0,
                "<=" => string.CompareOrdinal(one, other) <= 0,
                ">=" => string.CompareOrdinal(one, other) >= 0,
                _ => false,
            };
        }

        string Value(string token) => token[0] is '"' or '\'' ? token[1..^1] : token == "extra" ? extra : variables.GetValueOrDefault(token, "");
    }

    [GeneratedRegex("""
        "[^"]*"|'[^']*'|===|[<>!=~]=|[<>()]|[A-Za-z_.][A-Za-z0-9_.]*
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
